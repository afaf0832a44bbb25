//! Autopay of an account in a currency, and which attempts are its own.
//!
//! `failures` and `failing_since` count the refusals since the last payment, `next_on` is the day before which nothing is
//! tried, `paused` is the code of what made it give up. A card remembers when its expiry was told.

use crate::walls::Wall;

crate::portable::migration! {
    tables: ["autopays"],
    columns: ["payment_attempts" "by_itself", "cards" "expiry_told_at"],
    walls: [Wall::papers("autopays")],
    up: "
CREATE TABLE autopays (
    seller_id UUID NOT NULL,
    account_id UUID NOT NULL,
    currency char(3) NOT NULL,
    buyer_id UUID NOT NULL,
    is_on boolean NOT NULL,
    on_by UUID NOT NULL REFERENCES users (id),
    on_by_name text NOT NULL,
    on_at INSTANT NOT NULL,
    failures integer NOT NULL CHECK (failures >= 0),
    failing_since DAY,
    next_on DAY,
    paused text,
    PRIMARY KEY (seller_id, account_id, currency),
    FOREIGN KEY (seller_id, account_id, buyer_id) REFERENCES accounts (seller_id, id, buyer_id),
    CHECK ((failures = 0) = (failing_since IS NULL))
);
CREATE INDEX autopays_at_work ON autopays (seller_id, account_id, currency) WHERE is_on AND paused IS NULL;
ALTER TABLE payment_attempts ADD COLUMN by_itself boolean NOT NULL DEFAULT FALSE;
CREATE INDEX payment_attempts_by_itself ON payment_attempts (seller_id, account_id, currency) WHERE by_itself;
ALTER TABLE cards ADD COLUMN expiry_told_at INSTANT
"
}
