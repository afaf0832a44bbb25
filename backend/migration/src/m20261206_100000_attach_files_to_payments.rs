//! A file beside a recorded payment, such as the picture of a check: one for each payment, kept apart from it so that lists
//! do not read it.

use crate::walls::Wall;

crate::portable::migration! {
    tables: ["payment_attachments"],
    columns: [],
    walls: [Wall::part_of("payment_attachments", "payment_id", "payments")],
    up: "
CREATE TABLE payment_attachments (
    seller_id UUID NOT NULL,
    payment_id UUID NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL CHECK (media_type IN ('application/pdf', 'image/png', 'image/jpeg')),
    byte_count bigint NOT NULL CHECK (byte_count > 0),
    sha256 text NOT NULL,
    content BYTES NOT NULL,
    created_by_name text NOT NULL,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (seller_id, payment_id),
    FOREIGN KEY (seller_id, payment_id) REFERENCES payments (seller_id, id)
)
"
}
