//! Seller and buyer as a credit note over an account printed them when it was issued. One over an invoice prints that
//! invoice's; of those that were there before, and of imported ones, nothing was kept.

crate::portable::migration! {
    tables: [],
    columns: ["credit_notes" "parties"],
    up: "ALTER TABLE credit_notes ADD COLUMN parties JSON"
}
