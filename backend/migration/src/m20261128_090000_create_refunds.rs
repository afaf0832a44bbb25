//! Money that goes back, and the inbox of what gateways tell.
//!
//! A refund of a payment lies beside it from the moment it is asked for, and one at a time is under way: while the gateway is
//! asked nothing else is done with the payment's money (V32). Its lines say which invoices the money was on. An event
//! of a gateway is kept as it came under the gateway's own id, so that the same one twice is one; `account` is the
//! gateway's account whose secret signed it.

use crate::walls::Wall;

crate::portable::migration! {
    tables: ["refunds", "refund_lines", "gateway_events"],
    columns: [],
    walls: walls(),
    up: "
CREATE TABLE refunds (
    seller_id UUID NOT NULL,
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    payment_id UUID,
    credit_note_id UUID,
    kind text NOT NULL CHECK (kind IN ('refund', 'reversal', 'chargeback')),
    way text NOT NULL CHECK (way IN ('gateway', 'by_hand')),
    follow text NOT NULL CHECK (follow IN ('reopen', 'credit')),
    state text NOT NULL CHECK (state IN ('submitted', 'pending', 'unknown', 'succeeded', 'failed', 'returned')),
    currency char(3) NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    reason text NOT NULL,
    gateway_id text,
    failure_code text,
    asked_on DAY NOT NULL,
    created_by UUID REFERENCES users (id),
    created_by_name text NOT NULL,
    created_at INSTANT NOT NULL,
    resolved_at INSTANT,
    lease_until INSTANT,
    PRIMARY KEY (seller_id, id),
    UNIQUE (seller_id, gateway_id),
    FOREIGN KEY (seller_id, account_id, buyer_id) REFERENCES accounts (seller_id, id, buyer_id),
    FOREIGN KEY (seller_id, payment_id) REFERENCES payments (seller_id, id),
    FOREIGN KEY (seller_id, credit_note_id) REFERENCES credit_notes (seller_id, id),
    CONSTRAINT refunds_one_source CHECK ((payment_id IS NULL) <> (credit_note_id IS NULL)),
    CHECK ((state IN ('succeeded', 'failed', 'returned')) = (resolved_at IS NOT NULL))
);
CREATE UNIQUE INDEX refunds_one_under_way ON refunds (seller_id, payment_id)
    WHERE payment_id IS NOT NULL AND state IN ('submitted', 'pending', 'unknown');
CREATE INDEX refunds_payment ON refunds (seller_id, payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX refunds_credit_note ON refunds (seller_id, credit_note_id) WHERE credit_note_id IS NOT NULL;
CREATE INDEX refunds_undecided ON refunds (created_at) WHERE state IN ('submitted', 'pending', 'unknown');
CREATE TABLE refund_lines (
    seller_id UUID NOT NULL,
    refund_id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    credit_note_id UUID,
    PRIMARY KEY (seller_id, refund_id, invoice_id),
    FOREIGN KEY (seller_id, refund_id) REFERENCES refunds (seller_id, id),
    FOREIGN KEY (seller_id, invoice_id) REFERENCES invoices (seller_id, id),
    FOREIGN KEY (seller_id, credit_note_id) REFERENCES credit_notes (seller_id, id)
);
CREATE INDEX refund_lines_invoice ON refund_lines (seller_id, invoice_id);
CREATE TABLE gateway_events (
    account KEYTEXT NOT NULL,
    id KEYTEXT NOT NULL,
    about text NOT NULL,
    object text NOT NULL,
    body text NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'done', 'ignored')),
    received_at INSTANT NOT NULL,
    done_at INSTANT,
    PRIMARY KEY (account, id)
);
CREATE INDEX gateway_events_done ON gateway_events (done_at);
CREATE INDEX payment_attempts_intent ON payment_attempts (gateway_intent) WHERE gateway_intent IS NOT NULL
"
}

/// What gateways tell belongs to no tenant until somebody has read whom it is about.
fn walls() -> [Wall; 3] {
    [
        Wall::papers("refunds"),
        Wall::part_of("refund_lines", "refund_id", "refunds"),
        Wall::systems_own("gateway_events"),
    ]
}
