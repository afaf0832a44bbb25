//! A credit note of a file may name several invoices: then it says by tax group what it credits of each, so that none is
//! credited beyond itself (V12). One that names a single invoice says so itself and has no parts.

use crate::walls::Wall;

crate::portable::migration! {
    tables: ["credit_note_parts"],
    columns: [],
    walls: [Wall::part_of("credit_note_parts", "credit_note_id", "credit_notes")],
    up: "
CREATE TABLE credit_note_parts (
    seller_id UUID NOT NULL,
    credit_note_id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    category text NOT NULL,
    rate bigint NOT NULL CHECK (rate >= 0),
    base_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    rounding_minor bigint NOT NULL,
    PRIMARY KEY (seller_id, credit_note_id, invoice_id, category, rate),
    FOREIGN KEY (seller_id, credit_note_id) REFERENCES credit_notes (seller_id, id),
    FOREIGN KEY (seller_id, invoice_id) REFERENCES invoices (seller_id, id)
);
CREATE INDEX credit_note_parts_invoice ON credit_note_parts (seller_id, invoice_id)
"
}
