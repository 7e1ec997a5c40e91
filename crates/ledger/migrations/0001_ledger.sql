-- The log and what lies beside it. Written once for both databases: BIGINT and BYTEA are read as INTEGER and BLOB for SQLite, whose tables are STRICT.

-- One row an entry. `body` is the canonical entry itself; the other columns repeat parts of it so that they can be searched, and are checked against it.
CREATE TABLE entry (
    idx     BIGINT NOT NULL PRIMARY KEY,
    time    BIGINT NOT NULL,
    kind    TEXT NOT NULL,
    subject TEXT,
    actor   TEXT NOT NULL,
    leaf    BYTEA NOT NULL,
    body    TEXT NOT NULL
);
CREATE INDEX entry_by_subject ON entry (subject, idx);
CREATE INDEX entry_by_kind ON entry (kind, idx);

-- Full tiles of the tree: 256 hashes each. What is not yet full is made from the rows below it.
CREATE TABLE tile (
    level   BIGINT NOT NULL,
    number  BIGINT NOT NULL,
    root    BYTEA NOT NULL,
    hashes  BYTEA NOT NULL,
    PRIMARY KEY (level, number)
);

-- The head of the tree after the last commit; one row.
CREATE TABLE head (
    id      BIGINT NOT NULL PRIMARY KEY,
    size    BIGINT NOT NULL,
    time    BIGINT NOT NULL,
    root    BYTEA NOT NULL
);

-- Signed heads, with the cosignatures of witnesses.
CREATE TABLE checkpoint (
    size    BIGINT NOT NULL PRIMARY KEY,
    note    TEXT NOT NULL
);

-- Pseudonyms of persons. Deleting one deletes its key and everything personal that refers to it.
CREATE TABLE person (
    id      TEXT NOT NULL PRIMARY KEY
);

-- The key of each person, wrapped by the master key. No backup of the log contains this table.
CREATE TABLE person_key (
    person  TEXT NOT NULL PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    wrapped BYTEA NOT NULL
);

-- The personal part of an entry, encrypted under the key of its person.
CREATE TABLE personal (
    idx     BIGINT NOT NULL PRIMARY KEY REFERENCES entry (idx),
    person  TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    sealed  BYTEA NOT NULL
);
CREATE INDEX personal_by_person ON personal (person, idx);

-- Work that a crash must not forget: after an expungement, `vacuum` until nothing of it is left in the files.
CREATE TABLE chore (
    name    TEXT NOT NULL PRIMARY KEY
);
