//! Payment reminders: what a seller wants of them, to whom it sends none, and what was sent.
//!
//! That an invoice is reminded of once at each step, and once a day at most, is said by two unique indexes: however often
//! the job runs, and on however many nodes. A reminder that somebody sent by hand has no step, and no step is unlike any
//! other. All of it is the seller's to know: a buyer sees the mail, and the line in the invoice's history.

use crate::walls::Wall;

crate::portable::migration! {
    tables: ["reminder_settings", "reminder_stops", "reminders"],
    columns: [],
    walls: [
        Wall::sellers_own("reminder_settings"), Wall::sellers_own("reminder_stops"), Wall::sellers_own("reminders"),
    ],
    up: "
CREATE TABLE reminder_settings (
    seller_id UUID NOT NULL PRIMARY KEY REFERENCES tenants (id),
    is_on boolean NOT NULL,
    content JSON NOT NULL,
    changed_at INSTANT NOT NULL
);
CREATE TABLE reminder_stops (
    seller_id UUID NOT NULL,
    account_id UUID NOT NULL,
    reason text NOT NULL,
    stopped_by_name text NOT NULL,
    stopped_at INSTANT NOT NULL,
    PRIMARY KEY (seller_id, account_id),
    FOREIGN KEY (seller_id, account_id) REFERENCES accounts (seller_id, id)
);
CREATE TABLE reminders (
    seller_id UUID NOT NULL,
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    step integer CHECK (step >= 1),
    currency char(3) NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    disputed_minor bigint NOT NULL CHECK (disputed_minor >= 0),
    sent_on DAY NOT NULL,
    mail_id UUID NOT NULL,
    sent_by_name text NOT NULL,
    sent_at INSTANT NOT NULL,
    PRIMARY KEY (seller_id, id),
    FOREIGN KEY (seller_id, account_id, buyer_id) REFERENCES accounts (seller_id, id, buyer_id),
    FOREIGN KEY (seller_id, invoice_id) REFERENCES invoices (seller_id, id)
);
CREATE UNIQUE INDEX reminders_step ON reminders (seller_id, invoice_id, step);
CREATE UNIQUE INDEX reminders_day ON reminders (seller_id, invoice_id, sent_on)
"
}
