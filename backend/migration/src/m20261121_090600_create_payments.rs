//! Attempts to pay by card with what they reserve, and the payments that came of them or were recorded by hand.
//!
//! An attempt is written and committed before the gateway hears of it; its lines are what `reserved_minor` of the
//! invoices adds up from while it is undecided (V31). A payment's parts never exceed it (V24).

crate::portable::migration! {
    tables: ["payment_attempts", "attempt_lines", "payments"],
    up: "
CREATE TABLE payment_attempts (
    seller_id UUID NOT NULL,
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    state text NOT NULL CHECK (state IN ('submitted', 'needs_action', 'unknown', 'succeeded', 'failed')),
    form_key UUID NOT NULL,
    idempotency_key text NOT NULL UNIQUE,
    currency char(3) NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    gateway_customer text,
    gateway_intent text,
    gateway_method text,
    client_secret text,
    card_id UUID,
    brand text,
    last4 char(4),
    save_card boolean NOT NULL,
    make_default boolean NOT NULL,
    email_receipt boolean NOT NULL,
    failure_code text,
    created_by UUID REFERENCES users (id),
    created_by_name text NOT NULL,
    created_at INSTANT NOT NULL,
    submitted_at INSTANT NOT NULL,
    resolved_at INSTANT,
    lease_until INSTANT,
    lease_token bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (seller_id, id),
    UNIQUE (seller_id, gateway_intent),
    FOREIGN KEY (seller_id, account_id, buyer_id) REFERENCES accounts (seller_id, id, buyer_id),
    FOREIGN KEY (seller_id, card_id) REFERENCES cards (seller_id, id),
    CHECK ((state IN ('succeeded', 'failed')) = (resolved_at IS NOT NULL))
);
CREATE UNIQUE INDEX payment_attempts_id ON payment_attempts (id);
CREATE INDEX payment_attempts_form ON payment_attempts (form_key);
CREATE INDEX payment_attempts_account ON payment_attempts (seller_id, account_id);
CREATE INDEX payment_attempts_undecided ON payment_attempts (submitted_at)
    WHERE state IN ('submitted', 'needs_action', 'unknown');
CREATE TABLE attempt_lines (
    seller_id UUID NOT NULL,
    attempt_id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    seen_minor bigint NOT NULL,
    PRIMARY KEY (seller_id, attempt_id, invoice_id),
    FOREIGN KEY (seller_id, attempt_id) REFERENCES payment_attempts (seller_id, id),
    FOREIGN KEY (seller_id, invoice_id) REFERENCES invoices (seller_id, id)
);
CREATE INDEX attempt_lines_invoice ON attempt_lines (seller_id, invoice_id);
CREATE TABLE payments (
    seller_id UUID NOT NULL,
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    attempt_id UUID,
    method text NOT NULL CHECK (method IN ('card', 'offline', 'opening')),
    brand text,
    last4 char(4),
    currency char(3) NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    unapplied_minor bigint NOT NULL CHECK (unapplied_minor >= 0),
    refunded_minor bigint NOT NULL CHECK (refunded_minor >= 0),
    paid_on DAY NOT NULL,
    receipt_number text NOT NULL,
    reference text,
    memo text,
    mailed_to text,
    import_id UUID,
    created_by UUID REFERENCES users (id),
    created_by_name text NOT NULL,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (seller_id, id),
    UNIQUE (seller_id, receipt_number),
    UNIQUE (seller_id, reference),
    UNIQUE (seller_id, attempt_id),
    FOREIGN KEY (seller_id, account_id, buyer_id) REFERENCES accounts (seller_id, id, buyer_id),
    FOREIGN KEY (seller_id, attempt_id) REFERENCES payment_attempts (seller_id, id),
    FOREIGN KEY (seller_id, import_id) REFERENCES imports (seller_id, id),
    CONSTRAINT payments_parts CHECK (unapplied_minor + refunded_minor <= amount_minor),
    CHECK ((method = 'card') = (brand IS NOT NULL AND last4 IS NOT NULL))
);
CREATE UNIQUE INDEX payments_id ON payments (id);
CREATE INDEX payments_account ON payments (seller_id, account_id, paid_on);
CREATE INDEX payments_buyer ON payments (buyer_id, paid_on);
CREATE INDEX payments_import ON payments (seller_id, import_id) WHERE import_id IS NOT NULL;
"
}
