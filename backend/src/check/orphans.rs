//! Rows that point to a row which is not there.

use super::rules::Rule;

/// A child whose parent is gone, by the child's columns and the parent's.
macro_rules! orphan {
    ($child:literal, $id:literal, $parent:literal, $key:literal) => {
        Rule {
            check: concat!("orphan ", $child, ".", $key),
            rule: "D1",
            statement: concat!(
                "SELECT c.seller_id AS tenant, c.",
                $id,
                " AS id, 1 AS found, 0 AS wanted FROM ",
                $child,
                " c WHERE c.",
                $key,
                " IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ",
                $parent,
                " p WHERE p.seller_id = c.seller_id AND p.id = c.",
                $key,
                ")"
            ),
        }
    };
}

/// All that points somewhere.
pub(super) const ORPHANS: &[Rule] = &[
    orphan!("invoices", "id", "accounts", "account_id"),
    orphan!("invoices", "id", "imports", "import_id"),
    orphan!("billing_profiles", "id", "accounts", "account_id"),
    orphan!("billing_profiles", "id", "cards", "card_id"),
    orphan!("payment_attachments", "payment_id", "payments", "payment_id"),
    orphan!("invoice_lines", "invoice_id", "invoices", "invoice_id"),
    orphan!("invoice_costs", "invoice_id", "invoices", "invoice_id"),
    orphan!("invoice_taxes", "invoice_id", "invoices", "invoice_id"),
    orphan!("invoice_parties", "invoice_id", "invoices", "invoice_id"),
    orphan!("payments", "id", "accounts", "account_id"),
    orphan!("payments", "id", "payment_attempts", "attempt_id"),
    orphan!("payment_attempts", "id", "accounts", "account_id"),
    orphan!("attempt_lines", "attempt_id", "payment_attempts", "attempt_id"),
    orphan!("attempt_lines", "attempt_id", "invoices", "invoice_id"),
    orphan!("disputes", "id", "invoices", "invoice_id"),
    orphan!("disputes", "id", "credit_notes", "credit_note_id"),
    orphan!("disputes", "id", "disputes", "reopens"),
    orphan!("dispute_parts", "dispute_id", "disputes", "dispute_id"),
    orphan!("write_offs", "id", "invoices", "invoice_id"),
    orphan!("reminders", "id", "invoices", "invoice_id"),
    orphan!("allocations", "id", "invoices", "invoice_id"),
    orphan!("allocations", "id", "payments", "payment_id"),
    orphan!("allocations", "id", "credit_notes", "credit_note_id"),
    orphan!("allocations", "id", "allocation_plans", "plan_id"),
    orphan!("allocation_plans", "id", "accounts", "account_id"),
    orphan!("credit_notes", "id", "accounts", "account_id"),
    orphan!("credit_notes", "id", "invoices", "invoice_id"),
    orphan!(
        "credit_note_lines",
        "credit_note_id",
        "credit_notes",
        "credit_note_id"
    ),
    orphan!(
        "credit_note_parts",
        "credit_note_id",
        "credit_notes",
        "credit_note_id"
    ),
    orphan!("credit_note_parts", "invoice_id", "invoices", "invoice_id"),
    orphan!(
        "credit_note_taxes",
        "credit_note_id",
        "credit_notes",
        "credit_note_id"
    ),
    orphan!("cards", "id", "accounts", "account_id"),
    orphan!("invoices", "id", "rollups", "rollup_id"),
    orphan!("rollups", "id", "accounts", "account_id"),
    orphan!("rollup_lines", "rollup_id", "rollups", "rollup_id"),
    orphan!("rollup_lines", "rollup_id", "invoices", "invoice_id"),
    orphan!("bank_entries", "id", "bank_files", "file_id"),
    orphan!("bank_entries", "id", "payments", "payment_id"),
    orphan!("gateway_checks", "payment_id", "payments", "payment_id"),
    orphan!("gateway_findings", "id", "accounts", "account_id"),
    orphan!("gateway_findings", "id", "payments", "payment_id"),
    orphan!("vendor_bill_lines", "bill_id", "vendor_bills", "bill_id"),
];
