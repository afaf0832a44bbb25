//! The queue of jobs and the outbox of mails: both are written in the transaction that causes them.
//!
//! A claim raises the job's token, so a worker that woke up late cannot finish a job that another one has. Of the jobs
//! with one `unique_key` only one waits or runs at a time.

crate::portable::migration! {
    tables: ["jobs", "mails"],
    up: "
CREATE TABLE jobs (
    id UUID NOT NULL PRIMARY KEY,
    tenant_id UUID REFERENCES tenants (id),
    kind text NOT NULL,
    payload JSON NOT NULL,
    unique_key text,
    state text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'dead')),
    run_at INSTANT NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    lease_until INSTANT,
    token bigint NOT NULL DEFAULT 0,
    last_error text,
    created_at INSTANT NOT NULL,
    finished_at INSTANT
);
CREATE INDEX jobs_waiting ON jobs (run_at, id) WHERE state = 'queued';
CREATE INDEX jobs_running ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_finished ON jobs (finished_at) WHERE state IN ('done', 'dead');
CREATE UNIQUE INDEX jobs_unique_key ON jobs (unique_key) WHERE state IN ('queued', 'running');
CREATE TABLE mails (
    seller_id UUID NOT NULL REFERENCES tenants (id),
    id UUID NOT NULL,
    buyer_id UUID REFERENCES tenants (id),
    kind text NOT NULL,
    about_id UUID,
    recipient text NOT NULL,
    reply_to text,
    from_name text NOT NULL,
    subject text NOT NULL,
    text text NOT NULL,
    html text,
    state text NOT NULL CHECK (state IN ('queued', 'sent', 'failed')),
    tries integer NOT NULL DEFAULT 0,
    message_id text NOT NULL UNIQUE,
    last_error text,
    created_at INSTANT NOT NULL,
    sent_at INSTANT,
    PRIMARY KEY (seller_id, id)
);
CREATE INDEX mails_seller ON mails (seller_id, created_at, id);
CREATE INDEX mails_buyer ON mails (buyer_id, created_at, id);
CREATE INDEX mails_about ON mails (seller_id, about_id);
"
}
