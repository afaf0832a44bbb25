//! People, their memberships and sessions, the brake on guessing passwords, and what they typed and did not yet send.
//!
//! A session's key is the SHA-256 of its token, so reading the table lets nobody in. Addresses are lower case.

crate::portable::migration! {
    tables: ["users", "memberships", "sessions", "sign_in_throttle", "form_drafts", "idempotency"],
    up: "
CREATE TABLE users (
    id UUID NOT NULL PRIMARY KEY,
    email text NOT NULL UNIQUE,
    name text NOT NULL,
    password_hash text NOT NULL,
    disabled_at INSTANT,
    created_at INSTANT NOT NULL
);
CREATE TABLE memberships (
    user_id UUID NOT NULL REFERENCES users (id),
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    seller_role text CHECK (seller_role IN ('sales', 'finance', 'admin')),
    buyer_role text CHECK (buyer_role IN ('viewer', 'payer', 'admin')),
    created_at INSTANT NOT NULL,
    PRIMARY KEY (user_id, tenant_id),
    CHECK (seller_role IS NOT NULL OR buyer_role IS NOT NULL)
);
CREATE INDEX memberships_tenant ON memberships (tenant_id);
CREATE TABLE sessions (
    token_hash char(64) NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    created_at INSTANT NOT NULL,
    seen_at INSTANT NOT NULL,
    expires_at INSTANT NOT NULL,
    user_agent text,
    address text,
    FOREIGN KEY (user_id, tenant_id) REFERENCES memberships (user_id, tenant_id) ON DELETE CASCADE
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_tenant ON sessions (tenant_id);
CREATE INDEX sessions_expires ON sessions (expires_at);
CREATE TABLE sign_in_throttle (
    key text NOT NULL PRIMARY KEY,
    tries integer NOT NULL CHECK (tries >= 0),
    tried_at INSTANT NOT NULL,
    until INSTANT NOT NULL
);
CREATE INDEX sign_in_throttle_tried ON sign_in_throttle (tried_at);
CREATE TABLE form_drafts (
    id UUID NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    kind text NOT NULL,
    content JSON NOT NULL,
    created_at INSTANT NOT NULL,
    expires_at INSTANT NOT NULL
);
CREATE INDEX form_drafts_expires ON form_drafts (expires_at);
CREATE TABLE idempotency (
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    user_id UUID NOT NULL REFERENCES users (id),
    key text NOT NULL,
    fingerprint text NOT NULL,
    status integer,
    body JSON,
    created_at INSTANT NOT NULL,
    expires_at INSTANT NOT NULL,
    PRIMARY KEY (tenant_id, user_id, key)
);
CREATE INDEX idempotency_expires ON idempotency (expires_at);
"
}
