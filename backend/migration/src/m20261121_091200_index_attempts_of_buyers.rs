//! The index behind what a buyer may see of its attempts' lines: their visibility is a sub-query on its attempts.

crate::portable::migration! {
    tables: [],
    up: "
CREATE INDEX payment_attempts_buyer ON payment_attempts (buyer_id, seller_id, id);
"
}
