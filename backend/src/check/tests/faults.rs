//! Faults that no code of ours can make, each by the name of the rule that must find it.

/// By the rule that finds it.
pub(super) const FAULTS: &[(&str, &str)] = &[
    (
        "open amount",
        "UPDATE invoices SET open_minor = open_minor + 1 WHERE stage = 'open'",
    ),
    (
        "negative amount",
        "UPDATE invoices SET reserved_minor = open_minor + 1 WHERE stage = 'open'",
    ),
    ("stage", "UPDATE invoices SET stage = 'paid' WHERE stage = 'open'"),
    ("stage", "UPDATE invoices SET number = NULL WHERE stage = 'paid'"),
    (
        "paid",
        "UPDATE invoices SET paid_minor = paid_minor + 1 WHERE stage = 'partly_paid'",
    ),
    ("paid", "DELETE FROM allocations WHERE payment_id IS NOT NULL"),
    (
        "credited",
        "UPDATE invoices SET credited_minor = 1 WHERE stage = 'paid'",
    ),
    ("reserved", "UPDATE invoices SET reserved_minor = 0"),
    ("reserved", "UPDATE payment_attempts SET state = 'failed'"),
    (
        "lines of invoice",
        "UPDATE invoice_lines SET net_minor = net_minor + 1",
    ),
    (
        "tax of invoice",
        "UPDATE invoice_taxes SET tax_minor = tax_minor + 1",
    ),
    (
        "tax bases of invoice",
        "UPDATE invoice_taxes SET base_minor = base_minor - 1",
    ),
    (
        "total of invoice",
        "UPDATE invoices SET rounding_minor = 3 WHERE stage = 'void'",
    ),
    (
        "parties of invoice",
        "DELETE FROM invoice_parties WHERE role = 'buyer'",
    ),
    (
        "costs of invoice",
        "INSERT INTO invoice_costs (seller_id, invoice_id, position, description, amount_minor) \
            SELECT seller_id, id, 1, 'Freight', 7 FROM invoices WHERE stage = 'paid'",
    ),
    (
        "buyer of account",
        "UPDATE invoices SET buyer_id = seller_id WHERE stage = 'draft'",
    ),
    (
        "parts of payment",
        "UPDATE payments SET unapplied_minor = unapplied_minor + 5",
    ),
    (
        "applied credit",
        "UPDATE credit_notes SET applied_minor = 1, remaining_minor = total_minor - 1",
    ),
    (
        "parts of credit note",
        "UPDATE credit_notes SET remaining_minor = -1",
    ),
    ("lines of credit note", "DELETE FROM credit_note_lines"),
    ("tax of credit note", "UPDATE credit_note_taxes SET tax_minor = 4"),
    ("lines of attempt", "UPDATE attempt_lines SET amount_minor = 499"),
    (
        "attempt without its payment",
        "UPDATE payment_attempts SET state = 'succeeded'",
    ),
    (
        "payment to a stranger's invoice",
        "UPDATE payments SET currency = 'EUR'",
    ),
    (
        "credit to a stranger's invoice",
        "UPDATE credit_notes SET currency = 'EUR'",
    ),
    ("reversal", "UPDATE allocations SET reversal_of = id"),
    (
        "money put to a draft or a void invoice",
        "UPDATE invoices SET stage = 'void' WHERE stage = 'partly_paid'",
    ),
    (
        "receivable of invoice",
        "UPDATE postings SET amount_minor = amount_minor - 1 WHERE debit = 'receivable' AND kind = 'issue'",
    ),
    (
        "receivable of invoice",
        "DELETE FROM postings WHERE kind = 'void'",
    ),
    (
        "revenue of invoice",
        "UPDATE postings SET credit = 'rounding' WHERE credit = 'revenue'",
    ),
    (
        "tax of invoice in the books",
        "UPDATE postings SET credit = 'revenue' WHERE credit = 'tax'",
    ),
    (
        "unapplied of payment",
        "DELETE FROM postings WHERE debit = 'unapplied'",
    ),
    (
        "cash of payment",
        "UPDATE postings SET debit = 'fees' WHERE kind = 'receive'",
    ),
    (
        "transfer between companies",
        "UPDATE postings SET credit = 'transfer' WHERE kind = 'allocate' AND credit = 'receivable'",
    ),
    (
        "payment to a stranger's invoice",
        "UPDATE allocations SET payer_id = id WHERE payment_id IS NOT NULL",
    ),
    (
        "credit to a stranger's invoice",
        "UPDATE allocations SET payer_id = id WHERE credit_note_id IS NOT NULL",
    ),
    (
        "rest of credit note",
        "UPDATE postings SET debit = 'unapplied' WHERE debit = 'credit'",
    ),
    (
        "numbers of invoices",
        "UPDATE number_counters SET last = last + 1 WHERE kind = 'invoice'",
    ),
    (
        "numbers of payments",
        "DELETE FROM payments WHERE amount_minor = 3000",
    ),
    ("numbers of credit_notes", "DELETE FROM credit_notes"),
    (
        "dates of invoices",
        "UPDATE invoices SET issue_date = '2001-01-01' WHERE number LIKE '%-000002'",
    ),
    ("currencies of account", "DELETE FROM account_currencies"),
    (
        "profile of invoice",
        "UPDATE invoices SET profile_id = id WHERE stage = 'open'",
    ),
    (
        "default profile of account",
        "UPDATE billing_profiles SET is_default = FALSE",
    ),
    ("audit numbers", "DELETE FROM audit_entries WHERE seq = 1"),
    ("tenant tree", "DELETE FROM tenant_paths WHERE depth = 2"),
    (
        "orphan invoice_lines.invoice_id",
        "DELETE FROM invoices WHERE stage = 'draft'",
    ),
    (
        "orphan allocations.invoice_id",
        "DELETE FROM invoices WHERE stage = 'paid'",
    ),
    ("orphan allocations.payment_id", "DELETE FROM payments"),
    ("orphan allocations.credit_note_id", "DELETE FROM credit_notes"),
    ("orphan invoices.account_id", "DELETE FROM accounts"),
    ("orphan attempt_lines.attempt_id", "DELETE FROM payment_attempts"),
    ("orphan attempt_lines.invoice_id", "DELETE FROM invoices"),
    (
        "written off",
        "UPDATE invoices SET written_off_minor = 5, open_minor = open_minor - 5 WHERE stage = 'open'",
    ),
    (
        "written off of invoice",
        "UPDATE invoices SET written_off_minor = 5, open_minor = open_minor - 5 WHERE stage = 'open'",
    ),
    (
        "disputed",
        "UPDATE invoices SET disputed_minor = 1 WHERE stage = 'open'",
    ),
    ("refunds of payment", "UPDATE payments SET refunded_minor = 1"),
    (
        "dates of credit_notes",
        "UPDATE credit_notes SET issue_date = '2001-01-01' WHERE number LIKE '%-000002'",
    ),
    (
        "rounding of invoice in the books",
        "UPDATE invoices SET rounding_minor = 1 WHERE stage = 'open'",
    ),
    (
        "revenue of credit note",
        "UPDATE postings SET debit = 'rounding' WHERE debit = 'revenue' AND kind = 'credit'",
    ),
    (
        "tax of credit note in the books",
        "UPDATE postings SET debit = 'tax' WHERE debit = 'revenue' AND kind = 'credit'",
    ),
    (
        "rounding of credit note in the books",
        "UPDATE credit_notes SET rounding_minor = 1",
    ),
    (
        "paid out of credit note",
        "UPDATE credit_notes SET refunded_minor = 1, remaining_minor = remaining_minor - 1",
    ),
    (
        "tax bases of credit note",
        "UPDATE credit_note_taxes SET base_minor = base_minor + 1",
    ),
    ("total of credit note", "UPDATE credit_notes SET charge_minor = 1"),
    (
        "book of payment",
        "UPDATE postings SET debit = 'cash_debit' WHERE kind = 'receive'",
    ),
    (
        "fee of payment",
        "INSERT INTO postings (seller_id, source_id, kind, position, account_id, buyer_id, debit, credit, currency, \
         amount_minor, booked_on, created_at) SELECT seller_id, source_id, 'fee', 1, account_id, buyer_id, 'fees', \
         'revenue', currency, 1, booked_on, created_at FROM postings WHERE kind = 'receive'",
    ),
    (
        "money back of payment",
        "UPDATE postings SET debit = 'unapplied', credit = 'cash_card' WHERE kind = 'receive'",
    ),
    (
        "credited beyond the invoice",
        "UPDATE credit_notes SET total_minor = total_minor * 4",
    ),
];

