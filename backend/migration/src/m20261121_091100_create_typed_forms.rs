//! What was typed into a form that failed, until the page that shows it again fetches it (D12). `owner_id` is the
//! person who typed it; nobody's before sign-in.

crate::portable::migration! {
    tables: ["typed_forms"],
    up: "
CREATE TABLE typed_forms (
    id_hash char(64) NOT NULL PRIMARY KEY,
    owner_id UUID REFERENCES users (id),
    content JSON NOT NULL,
    expires_at INSTANT NOT NULL
);
CREATE INDEX typed_forms_expires ON typed_forms (expires_at);
"
}
