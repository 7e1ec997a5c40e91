//! An append-only record that nobody can quietly alter: entries, proofs, erasures, receipts.
