//! Files of banks and their entries, and what finds invoices by a number as others write it.
//!
//! An entry is known by its fingerprint in every file of the seller. It is recorded as one payment at most.

use crate::walls::Wall;

crate::portable::migration! {
    tables: ["bank_files", "bank_entries"],
    columns: [],
    walls: [Wall::sellers_own("bank_files"), Wall::sellers_own("bank_entries")],
    up: "
CREATE TABLE bank_files (
    seller_id UUID NOT NULL REFERENCES tenants (id),
    id UUID NOT NULL,
    state text NOT NULL CHECK (state IN ('columns', 'read')),
    name text NOT NULL,
    format text NOT NULL,
    sha256 text NOT NULL,
    heading text,
    staged JSON,
    columns JSON,
    entry_count bigint NOT NULL DEFAULT 0 CHECK (entry_count >= 0),
    known_count bigint NOT NULL DEFAULT 0 CHECK (known_count >= 0),
    created_by UUID REFERENCES users (id),
    created_by_name text NOT NULL,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (seller_id, id)
);
CREATE INDEX bank_files_list ON bank_files (seller_id, created_at, id);
CREATE INDEX bank_files_heading ON bank_files (seller_id, heading) WHERE heading IS NOT NULL;
CREATE TABLE bank_entries (
    seller_id UUID NOT NULL,
    id UUID NOT NULL,
    file_id UUID NOT NULL,
    line bigint NOT NULL,
    fingerprint text NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'recorded', 'aside', 'not_in')),
    kind text NOT NULL CHECK (kind IN ('in', 'out', 'reversal', 'pending')),
    reason text,
    payment_id UUID,
    account text,
    booked_on DAY NOT NULL,
    value_on DAY,
    currency char(3) NOT NULL,
    amount_minor bigint NOT NULL,
    payer_name text,
    payer_account text,
    bank_id text,
    content JSON NOT NULL,
    changed_by_name text,
    changed_at INSTANT,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (seller_id, id),
    FOREIGN KEY (seller_id, file_id) REFERENCES bank_files (seller_id, id),
    FOREIGN KEY (seller_id, payment_id) REFERENCES payments (seller_id, id),
    CONSTRAINT bank_entries_once UNIQUE (seller_id, fingerprint),
    CONSTRAINT bank_entries_payment UNIQUE (seller_id, payment_id),
    CONSTRAINT bank_entries_recorded CHECK ((state = 'recorded' AND payment_id IS NOT NULL) OR
        (state <> 'recorded' AND payment_id IS NULL)),
    CONSTRAINT bank_entries_money_in CHECK (state = 'not_in' OR (kind = 'in' AND amount_minor > 0))
);
CREATE INDEX bank_entries_file ON bank_entries (seller_id, file_id, booked_on, id);
CREATE INDEX bank_entries_waiting ON bank_entries (seller_id, booked_on, id) WHERE state = 'waiting';
CREATE INDEX bank_entries_payer ON bank_entries (seller_id, payer_account) WHERE payment_id IS NOT NULL;
CREATE INDEX invoices_plain_number ON invoices
    (seller_id, (replace(replace(replace(replace(replace(number_key, '-', ''), '/', ''), '.', ''), ' ', ''), '_', '')));
CREATE INDEX payments_amount ON payments (seller_id, account_id, amount_minor)
"
}
