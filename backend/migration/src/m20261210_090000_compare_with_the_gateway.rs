//! What comparing with the payment gateway found, how far a comparison is, and which payments the gateway knows.
//!
//! A finding is known by what differs and the gateway's reference, so it is there once however often it is found.

use crate::walls::Wall;

crate::portable::migration! {
    tables: ["gateway_comparisons", "gateway_checks", "gateway_findings"],
    columns: [],
    walls: [
        Wall::sellers_own("gateway_comparisons"),
        Wall::sellers_own("gateway_checks"),
        Wall::sellers_own("gateway_findings"),
    ],
    up: "
CREATE TABLE gateway_comparisons (
    seller_id UUID NOT NULL REFERENCES tenants (id),
    started_at INSTANT NOT NULL,
    since INSTANT NOT NULL,
    after_charge text,
    looked_at bigint NOT NULL DEFAULT 0 CHECK (looked_at >= 0),
    is_running boolean NOT NULL,
    finished_at INSTANT,
    counted bigint NOT NULL DEFAULT 0 CHECK (counted >= 0),
    PRIMARY KEY (seller_id)
);
CREATE TABLE gateway_checks (
    seller_id UUID NOT NULL,
    payment_id UUID NOT NULL,
    checked_at INSTANT NOT NULL,
    PRIMARY KEY (seller_id, payment_id),
    FOREIGN KEY (seller_id, payment_id) REFERENCES payments (seller_id, id)
);
CREATE TABLE gateway_findings (
    seller_id UUID NOT NULL REFERENCES tenants (id),
    id UUID NOT NULL,
    kind text NOT NULL CHECK (kind IN ('unasked', 'refused', 'missing', 'amount', 'given_back')),
    state text NOT NULL CHECK (state IN ('open', 'gone', 'recorded', 'settled')),
    reference text NOT NULL,
    happened_at INSTANT NOT NULL,
    there_currency char(3),
    there_minor bigint,
    here_currency char(3),
    here_minor bigint,
    method text NOT NULL CHECK (method IN ('card', 'bank_debit')),
    brand text NOT NULL,
    last4 text NOT NULL,
    description text NOT NULL,
    account_id UUID,
    payment_id UUID,
    note text,
    found_at INSTANT NOT NULL,
    ended_at INSTANT,
    ended_by_name text,
    PRIMARY KEY (seller_id, id),
    FOREIGN KEY (seller_id, account_id) REFERENCES accounts (seller_id, id),
    FOREIGN KEY (seller_id, payment_id) REFERENCES payments (seller_id, id),
    CONSTRAINT gateway_findings_once UNIQUE (seller_id, kind, reference),
    CONSTRAINT gateway_findings_recorded CHECK (state <> 'recorded' OR payment_id IS NOT NULL),
    CONSTRAINT gateway_findings_ended CHECK ((state = 'open') = (ended_at IS NULL))
);
CREATE INDEX gateway_findings_list ON gateway_findings (seller_id, state, happened_at, id);
CREATE INDEX gateway_findings_reference ON gateway_findings (seller_id, reference);
CREATE INDEX accounts_gateway_customer ON accounts (gateway_customer) WHERE gateway_customer IS NOT NULL
"
}
