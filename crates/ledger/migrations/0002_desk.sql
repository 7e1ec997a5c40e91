-- The desk: accounts, sessions, requests under way, tasks. What is personal lies encrypted under the key of its person and is lost with it.

CREATE TABLE account (
    id          TEXT NOT NULL PRIMARY KEY,
    login       TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    role        TEXT NOT NULL,
    password    TEXT NOT NULL,
    must_change BIGINT NOT NULL,
    locked      BIGINT NOT NULL,
    disabled    BIGINT NOT NULL,
    created     BIGINT NOT NULL,
    used        BIGINT NOT NULL,
    keyring     TEXT NOT NULL,
    totp        BYTEA,
    totp_step   BIGINT NOT NULL
);

CREATE TABLE log_in_failure (
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    time    BIGINT NOT NULL
);
CREATE INDEX log_in_failure_by_account ON log_in_failure (account, time);

-- Tokens are kept as SHA-256 only.
CREATE TABLE session (
    id      TEXT NOT NULL PRIMARY KEY,
    token   BYTEA NOT NULL UNIQUE,
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created BIGINT NOT NULL,
    seen    BIGINT NOT NULL
);

CREATE TABLE api_token (
    id      TEXT NOT NULL PRIMARY KEY,
    token   BYTEA NOT NULL UNIQUE,
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    label   TEXT NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE idempotency (
    account TEXT NOT NULL,
    name    TEXT NOT NULL,
    digest  TEXT NOT NULL,
    status  BIGINT NOT NULL,
    body    TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (account, name)
);

-- A request as the inbox shows it; nothing here is personal.
CREATE TABLE request (
    id            TEXT NOT NULL PRIMARY KEY,
    person        TEXT REFERENCES person (id) ON DELETE SET NULL,
    status        TEXT NOT NULL,
    created       BIGINT NOT NULL,
    created_by    TEXT NOT NULL,
    received      TEXT NOT NULL,
    changed       BIGINT NOT NULL,
    actions       TEXT NOT NULL,
    outcomes      TEXT NOT NULL,
    determination BIGINT,
    disposition   BIGINT,
    decided_by    TEXT
);
CREATE INDEX request_by_status ON request (status, created);

-- What was entered so far.
CREATE TABLE draft (
    request TEXT NOT NULL PRIMARY KEY REFERENCES request (id) ON DELETE CASCADE,
    person  TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    sealed  BYTEA NOT NULL
);

-- By what a request is found: keyed hashes of file numbers and names.
CREATE TABLE lookup (
    request TEXT NOT NULL REFERENCES request (id) ON DELETE CASCADE,
    person  TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    word    BYTEA NOT NULL,
    PRIMARY KEY (word, request)
);

CREATE TABLE task (
    id       TEXT NOT NULL PRIMARY KEY,
    request  TEXT REFERENCES request (id) ON DELETE CASCADE,
    kind     TEXT NOT NULL,
    source   TEXT NOT NULL,
    title    TEXT NOT NULL,
    cite     TEXT NOT NULL,
    due      BIGINT,
    due_says TEXT NOT NULL,
    status   TEXT NOT NULL,
    created  BIGINT NOT NULL,
    done     BIGINT,
    done_by  TEXT,
    entry    BIGINT,
    UNIQUE (request, source)
);
CREATE INDEX task_by_status ON task (status, due);

-- Events of the law that were looked at, and small settings.
CREATE TABLE law_event (
    id      TEXT NOT NULL PRIMARY KEY,
    seen    BIGINT NOT NULL
);

CREATE TABLE setting (
    name    TEXT NOT NULL PRIMARY KEY,
    value   TEXT NOT NULL
);
