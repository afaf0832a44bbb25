//! Further addresses and tax identifiers of a tenant (T18). The main ones stay where they are, in `tenants`: those are what
//! documents print.

use crate::walls::Wall;

crate::portable::migration! {
    tables: ["tenant_addresses", "tenant_tax_ids"],
    columns: [],
    walls: ["tenant_addresses", "tenant_tax_ids"].map(Wall::tenants_own),
    up: "
CREATE TABLE tenant_addresses (
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    id UUID NOT NULL,
    kind text NOT NULL CHECK (kind IN ('registered', 'billing', 'delivery', 'other')),
    name text NOT NULL,
    street text NOT NULL,
    city text NOT NULL,
    postal_code text NOT NULL,
    country char(2) NOT NULL,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name)
);
CREATE TABLE tenant_tax_ids (
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    id UUID NOT NULL,
    scheme text NOT NULL CHECK (scheme IN ('vat', 'national', 'one_stop_shop', 'register')),
    country char(2) NOT NULL,
    number text NOT NULL,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, scheme, country, number)
)
"
}
