//! The list of payments, by day and id on both sides, and what is found in it: unapplied money, refunds, check numbers.

crate::portable::migration! {
    tables: [],
    up: "
CREATE INDEX payments_list ON payments (seller_id, paid_on, id);
DROP INDEX payments_buyer;
CREATE INDEX payments_buyer ON payments (buyer_id, paid_on, id);
CREATE INDEX payments_unapplied ON payments (seller_id, paid_on, id) WHERE unapplied_minor > 0;
CREATE INDEX payments_refunded ON payments (seller_id, paid_on, id) WHERE refunded_minor > 0;
CREATE INDEX payments_memo ON payments (seller_id, memo) WHERE memo IS NOT NULL
"
}
