//! What the ledger must agree with: amounts that documents keep are the balances of its books.

use super::rules::Rule;

/// Amounts of documents that differ from the balance of a book by document. Postings count that hang on no document, too.
macro_rules! booked {
    ($check:literal, $rule:literal, $documents:literal, $stored:literal, $key:literal, $debit:literal, $credit:literal) => {
        Rule {
            check: $check,
            rule: $rule,
            statement: concat!(
                "SELECT seller_id AS tenant, id, SUM(stored) AS found, SUM(booked) AS wanted FROM (\
                 SELECT seller_id, id, ",
                $stored,
                " AS stored, 0 AS booked FROM ",
                $documents,
                " UNION ALL SELECT seller_id, ",
                $key,
                ", 0, CASE WHEN debit IN (",
                $debit,
                ") THEN amount_minor WHEN credit IN (",
                $credit,
                ") THEN 0 - amount_minor ELSE 0 END FROM postings WHERE ",
                $key,
                " IS NOT NULL) AS books GROUP BY seller_id, id HAVING SUM(stored) <> SUM(booked)"
            ),
        }
    };
}

/// All of them.
pub(super) const BOOKS: &[Rule] = &[
    booked!(
        "receivable of invoice",
        "V25",
        "invoices",
        "CASE stage WHEN 'draft' THEN 0 ELSE open_minor END",
        "invoice_id",
        "'receivable'",
        "'receivable'"
    ),
    booked!(
        "written off of invoice",
        "V14",
        "invoices",
        "written_off_minor",
        "invoice_id",
        "'write_off'",
        "'write_off'"
    ),
    booked!(
        "revenue of invoice",
        "V9",
        "invoices",
        "CASE WHEN stage IN ('draft', 'void') THEN 0 ELSE 0 - net_minor END",
        "invoice_id",
        "'revenue'",
        "'revenue'"
    ),
    booked!(
        "tax of invoice in the books",
        "V8",
        "invoices",
        "CASE WHEN stage IN ('draft', 'void') THEN 0 ELSE 0 - tax_minor END",
        "invoice_id",
        "'tax'",
        "'tax'"
    ),
    booked!(
        "rounding of invoice in the books",
        "V9",
        "invoices",
        "CASE WHEN stage IN ('draft', 'void') THEN 0 ELSE 0 - rounding_minor END",
        "invoice_id",
        "'rounding'",
        "'rounding'"
    ),
    booked!(
        "revenue of credit note",
        "V36",
        "credit_notes",
        "CASE stage WHEN 'void' THEN 0 ELSE net_minor END",
        "credit_note_id",
        "'revenue'",
        "'revenue'"
    ),
    booked!(
        "tax of credit note in the books",
        "V36",
        "credit_notes",
        "CASE stage WHEN 'void' THEN 0 ELSE tax_minor END",
        "credit_note_id",
        "'tax'",
        "'tax'"
    ),
    booked!(
        "rounding of credit note in the books",
        "V36",
        "credit_notes",
        "CASE stage WHEN 'void' THEN 0 ELSE rounding_minor END",
        "credit_note_id",
        "'rounding'",
        "'rounding'"
    ),
    booked!(
        "paid out of credit note",
        "V38",
        "credit_notes",
        "0 - refunded_minor",
        "credit_note_id",
        "'cash_card', 'cash_debit', 'cash_offline', 'opening'",
        "'cash_card', 'cash_debit', 'cash_offline', 'opening'"
    ),
    booked!(
        "unapplied of payment",
        "V24",
        "payments",
        "0 - unapplied_minor",
        "payment_id",
        "'unapplied'",
        "'unapplied'"
    ),
    booked!(
        "cash of payment",
        "V24",
        "payments",
        "amount_minor - refunded_minor",
        "payment_id",
        "'cash_card', 'cash_debit', 'cash_offline', 'opening'",
        "'cash_card', 'cash_debit', 'cash_offline', 'opening'"
    ),
    booked!(
        "rest of credit note",
        "V38",
        "credit_notes",
        "0 - remaining_minor",
        "credit_note_id",
        "'credit'",
        "'credit'"
    ),
    Rule {
        check: "transfer between companies",
        rule: "V27",
        statement: "SELECT seller_id AS tenant, source_id AS id, \
            SUM(CASE WHEN debit = 'transfer' THEN amount_minor ELSE 0 END) AS found, \
            SUM(CASE WHEN credit = 'transfer' THEN amount_minor ELSE 0 END) AS wanted FROM postings \
            WHERE debit = 'transfer' OR credit = 'transfer' GROUP BY seller_id, source_id HAVING \
            SUM(CASE WHEN debit = 'transfer' THEN amount_minor ELSE 0 END) <> \
            SUM(CASE WHEN credit = 'transfer' THEN amount_minor ELSE 0 END)",
    },
];
