//! The same answers over columns: many cases of one place and law at once, bit-parallel, with the deciding norm of each row.