/// The same in tables that no sound trade of the above fills.
pub(super) const RARE_FAULTS: &[(&str, &str)] = &[
    ("parts of dispute", "UPDATE disputes SET amount_minor = 7"),
    (
        "lines of a vendor's bill",
        "UPDATE vendor_bills SET line_count = 3",
    ),
    (
        "credit that waits for money to go back",
        "UPDATE refunds SET state = 'pending', resolved_at = NULL; \
         UPDATE refund_lines SET credit_note_id = refund_id, amount_minor = 6",
    ),
    (
        "credit in the place of money",
        "UPDATE refund_lines SET credit_note_id = refund_id",
    ),
    (
        "invoices of credit note",
        "UPDATE credit_note_parts SET base_minor = 4",
    ),
    (
        "credited beyond the invoice",
        "UPDATE credit_note_parts SET tax_minor = 1000000",
    ),
    (
        "payment of a bank's entry",
        "UPDATE bank_entries SET payment_id = id, amount_minor = 6",
    ),
    ("bill of invoice", "UPDATE invoices SET rollup_number = 'ROL-9'"),
    (
        "bill of invoice",
        "UPDATE rollups SET voided_at = created_at, voided_on = issue_date, void_reason = 'Wrong'",
    ),
    ("bill of invoice", "UPDATE rollups SET currency = 'EUR'"),
    ("invoices of bill", "UPDATE invoices SET rollup_id = NULL"),
    ("total of bill", "UPDATE rollup_lines SET amount_minor = 4"),
    (
        "another's money on a billed invoice",
        "UPDATE rollups SET account_id = id, created_at = '2020-01-01T00:00:00+00:00'",
    ),
    (
        "numbers of rollups",
        "INSERT INTO number_counters (seller_id, kind, series, last) SELECT seller_id, 'rollup', 'ROL-2026', 3 FROM rollups",
    ),
];
