//! What is checked: each statement gives tenant, id, found and wanted of every row that breaks the rule.

/// One rule.
pub(super) struct Rule {
    pub(super) check: &'static str,
    pub(super) rule: &'static str,
    pub(super) statement: &'static str,
}

/// Parts that do not add up to their document.
macro_rules! parts {
    ($check:literal, $rule:literal, $document:literal, $column:literal, $part:literal, $sum:literal, $key:literal) => {
        Rule {
            check: $check,
            rule: $rule,
            statement: concat!(
                "SELECT d.seller_id AS tenant, d.id AS id, d.",
                $column,
                " AS found, COALESCE(s.total, 0) AS wanted \
                 FROM ",
                $document,
                " d LEFT JOIN (SELECT seller_id, ",
                $key,
                " AS id, SUM(",
                $sum,
                ") AS total FROM ",
                $part,
                " GROUP BY seller_id, ",
                $key,
                ") s ON s.seller_id = d.seller_id AND s.id = d.id \
                 WHERE d.",
                $column,
                " <> COALESCE(s.total, 0)"
            ),
        }
    };
}

/// A series whose documents are not as many as were numbered.
macro_rules! numbers {
    ($kind:literal, $table:literal, $number:literal) => {
        Rule {
            check: concat!("numbers of ", $table),
            rule: "V21",
            statement: concat!(
                "SELECT tenant, tenant AS id, found, wanted FROM (SELECT c.seller_id AS tenant, c.last AS wanted, \
                 (SELECT COUNT(*) FROM ", $table, " d WHERE d.seller_id = c.seller_id AND d.import_id IS NULL AND d.",
                $number, " LIKE c.series || '-%') AS found FROM number_counters c WHERE c.kind = '", $kind,
                "') AS series WHERE found <> wanted"
            ),
        }
    };
}

/// A document that is not the sum of its own figures.
macro_rules! total {
    ($check:literal, $table:literal) => {
        Rule {
            check: $check,
            rule: "V9",
            statement: concat!(
                "SELECT seller_id AS tenant, id, total_minor AS found, \
                 lines_minor - discount_minor + charge_minor + tax_minor + rounding_minor AS wanted FROM ",
                $table,
                " WHERE net_minor <> lines_minor - discount_minor + charge_minor \
                 OR total_minor <> net_minor + tax_minor + rounding_minor"
            ),
        }
    };
}

/// A document that is dated before the one with the number before its own.
macro_rules! dates {
    ($kind:literal, $table:literal) => {
        Rule {
            check: concat!("dates of ", $table),
            rule: "V22",
            statement: concat!(
                "SELECT tenant, id, 1 AS found, 0 AS wanted FROM (SELECT d.seller_id AS tenant, d.id AS id, \
                 d.issue_date AS day, LAG(d.issue_date) OVER (PARTITION BY d.seller_id, c.series \
                 ORDER BY LENGTH(d.number), d.number) AS previous FROM ",
                $table,
                " d JOIN number_counters c \
                 ON c.seller_id = d.seller_id AND c.kind = '",
                $kind,
                "' AND d.number LIKE c.series || '-%' \
                 WHERE d.import_id IS NULL AND d.issue_date IS NOT NULL) AS numbered WHERE day < previous"
            ),
        }
    };
}

const UNDECIDED: &str = "SELECT i.seller_id AS tenant, i.id AS id, i.reserved_minor AS found, \
    COALESCE(s.total, 0) AS wanted FROM invoices i LEFT JOIN (SELECT l.seller_id, l.invoice_id, \
    SUM(l.amount_minor) AS total FROM attempt_lines l JOIN payment_attempts t \
    ON t.seller_id = l.seller_id AND t.id = l.attempt_id \
    WHERE t.state IN ('submitted', 'needs_action', 'unknown', 'processing') GROUP BY l.seller_id, l.invoice_id) s \
    ON s.seller_id = i.seller_id AND s.invoice_id = i.id WHERE i.reserved_minor <> COALESCE(s.total, 0)";

