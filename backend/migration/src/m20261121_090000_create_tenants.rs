//! Tenants, the tree they stand in, and its closure.
//!
//! `tenant_paths` has a row for every ancestor of every tenant, itself included at depth 0.

crate::portable::migration! {
    tables: ["tenants", "tenant_paths"],
    up: "
CREATE TABLE tenants (
    id UUID NOT NULL PRIMARY KEY,
    parent_id UUID REFERENCES tenants (id),
    kind text NOT NULL CHECK (kind IN ('distributor', 'partner', 'customer')),
    name text NOT NULL,
    external_id text,
    locale text NOT NULL,
    time_zone text NOT NULL,
    currency char(3) NOT NULL,
    accent text NOT NULL,
    support_phone text,
    billing_email text,
    street text NOT NULL,
    city text NOT NULL,
    postal_code text NOT NULL,
    country char(2) NOT NULL,
    tax_id text,
    created_at INSTANT NOT NULL,
    CHECK ((parent_id IS NULL) = (kind = 'distributor'))
);
CREATE INDEX tenants_parent ON tenants (parent_id);
CREATE TABLE tenant_paths (
    ancestor_id UUID NOT NULL REFERENCES tenants (id),
    descendant_id UUID NOT NULL REFERENCES tenants (id),
    depth integer NOT NULL CHECK (depth >= 0),
    PRIMARY KEY (ancestor_id, descendant_id)
);
CREATE INDEX tenant_paths_descendant ON tenant_paths (descendant_id, depth);
"
}
