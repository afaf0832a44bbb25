//! Second factors with their recovery codes, logins that wait for a code, what a tenant asks of logins, and changes of
//! an e-mail address that wait for their link.
//!
//! `second_factors.secret` is base32; a row without `confirmed_at` is a set-up that was not confirmed yet. `last_step` is
//! the last half minute whose code was taken: no code of it or before it is taken again. Recovery codes, tokens of
//! waiting logins and of links are kept as their SHA-256. `security_settings.second_factor` holds words of roles such as
//! `issued:admin` with blanks between them; a number that is not set is the portal's own.

use crate::walls::Wall;

crate::portable::migration! {
    tables: ["second_factors", "recovery_codes", "pending_sign_ins", "security_settings", "email_changes"],
    columns: [],
    walls: walls(),
    up: "
CREATE TABLE second_factors (
    user_id UUID NOT NULL PRIMARY KEY REFERENCES users (id),
    secret text NOT NULL,
    last_step bigint NOT NULL,
    created_at INSTANT NOT NULL,
    confirmed_at INSTANT
);
CREATE TABLE recovery_codes (
    user_id UUID NOT NULL REFERENCES users (id),
    code_hash char(64) NOT NULL,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (user_id, code_hash)
);
CREATE TABLE pending_sign_ins (
    token_hash char(64) NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    unchosen boolean NOT NULL,
    created_at INSTANT NOT NULL,
    expires_at INSTANT NOT NULL
);
CREATE INDEX pending_sign_ins_user ON pending_sign_ins (user_id);
CREATE INDEX pending_sign_ins_expires ON pending_sign_ins (expires_at);
CREATE TABLE security_settings (
    tenant_id UUID NOT NULL PRIMARY KEY REFERENCES tenants (id),
    second_factor text NOT NULL,
    office_idle_minutes integer CHECK (office_idle_minutes BETWEEN 5 AND 720),
    idle_minutes integer CHECK (idle_minutes BETWEEN 5 AND 720),
    absolute_hours integer CHECK (absolute_hours BETWEEN 1 AND 24),
    changed_at INSTANT NOT NULL
);
CREATE TABLE email_changes (
    token_hash char(64) NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    email text NOT NULL,
    created_at INSTANT NOT NULL,
    expires_at INSTANT NOT NULL
);
CREATE INDEX email_changes_user ON email_changes (user_id);
CREATE INDEX email_changes_expires ON email_changes (expires_at)
"
}

/// A person's own secrets are the machinery's, since a person may belong to several tenants.
fn walls() -> Vec<Wall> {
    let mut walls: Vec<Wall> = [
        "second_factors",
        "recovery_codes",
        "pending_sign_ins",
        "email_changes",
    ]
    .map(Wall::systems_own)
    .into();
    walls.push(Wall::tenants_own("security_settings"));
    walls
}
