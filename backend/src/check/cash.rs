//! What must hold of the books of cash: money came to the book of its way, and leaves the gateway from where it lies.

use super::rules::Rule;

/// All of them.
pub(super) const CASH: &[Rule] = &[
    // Bank debits of older releases lie in the book of cards.
    Rule {
        check: "book of payment",
        rule: "V24",
        statement: "SELECT p.seller_id AS tenant, p.id AS id, 1 AS found, 0 AS wanted FROM payments p \
            JOIN postings r ON r.seller_id = p.seller_id AND r.source_id = p.id AND r.kind = 'receive' WHERE NOT (\
            p.method = 'card' AND r.debit = 'cash_card' OR p.method = 'offline' AND r.debit = 'cash_offline' \
            OR p.method = 'bank_debit' AND r.debit IN ('cash_debit', 'cash_card') \
            OR p.method = 'opening' AND r.debit = 'opening')",
    },
    Rule {
        check: "fee of payment",
        rule: "V24",
        statement: "SELECT f.seller_id AS tenant, f.source_id AS id, 1 AS found, 0 AS wanted FROM postings f \
            JOIN postings r ON r.seller_id = f.seller_id AND r.source_id = f.source_id AND r.kind = 'receive' \
            WHERE f.kind = 'fee' AND NOT (f.debit = 'fees' AND f.credit = r.debit \
            OR f.credit = 'fees' AND f.debit = r.debit)",
    },
    Rule {
        check: "money back of payment",
        rule: "V33",
        statement: "SELECT seller_id AS tenant, id, SUM(moved) AS found, 0 AS wanted FROM (\
            SELECT seller_id, payment_id AS id, debit AS book, amount_minor AS moved FROM postings \
            WHERE payment_id IS NOT NULL AND debit IN ('cash_card', 'cash_debit') UNION ALL \
            SELECT seller_id, payment_id, credit, 0 - amount_minor FROM postings \
            WHERE payment_id IS NOT NULL AND credit IN ('cash_card', 'cash_debit')) AS held \
            GROUP BY seller_id, id, book HAVING SUM(moved) < 0",
    },
];
