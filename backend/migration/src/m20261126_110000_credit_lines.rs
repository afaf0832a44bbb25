//! A line of a credit note says which line of the invoice it credits, so that no line is credited twice (V12). Older ones
//! do not say it: they count by tax group and in total.

crate::portable::migration! {
    tables: [],
    columns: ["credit_note_lines" "invoice_position"],
    up: "
ALTER TABLE credit_note_lines ADD COLUMN invoice_position integer
"
}
