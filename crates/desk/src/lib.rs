//! The desk over HTTP: pages and API for clerks, supervisors, counsel and auditors.
