//! Credit that takes the place of money that goes back, and credit notes over several invoices.

use super::rules::Rule;

/// All of them.
pub(super) const CREDIT: &[Rule] = &[
    Rule {
        check: "credit that waits for money to go back",
        rule: "V38",
        statement: "SELECT c.seller_id AS tenant, c.id AS id, SUM(l.amount_minor) AS found, c.remaining_minor AS wanted \
            FROM credit_notes c JOIN refund_lines l ON l.seller_id = c.seller_id AND l.credit_note_id = c.id \
            JOIN refunds r ON r.seller_id = l.seller_id AND r.id = l.refund_id \
            WHERE r.state IN ('submitted', 'pending', 'unknown') GROUP BY c.seller_id, c.id, c.remaining_minor \
            HAVING SUM(l.amount_minor) > c.remaining_minor",
    },
    Rule {
        check: "credit in the place of money",
        rule: "V36",
        statement: "SELECT l.seller_id AS tenant, l.refund_id AS id, l.amount_minor AS found, 0 AS wanted \
            FROM refund_lines l JOIN refunds r ON r.seller_id = l.seller_id AND r.id = l.refund_id \
            JOIN credit_notes c ON c.seller_id = l.seller_id AND c.id = l.credit_note_id \
            WHERE c.currency <> r.currency OR c.invoice_id IS NULL OR c.invoice_id <> l.invoice_id",
    },
    Rule {
        check: "invoices of credit note",
        rule: "V12",
        statement: "SELECT c.seller_id AS tenant, c.id AS id, SUM(p.base_minor + p.tax_minor + p.rounding_minor) AS found, \
            c.total_minor AS wanted FROM credit_notes c \
            JOIN credit_note_parts p ON p.seller_id = c.seller_id AND p.credit_note_id = c.id \
            GROUP BY c.seller_id, c.id, c.total_minor \
            HAVING SUM(p.base_minor + p.tax_minor + p.rounding_minor) <> c.total_minor",
    },
];
