//! What is checked of bills of parents: what invoices and bills say of each other, and that nobody else pays (V40, V41).

use super::rules::Rule;

pub(super) const ROLLUPS: &[Rule] = &[
    Rule {
        check: "bill of invoice",
        rule: "V40",
        statement: "SELECT i.seller_id AS tenant, i.id AS id, 1 AS found, 0 AS wanted FROM invoices i \
            LEFT JOIN rollups r ON r.seller_id = i.seller_id AND r.id = i.rollup_id AND r.voided_at IS NULL \
            AND r.currency = i.currency AND r.account_id = i.rollup_account_id AND r.buyer_id = i.rollup_buyer_id \
            AND r.number = i.rollup_number \
            LEFT JOIN rollup_lines l ON l.seller_id = i.seller_id AND l.rollup_id = i.rollup_id AND l.invoice_id = i.id \
            WHERE i.rollup_id IS NOT NULL AND (r.id IS NULL OR l.invoice_id IS NULL)",
    },
    Rule {
        check: "invoices of bill",
        rule: "V40",
        statement: "SELECT l.seller_id AS tenant, l.rollup_id AS id, 0 AS found, 1 AS wanted FROM rollup_lines l \
            JOIN rollups r ON r.seller_id = l.seller_id AND r.id = l.rollup_id \
            JOIN invoices i ON i.seller_id = l.seller_id AND i.id = l.invoice_id \
            WHERE r.voided_at IS NULL AND (i.rollup_id IS NULL OR i.rollup_id <> r.id)",
    },
    Rule {
        check: "total of bill",
        rule: "V40",
        statement: "SELECT r.seller_id AS tenant, r.id AS id, r.total_minor AS found, COALESCE(s.total, 0) AS wanted \
            FROM rollups r LEFT JOIN (SELECT seller_id, rollup_id, SUM(amount_minor) AS total FROM rollup_lines \
            GROUP BY seller_id, rollup_id) s ON s.seller_id = r.seller_id AND s.rollup_id = r.id \
            WHERE r.total_minor <> COALESCE(s.total, 0)",
    },
    Rule {
        check: "another's money on a billed invoice",
        rule: "V40",
        statement: "SELECT l.seller_id AS tenant, l.id AS id, 1 AS found, 0 AS wanted FROM allocations l \
            JOIN invoices i ON i.seller_id = l.seller_id AND i.id = l.invoice_id \
            JOIN rollups r ON r.seller_id = i.seller_id AND r.id = i.rollup_id \
            JOIN payments p ON p.seller_id = l.seller_id AND p.id = l.payment_id \
            WHERE l.amount_minor > 0 AND l.created_at > r.created_at AND p.account_id <> r.account_id \
            AND NOT EXISTS (SELECT 1 FROM allocations b WHERE b.seller_id = l.seller_id \
            AND b.payment_id = l.payment_id AND b.invoice_id = l.invoice_id AND b.created_at < r.created_at)",
    },
    Rule {
        check: "numbers of rollups",
        rule: "V21",
        statement: "SELECT tenant, tenant AS id, found, wanted FROM (SELECT c.seller_id AS tenant, c.last AS wanted, \
            (SELECT COUNT(*) FROM rollups d WHERE d.seller_id = c.seller_id AND d.number LIKE c.series || '-%') AS found \
            FROM number_counters c WHERE c.kind = 'rollup') AS series WHERE found <> wanted",
    },
];
