//! Tenants that are made from pages: in groups that are switched on one after another, suspended, closed, with a logo;
//! and what a tenant lets the tier above see.
//!
//! A group belongs to who made its tenants. A logo is found by its tenant; `tenants.logo_hash` names it in addresses, so
//! that a browser may keep it. Grants are deleted when they are taken back; the audit keeps what was.

use crate::walls::{ME, Wall, in_any_area};

crate::portable::migration! {
    tables: ["tenant_groups", "invoice_grants", "tenant_logos"],
    columns: [
        "tenants" "state", "tenants" "state_reason", "tenants" "group_id", "tenants" "logo_hash",
    ],
    walls: walls(),
    up: "
CREATE TABLE tenant_groups (
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    id UUID NOT NULL,
    name text NOT NULL,
    opened_at INSTANT,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name)
);
CREATE TABLE invoice_grants (
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    id UUID NOT NULL,
    to_id UUID NOT NULL REFERENCES tenants (id),
    tenant_name text NOT NULL,
    to_name text NOT NULL,
    given_by text NOT NULL,
    given_at INSTANT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, to_id),
    CHECK (tenant_id <> to_id)
);
CREATE INDEX invoice_grants_to ON invoice_grants (to_id, tenant_id);
CREATE TABLE tenant_logos (
    tenant_id UUID NOT NULL PRIMARY KEY REFERENCES tenants (id),
    media_type text NOT NULL,
    picture BYTES NOT NULL,
    created_at INSTANT NOT NULL
);
ALTER TABLE tenants ADD COLUMN state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended', 'closed'));
ALTER TABLE tenants ADD COLUMN state_reason text;
ALTER TABLE tenants ADD COLUMN group_id UUID;
ALTER TABLE tenants ADD COLUMN logo_hash text;
CREATE INDEX accounts_by_search ON accounts (seller_id, buyer_search, buyer_id)
"
}

fn walls() -> [Wall; 3] {
    let own = format!("tenant_id = {ME}");
    let shared = format!("({own} OR to_id = {ME})");
    let with_me = format!(
        "({own} OR EXISTS (SELECT 1 FROM accounts mine WHERE mine.seller_id IN ({ME}, tenant_logos.tenant_id) \
         AND mine.buyer_id IN ({ME}, tenant_logos.tenant_id)))"
    );
    let own = || in_any_area(&own);
    [
        Wall::around("tenant_groups").and("ALL", own()),
        Wall::around("invoice_grants")
            .and("SELECT", in_any_area(&shared))
            .and("INSERT", own())
            .and("UPDATE", own())
            .and("DELETE", own()),
        Wall::around("tenant_logos")
            .and("SELECT", in_any_area(&with_me))
            .and("INSERT", own())
            .and("UPDATE", own())
            .and("DELETE", own()),
    ]
}
