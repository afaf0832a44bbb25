//! Credit notes with lines and taxes. One names an invoice or credits the account (V36, D18).
//!
//! Applied, refunded and remaining parts always add up to the total, so account credit cannot go below zero (V38).

crate::portable::migration! {
    tables: ["credit_notes", "credit_note_lines", "credit_note_taxes"],
    up: "
CREATE TABLE credit_notes (
    seller_id UUID NOT NULL,
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    invoice_id UUID,
    stage text NOT NULL CHECK (stage IN ('issued', 'void')),
    number text NOT NULL,
    reason text NOT NULL,
    currency char(3) NOT NULL,
    issue_date DAY NOT NULL,
    lines_minor bigint NOT NULL,
    discount_minor bigint NOT NULL,
    charge_minor bigint NOT NULL,
    net_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    rounding_minor bigint NOT NULL,
    total_minor bigint NOT NULL CHECK (total_minor > 0),
    applied_minor bigint NOT NULL CHECK (applied_minor >= 0),
    refunded_minor bigint NOT NULL CHECK (refunded_minor >= 0),
    remaining_minor bigint NOT NULL CHECK (remaining_minor >= 0),
    import_id UUID,
    created_by UUID REFERENCES users (id),
    created_by_name text NOT NULL,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (seller_id, id),
    UNIQUE (seller_id, number),
    FOREIGN KEY (seller_id, account_id, buyer_id) REFERENCES accounts (seller_id, id, buyer_id),
    FOREIGN KEY (seller_id, invoice_id) REFERENCES invoices (seller_id, id),
    FOREIGN KEY (seller_id, import_id) REFERENCES imports (seller_id, id),
    CONSTRAINT credit_notes_net CHECK (net_minor = lines_minor - discount_minor + charge_minor),
    CONSTRAINT credit_notes_total CHECK (total_minor = net_minor + tax_minor + rounding_minor),
    CONSTRAINT credit_notes_parts CHECK (
        (stage = 'issued' AND applied_minor + refunded_minor + remaining_minor = total_minor)
        OR (stage = 'void' AND applied_minor = 0 AND refunded_minor = 0 AND remaining_minor = 0)
    )
);
CREATE INDEX credit_notes_account ON credit_notes (seller_id, account_id);
CREATE INDEX credit_notes_invoice ON credit_notes (seller_id, invoice_id);
CREATE INDEX credit_notes_buyer ON credit_notes (buyer_id, issue_date);
CREATE INDEX credit_notes_import ON credit_notes (seller_id, import_id) WHERE import_id IS NOT NULL;
CREATE TABLE credit_note_lines (
    seller_id UUID NOT NULL,
    credit_note_id UUID NOT NULL,
    position integer NOT NULL CHECK (position >= 1),
    item_code text,
    description text NOT NULL,
    quantity bigint NOT NULL,
    unit_price bigint NOT NULL,
    discount_minor bigint NOT NULL,
    net_minor bigint NOT NULL,
    tax_category text NOT NULL,
    tax_rate bigint NOT NULL CHECK (tax_rate >= 0),
    PRIMARY KEY (seller_id, credit_note_id, position),
    FOREIGN KEY (seller_id, credit_note_id) REFERENCES credit_notes (seller_id, id)
);
CREATE TABLE credit_note_taxes (
    seller_id UUID NOT NULL,
    credit_note_id UUID NOT NULL,
    category text NOT NULL,
    rate bigint NOT NULL CHECK (rate >= 0),
    base_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    reason text,
    PRIMARY KEY (seller_id, credit_note_id, category, rate),
    FOREIGN KEY (seller_id, credit_note_id) REFERENCES credit_notes (seller_id, id)
);
"
}
