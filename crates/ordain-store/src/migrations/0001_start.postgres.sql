-- Words that statements share with SQLite.
CREATE FUNCTION instr(text, text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'SELECT strpos($1, $2)::bigint';
CREATE FUNCTION json_extract(text, text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'SELECT $1::jsonb #>> string_to_array(substr($2, 3), ''.'')';

-- Which node wrote last: whoever else takes its turn has to look again at what it knows by heart.
CREATE TABLE writing_node (
    id INTEGER PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    node BLOB NOT NULL
) STRICT;

CREATE TABLE org (
    org_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL
) STRICT;

-- The last number given out for a day; one row per kind of number, so it never grows.
CREATE TABLE counter (
    org_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    day TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (org_id, name)
) STRICT, WITHOUT ROWID;

-- row_id is the order in which orders came; words are what an order is found by.
CREATE TABLE orders (
    row_id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    org_id INTEGER NOT NULL,
    id BLOB NOT NULL,
    number TEXT NOT NULL,
    revision INTEGER NOT NULL,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    flags TEXT NOT NULL,
    stage TEXT NOT NULL,
    channel TEXT NOT NULL,
    customer TEXT,
    customer_name TEXT,
    customer_po TEXT,
    currency TEXT,
    total_minor INTEGER,
    requested_date TEXT,
    receiver TEXT,
    waiting_department TEXT,
    waiting_node TEXT,
    waiting_who TEXT,
    waiting_since_ms INTEGER,
    due_at_ms INTEGER,
    created_at_ms INTEGER NOT NULL,
    submitted_at_ms INTEGER,
    confirmed_at_ms INTEGER,
    updated_at_ms INTEGER NOT NULL,
    head BLOB NOT NULL,
    search TEXT NOT NULL,
    body TEXT NOT NULL,
    words TSVECTOR NOT NULL,
    UNIQUE (org_id, id)
) STRICT;
CREATE INDEX order_by_words ON orders USING gin (words);
CREATE UNIQUE INDEX order_by_number ON orders (org_id, number);
CREATE INDEX order_by_creation ON orders (org_id, created_at_ms, id);
CREATE INDEX order_by_channel ON orders (org_id, channel, created_at_ms, id);
CREATE INDEX order_by_status ON orders (org_id, status, created_at_ms, id);
-- Serves the look-up of duplicates and, small enough per customer to be sorted, a customer's list.
CREATE INDEX order_by_customer ON orders (org_id, customer, customer_po, created_at_ms, id)
    WHERE customer IS NOT NULL;
-- Partial: an order that passes straight through never enters these.
CREATE INDEX order_by_waiting ON orders (org_id, waiting_department, created_at_ms, id)
    WHERE waiting_department IS NOT NULL;
CREATE INDEX order_by_receiver ON orders (org_id, receiver, created_at_ms, id)
    WHERE receiver IS NOT NULL;
CREATE INDEX order_by_due ON orders (org_id, due_at_ms) WHERE due_at_ms IS NOT NULL;
CREATE INDEX order_by_flag ON orders (org_id, created_at_ms, id) WHERE flags <> '';

CREATE TABLE order_count (
    org_id INTEGER NOT NULL,
    status TEXT NOT NULL,
    stage TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (org_id, status, stage)
) STRICT, WITHOUT ROWID;

CREATE TABLE log (
    org_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    subject TEXT NOT NULL,
    subject_seq INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    command TEXT NOT NULL,
    reason TEXT,
    order_id BLOB,
    events TEXT NOT NULL,
    hash BLOB NOT NULL,
    prev BLOB NOT NULL,
    UNIQUE (org_id, seq)
) STRICT;
CREATE UNIQUE INDEX log_by_order ON log (org_id, order_id, subject_seq);
-- Holds the command, so that a search for a rare one need not fetch every row.
CREATE INDEX log_by_time ON log (org_id, at_ms, seq, command);

CREATE TABLE seal (
    org_id INTEGER NOT NULL,
    n INTEGER NOT NULL,
    from_seq INTEGER NOT NULL,
    to_seq INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    root BLOB NOT NULL,
    prev_root BLOB NOT NULL,
    signature BLOB NOT NULL,
    public_key BLOB NOT NULL,
    PRIMARY KEY (org_id, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE task (
    org_id INTEGER NOT NULL,
    id BLOB NOT NULL,
    order_id BLOB NOT NULL,
    node TEXT NOT NULL,
    visit INTEGER NOT NULL,
    department TEXT,
    role TEXT,
    assignee BLOB,
    claimed_by BLOB,
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'closed')),
    opened_at_ms INTEGER NOT NULL,
    due_at_ms INTEGER,
    decided_at_ms INTEGER,
    decided_by BLOB,
    decision TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (org_id, id)
) STRICT;
CREATE INDEX task_by_order ON task (org_id, order_id);
CREATE INDEX task_by_department ON task (org_id, department, due_at_ms) WHERE state = 'open';
CREATE INDEX task_by_assignee ON task (org_id, assignee) WHERE state = 'open' AND assignee IS NOT NULL;
CREATE INDEX task_by_claim ON task (org_id, claimed_by) WHERE state = 'open' AND claimed_by IS NOT NULL;
CREATE INDEX task_by_decider ON task (org_id, decided_by, decided_at_ms, id) WHERE decided_by IS NOT NULL;

CREATE TABLE timer (
    org_id INTEGER NOT NULL,
    id BLOB NOT NULL,
    order_id BLOB,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    due_at_ms INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org_id, id)
) STRICT, WITHOUT ROWID;
-- Null is unequal to null in a unique index, yet a company's timer exists once too.
CREATE UNIQUE INDEX timer_by_key ON timer (org_id, coalesce(order_id, x''), kind, key);
CREATE INDEX timer_by_due ON timer (due_at_ms);

-- seq is the order in which messages were written: ids follow the clock, and clocks go back.
CREATE TABLE outbox (
    seq INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    org_id INTEGER NOT NULL,
    id BLOB NOT NULL,
    order_id BLOB,
    channel TEXT NOT NULL,
    message TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'failed')),
    attempts INTEGER NOT NULL,
    next_at_ms INTEGER NOT NULL,
    lease_until_ms INTEGER NOT NULL,
    lease_token INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    sent_at_ms INTEGER,
    last_error TEXT,
    UNIQUE (org_id, id)
) STRICT;
CREATE INDEX outbox_by_order ON outbox (org_id, order_id, channel, seq) WHERE order_id IS NOT NULL;
CREATE INDEX outbox_by_due ON outbox (next_at_ms) WHERE state = 'queued';

