//! Audit of what others published or did: claims in tables, detainer releases, access logs, each row under the law of its day.

pub mod claims;
pub mod detainers;
mod inert;
pub mod logs;
pub mod parquet_file;
pub mod table;

pub use inert::inert;
