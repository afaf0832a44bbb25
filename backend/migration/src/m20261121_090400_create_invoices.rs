//! Invoices with their lines, taxes and parties, and the counters their numbers come from.
//!
//! What is open is kept, and tied by constraints to what it is made from (V9, V25) and to the stage (V14): a statement
//! that forgets one of them fails. `partly_paid` is a stage here, so that lists by status are ranges of an index.
//! The `_key` columns are what lists sort by and search in: lower case, never null.

crate::portable::migration! {
    tables: ["number_counters", "invoices", "invoice_lines", "invoice_taxes", "invoice_parties"],
    up: "
CREATE TABLE number_counters (
    seller_id UUID NOT NULL REFERENCES tenants (id),
    kind text NOT NULL,
    series text NOT NULL,
    last bigint NOT NULL CHECK (last >= 0),
    last_date DAY,
    PRIMARY KEY (seller_id, kind, series)
);
CREATE TABLE invoices (
    seller_id UUID NOT NULL,
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    stage text NOT NULL CHECK (stage IN ('draft', 'open', 'partly_paid', 'paid', 'void')),
    source text NOT NULL CHECK (source IN ('manual', 'order', 'import')),
    number text,
    order_id text,
    currency char(3) NOT NULL,
    issue_date DAY,
    due_date DAY NOT NULL,
    lines_minor bigint NOT NULL,
    discount_minor bigint NOT NULL,
    charge_minor bigint NOT NULL,
    net_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    rounding_minor bigint NOT NULL,
    total_minor bigint NOT NULL CHECK (total_minor >= 0),
    paid_minor bigint NOT NULL CHECK (paid_minor >= 0),
    credited_minor bigint NOT NULL CHECK (credited_minor >= 0),
    open_minor bigint NOT NULL CHECK (open_minor >= 0),
    reserved_minor bigint NOT NULL CHECK (reserved_minor >= 0),
    buyer_name text NOT NULL,
    buyer_external_id text,
    seller_name text NOT NULL,
    number_key KEYTEXT NOT NULL,
    order_key KEYTEXT NOT NULL,
    buyer_key KEYTEXT NOT NULL,
    seller_key KEYTEXT NOT NULL,
    issue_key DAY NOT NULL,
    note text,
    import_id UUID,
    version bigint NOT NULL DEFAULT 1,
    created_at INSTANT NOT NULL,
    voided_at INSTANT,
    PRIMARY KEY (seller_id, id),
    UNIQUE (seller_id, number),
    FOREIGN KEY (seller_id, account_id, buyer_id) REFERENCES accounts (seller_id, id, buyer_id),
    FOREIGN KEY (seller_id, import_id) REFERENCES imports (seller_id, id),
    CONSTRAINT invoices_net CHECK (net_minor = lines_minor - discount_minor + charge_minor),
    CONSTRAINT invoices_total CHECK (total_minor = net_minor + tax_minor + rounding_minor),
    CONSTRAINT invoices_open CHECK (
        open_minor = CASE WHEN stage = 'void' THEN 0 ELSE total_minor - paid_minor - credited_minor END
    ),
    CONSTRAINT invoices_reserved CHECK (reserved_minor <= open_minor),
    CONSTRAINT invoices_number CHECK ((stage = 'draft') = (number IS NULL)),
    CONSTRAINT invoices_issued CHECK ((stage = 'draft') = (issue_date IS NULL)),
    CONSTRAINT invoices_stage CHECK (
        (stage IN ('draft', 'void') AND paid_minor = 0 AND credited_minor = 0 AND reserved_minor = 0)
        OR (stage = 'open' AND open_minor > 0 AND open_minor = total_minor)
        OR (stage = 'partly_paid' AND open_minor > 0 AND open_minor < total_minor)
        OR (stage = 'paid' AND open_minor = 0)
    )
);
CREATE INDEX invoices_account ON invoices (seller_id, account_id);
CREATE INDEX invoices_import ON invoices (seller_id, import_id) WHERE import_id IS NOT NULL;
CREATE TABLE invoice_lines (
    seller_id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    position integer NOT NULL CHECK (position >= 1),
    item_code text,
    description text NOT NULL,
    quantity bigint NOT NULL,
    unit_price bigint NOT NULL,
    discount_minor bigint NOT NULL,
    net_minor bigint NOT NULL,
    tax_category text NOT NULL,
    tax_rate bigint NOT NULL CHECK (tax_rate >= 0),
    PRIMARY KEY (seller_id, invoice_id, position),
    FOREIGN KEY (seller_id, invoice_id) REFERENCES invoices (seller_id, id)
);
CREATE TABLE invoice_taxes (
    seller_id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    category text NOT NULL,
    rate bigint NOT NULL CHECK (rate >= 0),
    base_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    reason text,
    PRIMARY KEY (seller_id, invoice_id, category, rate),
    FOREIGN KEY (seller_id, invoice_id) REFERENCES invoices (seller_id, id)
);
CREATE TABLE invoice_parties (
    seller_id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    role text NOT NULL CHECK (role IN ('seller', 'buyer')),
    name text NOT NULL,
    street text NOT NULL,
    city text NOT NULL,
    postal_code text NOT NULL,
    country text NOT NULL,
    tax_id text,
    email text,
    PRIMARY KEY (seller_id, invoice_id, role),
    FOREIGN KEY (seller_id, invoice_id) REFERENCES invoices (seller_id, id)
);
"
}
