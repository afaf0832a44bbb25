//! Ways into the audit's list: by who acted, and by the tenant from which they did.

crate::portable::migration! {
    tables: [],
    up: "
CREATE INDEX audit_entries_actor ON audit_entries (tenant_id, actor_id, seq);
CREATE INDEX audit_entries_from ON audit_entries (tenant_id, actor_tenant_id, seq)
"
}