CREATE TABLE stock (
    org_id INTEGER NOT NULL,
    product TEXT NOT NULL,
    warehouse TEXT NOT NULL,
    on_hand_milli INTEGER NOT NULL,
    reserved_milli INTEGER NOT NULL CHECK (reserved_milli >= 0),
    frozen_milli INTEGER NOT NULL,
    safety_milli INTEGER NOT NULL,
    as_of_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    PRIMARY KEY (org_id, product, warehouse)
) STRICT, WITHOUT ROWID;

CREATE TABLE reservation (
    org_id INTEGER NOT NULL,
    order_id BLOB NOT NULL,
    line INTEGER NOT NULL,
    product TEXT NOT NULL,
    warehouse TEXT NOT NULL,
    qty_milli INTEGER NOT NULL CHECK (qty_milli > 0),
    kind TEXT NOT NULL CHECK (kind IN ('soft', 'hard')),
    PRIMARY KEY (org_id, order_id, line, product, warehouse)
) STRICT, WITHOUT ROWID;

CREATE TABLE short_line (
    org_id INTEGER NOT NULL,
    product TEXT NOT NULL,
    order_id BLOB NOT NULL,
    PRIMARY KEY (org_id, product, order_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX short_line_by_order ON short_line (org_id, order_id);

CREATE TABLE unmatched (
    org_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('customer', 'product')),
    code TEXT NOT NULL,
    order_id BLOB NOT NULL,
    PRIMARY KEY (org_id, kind, code, order_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX unmatched_by_order ON unmatched (org_id, order_id);

CREATE TABLE customer (
    org_id INTEGER NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    level TEXT,
    credit_limit_minor INTEGER,
    currency TEXT NOT NULL,
    payment_terms TEXT NOT NULL,
    body TEXT NOT NULL,
    version INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    PRIMARY KEY (org_id, code)
) STRICT;

-- Apart from the customer: it changes with every order, and a hundred of these fit on a page.
CREATE TABLE exposure (
    org_id INTEGER NOT NULL,
    code TEXT NOT NULL,
    exposure_minor INTEGER NOT NULL,
    PRIMARY KEY (org_id, code),
    FOREIGN KEY (org_id, code) REFERENCES customer (org_id, code)
) STRICT, WITHOUT ROWID;

CREATE VIEW customer_now AS
    SELECT c.org_id, c.code, c.name, c.level, c.credit_limit_minor, e.exposure_minor,
           c.currency, c.payment_terms, c.body, c.version, c.updated_at_ms
    FROM customer c JOIN exposure e ON e.org_id = c.org_id AND e.code = c.code;

CREATE TABLE product (
    org_id INTEGER NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    tax_rate_e4 INTEGER,
    list_price_e4 INTEGER,
    body TEXT NOT NULL,
    version INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    PRIMARY KEY (org_id, code)
) STRICT;

CREATE TABLE price (
    org_id INTEGER NOT NULL,
    product TEXT NOT NULL,
    customer TEXT NOT NULL,
    min_qty_milli INTEGER NOT NULL,
    price_e4 INTEGER NOT NULL,
    PRIMARY KEY (org_id, product, customer, min_qty_milli)
) STRICT, WITHOUT ROWID;

CREATE TABLE warehouse (
    org_id INTEGER NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    rank INTEGER NOT NULL,
    PRIMARY KEY (org_id, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE department (
    org_id INTEGER NOT NULL,
    code TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    PRIMARY KEY (org_id, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    org_id INTEGER NOT NULL,
    id BLOB NOT NULL,
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    department TEXT,
    roles TEXT NOT NULL,
    email TEXT,
    password_hash TEXT,
    disabled INTEGER NOT NULL,
    lang TEXT NOT NULL,
    version INTEGER NOT NULL,
    failed_logins INTEGER NOT NULL,
    locked_until_ms INTEGER,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, login)
) STRICT;

CREATE TABLE token (
    org_id INTEGER NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    created_at_ms INTEGER NOT NULL,
    revoked INTEGER NOT NULL,
    PRIMARY KEY (org_id, id)
) STRICT;

CREATE TABLE session (
    org_id INTEGER NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    user_id BLOB NOT NULL,
    csrf TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    PRIMARY KEY (org_id, hash)
) STRICT;
CREATE INDEX session_by_user ON session (org_id, user_id);

CREATE TABLE flow (
    org_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'history')),
    doc TEXT NOT NULL,
    published_at_ms INTEGER NOT NULL,
    published_by TEXT NOT NULL,
    PRIMARY KEY (org_id, key, version)
) STRICT;
CREATE UNIQUE INDEX flow_active ON flow (org_id, key) WHERE state = 'active';

CREATE TABLE receipt (
    org_id INTEGER NOT NULL,
    caller TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (org_id, caller, key)
) STRICT;
-- The rows lie in the order of time: an index of their stretches costs next to nothing.
CREATE INDEX receipt_by_time ON receipt USING brin (at_ms);

CREATE TABLE notice (
    org_id INTEGER NOT NULL,
    id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    order_id BLOB,
    task_id BLOB,
    body TEXT NOT NULL,
    read INTEGER NOT NULL,
    PRIMARY KEY (org_id, user_id, id)
) STRICT;
CREATE INDEX notice_unread ON notice (org_id, user_id) WHERE read = 0;

CREATE TABLE intake (
    org_id INTEGER NOT NULL,
    id BLOB NOT NULL,
    at_ms INTEGER NOT NULL,
    door TEXT NOT NULL,
    hash BLOB NOT NULL,
    size INTEGER NOT NULL,
    code TEXT NOT NULL,
    detail TEXT NOT NULL,
    head BLOB NOT NULL CHECK (length(head) <= 65536),
    PRIMARY KEY (org_id, id)
) STRICT;
CREATE INDEX intake_by_time ON intake USING brin (at_ms);

CREATE TABLE setting (
    org_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (org_id, key)
) STRICT;
