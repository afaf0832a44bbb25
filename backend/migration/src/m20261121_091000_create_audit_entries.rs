//! The audit: what was done to what, by whom, written in the same transaction (V51).
//!
//! `tenant_id` owns the thing that was changed and numbers its entries without gaps from `audit_heads`; for documents
//! it is the seller. The hash columns wait for the chain.

crate::portable::migration! {
    tables: ["audit_heads", "audit_entries"],
    up: "
CREATE TABLE audit_heads (
    tenant_id UUID NOT NULL PRIMARY KEY REFERENCES tenants (id),
    seq bigint NOT NULL CHECK (seq >= 0)
);
CREATE TABLE audit_entries (
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    seq bigint NOT NULL,
    id UUID NOT NULL UNIQUE,
    at INSTANT NOT NULL,
    actor_kind text NOT NULL CHECK (actor_kind IN ('user', 'operator', 'job', 'import', 'system')),
    actor_id UUID,
    actor_name text NOT NULL,
    actor_tenant_id UUID,
    action text NOT NULL,
    entity_kind text NOT NULL,
    entity_id UUID NOT NULL,
    before JSON,
    after JSON,
    reason text,
    request_id text,
    address text,
    prev_hash char(64),
    hash char(64),
    PRIMARY KEY (tenant_id, seq)
);
CREATE INDEX audit_entries_entity ON audit_entries (tenant_id, entity_kind, entity_id, seq);
"
}