/// All of them.
pub(super) const RULES: &[Rule] = &[
    Rule {
        check: "open amount",
        rule: "V9",
        statement: "SELECT seller_id AS tenant, id, open_minor AS found, CASE WHEN stage = 'void' THEN 0 \
            ELSE total_minor - paid_minor - credited_minor - written_off_minor END AS wanted FROM invoices \
            WHERE open_minor <> CASE WHEN stage = 'void' THEN 0 \
            ELSE total_minor - paid_minor - credited_minor - written_off_minor END",
    },
    Rule {
        check: "negative amount",
        rule: "V25",
        statement: "SELECT seller_id AS tenant, id, CASE WHEN open_minor < 0 THEN open_minor \
            ELSE open_minor - reserved_minor END AS found, 0 AS wanted FROM invoices \
            WHERE open_minor < 0 OR reserved_minor < 0 OR paid_minor < 0 OR credited_minor < 0 OR written_off_minor < 0 \
            OR reserved_minor > open_minor",
    },
    Rule {
        check: "stage",
        rule: "V14",
        statement: "SELECT seller_id AS tenant, id, open_minor AS found, total_minor AS wanted FROM invoices WHERE NOT (\
            (stage = 'draft' AND number IS NULL AND issue_date IS NULL AND paid_minor + credited_minor = 0) \
            OR (stage <> 'draft' AND number IS NOT NULL AND issue_date IS NOT NULL AND (\
            (stage = 'void' AND open_minor = 0 AND paid_minor + credited_minor = 0) \
            OR (stage = 'open' AND open_minor > 0 AND open_minor = total_minor) \
            OR (stage = 'partly_paid' AND open_minor > 0 AND open_minor < total_minor) \
            OR (stage = 'paid' AND open_minor = 0 AND written_off_minor = 0) \
            OR (stage = 'written_off' AND open_minor = 0 AND written_off_minor > 0))))",
    },
    parts!(
        "paid",
        "V25",
        "invoices",
        "paid_minor",
        "allocations",
        "CASE WHEN payment_id IS NOT NULL THEN amount_minor ELSE 0 END",
        "invoice_id"
    ),
    parts!(
        "credited",
        "V25",
        "invoices",
        "credited_minor",
        "allocations",
        "CASE WHEN credit_note_id IS NOT NULL THEN amount_minor ELSE 0 END",
        "invoice_id"
    ),
    parts!(
        "written off",
        "V14",
        "invoices",
        "written_off_minor",
        "write_offs",
        "amount_minor",
        "invoice_id"
    ),
    parts!(
        "disputed",
        "V19",
        "invoices",
        "disputed_minor",
        "disputes",
        "CASE WHEN state = 'open' THEN amount_minor ELSE 0 END",
        "invoice_id"
    ),
    parts!(
        "parts of dispute",
        "V19",
        "disputes",
        "amount_minor",
        "dispute_parts",
        "amount_minor",
        "dispute_id"
    ),
    Rule {
        check: "reserved",
        rule: "V31",
        statement: UNDECIDED,
    },
    parts!(
        "lines of invoice",
        "V6",
        "invoices",
        "lines_minor",
        "invoice_lines",
        "net_minor",
        "invoice_id"
    ),
    parts!(
        "tax of invoice",
        "V8",
        "invoices",
        "tax_minor",
        "invoice_taxes",
        "tax_minor",
        "invoice_id"
    ),
    parts!(
        "tax bases of invoice",
        "V8",
        "invoices",
        "net_minor",
        "invoice_taxes",
        "base_minor",
        "invoice_id"
    ),
    total!("total of invoice", "invoices"),
    Rule {
        check: "buyer of account",
        rule: "D1",
        statement: "SELECT i.seller_id AS tenant, i.id AS id, 1 AS found, 0 AS wanted FROM invoices i \
            JOIN accounts a ON a.seller_id = i.seller_id AND a.id = i.account_id WHERE a.buyer_id <> i.buyer_id",
    },
    Rule {
        check: "parts of payment",
        rule: "V24",
        statement: "SELECT p.seller_id AS tenant, p.id AS id, p.amount_minor AS found, \
            COALESCE(s.total, 0) + p.unapplied_minor + p.refunded_minor AS wanted FROM payments p LEFT JOIN \
            (SELECT seller_id, payment_id, SUM(amount_minor) AS total FROM allocations WHERE payment_id IS NOT NULL \
            GROUP BY seller_id, payment_id) s ON s.seller_id = p.seller_id AND s.payment_id = p.id \
            WHERE p.amount_minor <> COALESCE(s.total, 0) + p.unapplied_minor + p.refunded_minor \
            OR p.unapplied_minor < 0 OR p.refunded_minor < 0",
    },
    Rule {
        check: "refunds of payment",
        rule: "V32",
        statement: "SELECT p.seller_id AS tenant, p.id AS id, p.refunded_minor AS found, \
            COALESCE(r.total, 0) AS wanted FROM payments p LEFT JOIN \
            (SELECT seller_id, payment_id, SUM(amount_minor) AS total FROM refunds WHERE payment_id IS NOT NULL \
            AND state = 'succeeded' GROUP BY seller_id, payment_id) r ON r.seller_id = p.seller_id \
            AND r.payment_id = p.id WHERE p.refunded_minor <> COALESCE(r.total, 0)",
    },
    parts!(
        "applied credit",
        "V36",
        "credit_notes",
        "applied_minor",
        "allocations",
        "CASE WHEN credit_note_id IS NOT NULL THEN amount_minor ELSE 0 END",
        "credit_note_id"
    ),
    Rule {
        check: "parts of credit note",
        rule: "V38",
        statement: "SELECT seller_id AS tenant, id, applied_minor + refunded_minor + remaining_minor AS found, \
            total_minor AS wanted FROM credit_notes WHERE remaining_minor < 0 OR applied_minor < 0 OR refunded_minor < 0 \
            OR (stage = 'issued' AND applied_minor + refunded_minor + remaining_minor <> total_minor)",
    },
    parts!(
        "lines of credit note",
        "V6",
        "credit_notes",
        "lines_minor",
        "credit_note_lines",
        "net_minor",
        "credit_note_id"
    ),
    parts!(
        "tax of credit note",
        "V8",
        "credit_notes",
        "tax_minor",
        "credit_note_taxes",
        "tax_minor",
        "credit_note_id"
    ),
    parts!(
        "tax bases of credit note",
        "V8",
        "credit_notes",
        "net_minor",
        "credit_note_taxes",
        "base_minor",
        "credit_note_id"
    ),
    total!("total of credit note", "credit_notes"),
    Rule {
        check: "credited beyond the invoice",
        rule: "V12",
        statement: "SELECT i.seller_id AS tenant, i.id AS id, SUM(c.total_minor) AS found, i.total_minor AS wanted \
            FROM invoices i JOIN (SELECT seller_id, invoice_id, total_minor FROM credit_notes \
            WHERE stage = 'issued' AND invoice_id IS NOT NULL UNION ALL \
            SELECT p.seller_id, p.invoice_id, p.base_minor + p.tax_minor + p.rounding_minor FROM credit_note_parts p \
            JOIN credit_notes n ON n.seller_id = p.seller_id AND n.id = p.credit_note_id WHERE n.stage = 'issued') c \
            ON c.seller_id = i.seller_id AND c.invoice_id = i.id GROUP BY i.seller_id, i.id, i.total_minor \
            HAVING SUM(c.total_minor) > i.total_minor",
    },
    parts!(
        "lines of attempt",
        "V29",
        "payment_attempts",
        "amount_minor",
        "attempt_lines",
        "amount_minor",
        "attempt_id"
    ),
    Rule {
        check: "attempt without its payment",
        rule: "V29",
        statement: "SELECT t.seller_id AS tenant, t.id AS id, t.amount_minor AS found, \
            COALESCE(p.amount_minor, 0) AS wanted FROM payment_attempts t LEFT JOIN payments p \
            ON p.seller_id = t.seller_id AND p.attempt_id = t.id \
            WHERE COALESCE(p.amount_minor, 0) <> CASE WHEN t.state = 'succeeded' THEN t.amount_minor ELSE 0 END",
    },
    Rule {
        check: "payment to a stranger's invoice",
        rule: "V27",
        statement: "SELECT l.seller_id AS tenant, l.id AS id, 1 AS found, 0 AS wanted FROM allocations l \
            JOIN invoices i ON i.seller_id = l.seller_id AND i.id = l.invoice_id \
            JOIN payments p ON p.seller_id = l.seller_id AND p.id = l.payment_id \
            WHERE p.currency <> i.currency OR (p.account_id = i.account_id) <> (l.payer_id IS NULL) \
            OR l.payer_id <> p.buyer_id",
    },
    Rule {
        check: "credit to a stranger's invoice",
        rule: "V27",
        statement: "SELECT l.seller_id AS tenant, l.id AS id, 1 AS found, 0 AS wanted FROM allocations l \
            JOIN invoices i ON i.seller_id = l.seller_id AND i.id = l.invoice_id \
            JOIN credit_notes c ON c.seller_id = l.seller_id AND c.id = l.credit_note_id \
            WHERE c.currency <> i.currency OR (c.account_id = i.account_id) <> (l.payer_id IS NULL) \
            OR l.payer_id <> c.buyer_id",
    },
    Rule {
        check: "reversal",
        rule: "V34",
        statement: "SELECT r.seller_id AS tenant, r.id AS id, r.amount_minor AS found, 0 - l.amount_minor AS wanted \
            FROM allocations r JOIN allocations l ON l.seller_id = r.seller_id AND l.id = r.reversal_of \
            WHERE r.amount_minor <> 0 - l.amount_minor OR r.invoice_id <> l.invoice_id \
            OR COALESCE(r.payment_id, r.credit_note_id) <> COALESCE(l.payment_id, l.credit_note_id)",
    },
    Rule {
        check: "money put to a draft or a void invoice",
        rule: "V27",
        statement: "SELECT i.seller_id AS tenant, i.id AS id, SUM(l.amount_minor) AS found, 0 AS wanted \
            FROM allocations l JOIN invoices i ON i.seller_id = l.seller_id AND i.id = l.invoice_id \
            WHERE i.stage IN ('draft', 'void') GROUP BY i.seller_id, i.id HAVING SUM(l.amount_minor) <> 0",
    },
    numbers!("invoice", "invoices", "number"),
    numbers!("receipt", "payments", "receipt_number"),
    numbers!("credit_note", "credit_notes", "number"),
    dates!("invoice", "invoices"),
    dates!("credit_note", "credit_notes"),
    Rule {
        check: "currencies of account",
        rule: "V3",
        statement: "SELECT DISTINCT i.seller_id AS tenant, i.account_id AS id, 0 AS found, 1 AS wanted FROM invoices i \
            WHERE NOT EXISTS (SELECT 1 FROM account_currencies c WHERE c.seller_id = i.seller_id \
            AND c.account_id = i.account_id AND c.currency = i.currency)",
    },
    Rule {
        check: "payment of a bank's entry",
        rule: "V59",
        statement: "SELECT e.seller_id AS tenant, e.id AS id, p.amount_minor AS found, e.amount_minor AS wanted \
            FROM bank_entries e JOIN payments p ON p.seller_id = e.seller_id AND p.id = e.payment_id \
            WHERE p.amount_minor <> e.amount_minor OR p.currency <> e.currency",
    },
    Rule {
        check: "lines of a vendor's bill",
        rule: "V53",
        statement: "SELECT b.seller_id AS tenant, b.id AS id, COUNT(l.line) AS found, b.line_count AS wanted \
            FROM vendor_bills b LEFT JOIN vendor_bill_lines l ON l.seller_id = b.seller_id AND l.bill_id = b.id \
            GROUP BY b.seller_id, b.id, b.line_count HAVING COUNT(l.line) <> b.line_count",
    },
    Rule {
        check: "profile of invoice",
        rule: "I16",
        statement: "SELECT i.seller_id AS tenant, i.id AS id, 0 AS found, 1 AS wanted FROM invoices i \
            LEFT JOIN billing_profiles p ON p.seller_id = i.seller_id AND p.id = i.profile_id \
            WHERE p.account_id IS NULL OR p.account_id <> i.account_id",
    },
    Rule {
        check: "default profile of account",
        rule: "B1",
        statement: "SELECT a.seller_id AS tenant, a.id AS id, COUNT(p.id) AS found, 1 AS wanted FROM accounts a \
            LEFT JOIN billing_profiles p ON p.seller_id = a.seller_id AND p.account_id = a.id AND p.is_default \
            GROUP BY a.seller_id, a.id HAVING COUNT(p.id) <> 1",
    },
    Rule {
        check: "audit numbers",
        rule: "V51",
        statement: "SELECT h.tenant_id AS tenant, h.tenant_id AS id, COALESCE(e.entries, 0) AS found, h.seq AS wanted \
            FROM audit_heads h LEFT JOIN (SELECT tenant_id, COUNT(*) AS entries, MAX(seq) AS last FROM audit_entries \
            GROUP BY tenant_id) e ON e.tenant_id = h.tenant_id \
            WHERE COALESCE(e.entries, 0) <> h.seq OR COALESCE(e.last, 0) <> h.seq",
    },
    Rule {
        check: "tenant tree",
        rule: "V43",
        statement: "SELECT t.id AS tenant, t.id AS id, COUNT(p.ancestor_id) AS found, \
            CASE t.kind WHEN 'distributor' THEN 1 WHEN 'partner' THEN 2 ELSE 3 END AS wanted FROM tenants t \
            LEFT JOIN tenant_paths p ON p.descendant_id = t.id GROUP BY t.id, t.kind HAVING COUNT(p.ancestor_id) <> \
            CASE t.kind WHEN 'distributor' THEN 1 WHEN 'partner' THEN 2 ELSE 3 END",
    },
];
