//! Signing in with one's company: each tenant's provider, who is linked to it, who is on the way there and back, and how a
//! session was begun.
//!
//! `sign_in_providers.secret` is sealed with a key of the operator's; `domains` are words with blanks between them. A person
//! has one link in a tenant, and a subject of an issuer is one person there; the same subject may be known to several
//! tenants, which say nothing of each other. Of a request on its way only hashes are kept: what it is answered with comes of
//! a secret that the browser alone holds.

use crate::walls::Wall;

crate::portable::migration! {
    tables: ["sign_in_providers", "sign_in_links", "sign_in_requests"],
    columns: ["sessions" "method", "pending_sign_ins" "method"],
    walls: walls(),
    up: "
CREATE TABLE sign_in_providers (
    tenant_id UUID NOT NULL PRIMARY KEY REFERENCES tenants (id),
    issuer text NOT NULL,
    client_id text NOT NULL,
    secret text NOT NULL,
    domains text NOT NULL,
    required boolean NOT NULL,
    second_factor boolean NOT NULL,
    changed_at INSTANT NOT NULL
);
CREATE TABLE sign_in_links (
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    issuer KEYTEXT NOT NULL,
    subject KEYTEXT NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id),
    linked_at INSTANT NOT NULL,
    PRIMARY KEY (tenant_id, issuer, subject),
    UNIQUE (tenant_id, user_id)
);
CREATE INDEX sign_in_links_user ON sign_in_links (user_id);
CREATE TABLE sign_in_requests (
    state_hash char(64) NOT NULL PRIMARY KEY,
    browser_hash char(64) NOT NULL,
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    issuer text NOT NULL,
    client_id text NOT NULL,
    next text,
    created_at INSTANT NOT NULL,
    expires_at INSTANT NOT NULL
);
CREATE INDEX sign_in_requests_expires ON sign_in_requests (expires_at);
ALTER TABLE sessions ADD COLUMN method text NOT NULL DEFAULT 'password'
    CHECK (method IN ('password', 'company', 'company_strong'));
ALTER TABLE pending_sign_ins ADD COLUMN method text NOT NULL DEFAULT 'password'
    CHECK (method IN ('password', 'company', 'company_strong'))
"
}

/// Who is on the way is the machinery's: nobody is signed in yet.
fn walls() -> [Wall; 3] {
    [
        Wall::tenants_own("sign_in_providers"),
        Wall::tenants_own("sign_in_links"),
        Wall::systems_own("sign_in_requests"),
    ]
}
