//! The indexes behind the invoice grid: a page and its length cost the same at a thousand rows and at a million.
//!
//! A list is read one stage at a time (side, stage, sort key, id) and the pieces are merged, so every combination of
//! status filter and sort is a few short ranges. `due_date` at the end lets "overdue" be judged inside the index, and
//! the buyer's indexes end with the seller, which together with the id finds the row. No index is partial: on SQLite a
//! bound predicate would make it visit the table row by row. A buyer who opens one invoice knows its id alone, hence
//! the first one; the last one holds the keys of the seldom used sorts, so that a buyer's invoices are sorted by them
//! without being read.

crate::portable::migration! {
    tables: [],
    up: "
CREATE UNIQUE INDEX invoices_id ON invoices (id);
CREATE INDEX invoices_by_due ON invoices (seller_id, stage, due_date, id);
CREATE INDEX invoices_by_number ON invoices (seller_id, stage, number_key, id, due_date);
CREATE INDEX invoices_by_total ON invoices (seller_id, stage, total_minor, id, due_date);
CREATE INDEX invoices_by_open ON invoices (seller_id, stage, open_minor, id, due_date);
CREATE INDEX invoices_by_issue ON invoices (seller_id, stage, issue_key, id, due_date);
CREATE INDEX invoices_by_buyer ON invoices (seller_id, stage, buyer_key, id, due_date);
CREATE INDEX invoices_by_order ON invoices (seller_id, stage, order_key, id, due_date);
CREATE INDEX invoices_by_source ON invoices (seller_id, stage, source, id, due_date);
CREATE INDEX invoices_to_pay_by_due ON invoices (buyer_id, stage, due_date, id, seller_id);
CREATE INDEX invoices_to_pay_by_number ON invoices (buyer_id, stage, number_key, id, due_date, seller_id);
CREATE INDEX invoices_to_pay_by_total ON invoices (buyer_id, stage, total_minor, id, due_date, seller_id);
CREATE INDEX invoices_to_pay_by_open ON invoices (buyer_id, stage, open_minor, id, due_date, seller_id);
CREATE INDEX invoices_to_pay_by_issue ON invoices
    (buyer_id, stage, issue_key, id, due_date, seller_id, order_key, source, seller_key, buyer_key);
"
}
