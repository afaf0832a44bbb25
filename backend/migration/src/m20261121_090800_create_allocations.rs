//! Allocations: the only thing that joins money or credit to an invoice (V24).
//!
//! Append-only: taking one back is a second row with the opposite amount that names the first (V34), and no row is
//! taken back twice. A reversal cannot exceed its row, since `quittance check` compares the two.

crate::portable::migration! {
    tables: ["allocations"],
    up: "
CREATE TABLE allocations (
    seller_id UUID NOT NULL,
    id UUID NOT NULL,
    payment_id UUID,
    credit_note_id UUID,
    invoice_id UUID NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor <> 0),
    reversal_of UUID,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (seller_id, id),
    UNIQUE (seller_id, reversal_of),
    FOREIGN KEY (seller_id, payment_id) REFERENCES payments (seller_id, id),
    FOREIGN KEY (seller_id, credit_note_id) REFERENCES credit_notes (seller_id, id),
    FOREIGN KEY (seller_id, invoice_id) REFERENCES invoices (seller_id, id),
    FOREIGN KEY (seller_id, reversal_of) REFERENCES allocations (seller_id, id),
    CONSTRAINT allocations_one_source CHECK ((payment_id IS NULL) <> (credit_note_id IS NULL)),
    CONSTRAINT allocations_sign CHECK ((amount_minor < 0) = (reversal_of IS NOT NULL))
);
CREATE INDEX allocations_invoice ON allocations (seller_id, invoice_id);
CREATE INDEX allocations_payment ON allocations (seller_id, payment_id);
CREATE INDEX allocations_credit_note ON allocations (seller_id, credit_note_id);
"
}
