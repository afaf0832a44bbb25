//! What vendors billed a seller, by month, and what of that is which customer and which own product.
//!
//! A bill of a vendor and month has versions; the one without `replaced_at` is compared. A mapping holds from its month
//! until the next one of the same company or product, so rows are added and an old month is read as it was (V57).

use crate::walls::Wall;

crate::portable::migration! {
    tables: ["vendor_bills", "vendor_bill_lines", "company_mappings", "product_mappings"],
    columns: [],
    walls: [
        Wall::sellers_own("vendor_bills"),
        Wall::sellers_own("vendor_bill_lines"),
        Wall::sellers_own("company_mappings"),
        Wall::sellers_own("product_mappings"),
    ],
    up: "
CREATE TABLE vendor_bills (
    seller_id UUID NOT NULL REFERENCES tenants (id),
    id UUID NOT NULL,
    vendor text NOT NULL,
    vendor_key text NOT NULL,
    month DAY NOT NULL,
    version integer CHECK (version >= 1),
    replaced_at INSTANT,
    name text NOT NULL,
    sha256 text NOT NULL,
    heading text NOT NULL,
    staged JSON,
    columns JSON,
    line_count bigint NOT NULL DEFAULT 0 CHECK (line_count >= 0),
    created_by UUID REFERENCES users (id),
    created_by_name text NOT NULL,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (seller_id, id),
    CONSTRAINT vendor_bills_version UNIQUE (seller_id, vendor_key, month, version),
    CONSTRAINT vendor_bills_read CHECK ((version IS NULL) = (staged IS NOT NULL)),
    CONSTRAINT vendor_bills_replaced CHECK (replaced_at IS NULL OR version IS NOT NULL)
);
CREATE UNIQUE INDEX vendor_bills_current ON vendor_bills (seller_id, month, vendor_key)
    WHERE version IS NOT NULL AND replaced_at IS NULL;
CREATE INDEX vendor_bills_list ON vendor_bills (seller_id, created_at, id);
CREATE INDEX vendor_bills_heading ON vendor_bills (seller_id, heading);
CREATE TABLE vendor_bill_lines (
    seller_id UUID NOT NULL,
    bill_id UUID NOT NULL,
    line bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('recurring', 'proration', 'credit', 'one_time')),
    company text NOT NULL,
    company_id text,
    product text NOT NULL,
    sku text,
    subscription text,
    description text,
    quantity bigint NOT NULL,
    currency char(3) NOT NULL,
    cost_minor bigint NOT NULL,
    price_minor bigint,
    term text,
    cancelled boolean NOT NULL,
    starts_on DAY,
    ends_on DAY,
    PRIMARY KEY (seller_id, bill_id, line),
    FOREIGN KEY (seller_id, bill_id) REFERENCES vendor_bills (seller_id, id)
);
CREATE TABLE company_mappings (
    seller_id UUID NOT NULL REFERENCES tenants (id),
    vendor_key text NOT NULL,
    company_key text NOT NULL,
    from_month DAY NOT NULL,
    name text NOT NULL,
    account_id UUID,
    excluded boolean NOT NULL,
    changed_by_name text NOT NULL,
    changed_at INSTANT NOT NULL,
    PRIMARY KEY (seller_id, vendor_key, company_key, from_month),
    FOREIGN KEY (seller_id, account_id) REFERENCES accounts (seller_id, id)
);
CREATE TABLE product_mappings (
    seller_id UUID NOT NULL REFERENCES tenants (id),
    vendor_key text NOT NULL,
    product_key text NOT NULL,
    from_month DAY NOT NULL,
    name text NOT NULL,
    items JSON NOT NULL,
    excluded boolean NOT NULL,
    changed_by_name text NOT NULL,
    changed_at INSTANT NOT NULL,
    PRIMARY KEY (seller_id, vendor_key, product_key, from_month)
)
"
}
