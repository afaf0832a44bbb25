//! What an invoice says beside its lines and taxes.

use super::rules::Rule;

pub(super) const INVOICES: &[Rule] = &[
    Rule {
        check: "parties of invoice",
        rule: "V17",
        statement: "SELECT i.seller_id AS tenant, i.id AS id, COALESCE(p.parties, 0) AS found, 2 AS wanted \
            FROM invoices i LEFT JOIN (SELECT seller_id, invoice_id, COUNT(*) AS parties FROM invoice_parties \
            GROUP BY seller_id, invoice_id) p ON p.seller_id = i.seller_id AND p.invoice_id = i.id \
            WHERE COALESCE(p.parties, 0) <> 2",
    },
    // Of what a file brought only the sum may be known; a part of a charge without a name is none of these.
    Rule {
        check: "costs of invoice",
        rule: "V7",
        statement: "SELECT i.seller_id AS tenant, i.id AS id, i.charge_minor AS found, c.total AS wanted FROM invoices i \
            JOIN (SELECT seller_id, invoice_id, SUM(amount_minor) AS total FROM invoice_costs \
            GROUP BY seller_id, invoice_id) c ON c.seller_id = i.seller_id AND c.invoice_id = i.id \
            WHERE i.charge_minor <> c.total",
    },
];
