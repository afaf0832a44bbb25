//! What a tenant makes of the built-in roles, invitations and password resets.
//!
//! A role is a built-in word with the tenant's changes to it, or one of the tenant's own with an id as its word, a name
//! and the built-in role that it began as. A membership names the built-in role in `seller_role` or `buyer_role`, and
//! the tenant's own in `seller_custom` or `buyer_custom`. Invitations and resets are found by the hash of what the mail
//! carries; `mails.secret` holds that until the mail is gone.

crate::portable::migration! {
    tables: ["roles", "invitations", "password_resets"],
    columns: [
        "memberships" "seller_custom", "memberships" "buyer_custom", "memberships" "state",
        "memberships" "signed_in_at", "mails" "secret",
    ],
    up: "
CREATE TABLE roles (
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    side text NOT NULL CHECK (side IN ('seller', 'buyer')),
    code text NOT NULL,
    base text NOT NULL,
    name text,
    changes text NOT NULL,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (tenant_id, side, code),
    CHECK ((name IS NULL) = (code = base))
);
ALTER TABLE memberships ADD COLUMN seller_custom text;
ALTER TABLE memberships ADD COLUMN buyer_custom text;
ALTER TABLE memberships ADD COLUMN state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'disabled', 'removed'));
ALTER TABLE memberships ADD COLUMN signed_in_at INSTANT;
CREATE TABLE invitations (
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    id UUID NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    seller_role text CHECK (seller_role IN ('sales', 'finance', 'admin')),
    buyer_role text CHECK (buyer_role IN ('viewer', 'payer', 'admin')),
    seller_custom text,
    buyer_custom text,
    token_hash char(64) NOT NULL UNIQUE,
    invited_by UUID NOT NULL REFERENCES users (id),
    inviter text NOT NULL,
    created_at INSTANT NOT NULL,
    sent_at INSTANT NOT NULL,
    expires_at INSTANT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, email),
    CHECK (seller_role IS NOT NULL OR buyer_role IS NOT NULL)
);
CREATE TABLE password_resets (
    token_hash char(64) NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    created_at INSTANT NOT NULL,
    expires_at INSTANT NOT NULL
);
CREATE INDEX password_resets_user ON password_resets (user_id);
CREATE INDEX password_resets_expires ON password_resets (expires_at);
ALTER TABLE mails ADD COLUMN secret text
"
}
