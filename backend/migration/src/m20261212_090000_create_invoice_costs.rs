//! Costs of an invoice as a whole, each with its name; their sum is the invoice's charge. Of a charge that was there before,
//! only the sum is known.

use crate::walls::Wall;

crate::portable::migration! {
    tables: ["invoice_costs"],
    columns: [],
    walls: [Wall::part_of("invoice_costs", "invoice_id", "invoices")],
    up: "
CREATE TABLE invoice_costs (
    seller_id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    position integer NOT NULL CHECK (position > 0),
    description text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    PRIMARY KEY (seller_id, invoice_id, position),
    FOREIGN KEY (seller_id, invoice_id) REFERENCES invoices (seller_id, id)
)
"
}
