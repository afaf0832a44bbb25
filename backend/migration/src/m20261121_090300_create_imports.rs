//! Imports: the file's fate, its rows staged in batches, what is wrong with them, and saved column mappings (D19).
//!
//! Nodes keep no state, so a parsed file waits here; one transaction turns it into documents.

crate::portable::migration! {
    tables: ["imports", "import_rows", "import_issues", "import_mappings"],
    up: "
CREATE TABLE imports (
    seller_id UUID NOT NULL REFERENCES tenants (id),
    id UUID NOT NULL,
    state text NOT NULL CHECK (state IN ('staged', 'checked', 'publishing', 'published', 'failed', 'undone')),
    file_name text NOT NULL,
    format text NOT NULL,
    sha256 char(64) NOT NULL,
    byte_count bigint NOT NULL,
    row_count bigint NOT NULL DEFAULT 0,
    document_count bigint NOT NULL DEFAULT 0,
    error_count bigint NOT NULL DEFAULT 0,
    warning_count bigint NOT NULL DEFAULT 0,
    done bigint NOT NULL DEFAULT 0,
    total bigint NOT NULL DEFAULT 0,
    mapping JSON,
    summary JSON,
    failure text,
    created_by UUID REFERENCES users (id),
    created_by_name text NOT NULL,
    created_at INSTANT NOT NULL,
    checked_at INSTANT,
    published_at INSTANT,
    undone_at INSTANT,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (seller_id, id)
);
CREATE TABLE import_rows (
    seller_id UUID NOT NULL,
    import_id UUID NOT NULL,
    seq bigint NOT NULL,
    kind text NOT NULL,
    row_count bigint NOT NULL,
    content JSON NOT NULL,
    PRIMARY KEY (seller_id, import_id, seq),
    FOREIGN KEY (seller_id, import_id) REFERENCES imports (seller_id, id)
);
CREATE TABLE import_issues (
    seller_id UUID NOT NULL,
    import_id UUID NOT NULL,
    seq bigint NOT NULL,
    severity text NOT NULL CHECK (severity IN ('error', 'warning')),
    line bigint,
    field text,
    content JSON NOT NULL,
    PRIMARY KEY (seller_id, import_id, seq),
    FOREIGN KEY (seller_id, import_id) REFERENCES imports (seller_id, id)
);
CREATE TABLE import_mappings (
    seller_id UUID NOT NULL REFERENCES tenants (id),
    id UUID NOT NULL,
    name text NOT NULL,
    fingerprint text NOT NULL,
    content JSON NOT NULL,
    created_by UUID REFERENCES users (id),
    created_at INSTANT NOT NULL,
    used_at INSTANT NOT NULL,
    PRIMARY KEY (seller_id, id),
    UNIQUE (seller_id, name)
);
CREATE INDEX import_mappings_fingerprint ON import_mappings (seller_id, fingerprint);
"
}
