//! Parts of invoices that a buyer says are not owed, and what became of that.
//!
//! What waits for an answer is kept on the invoice, so that lists and the payment page need not add it up. Days are the
//! seller's, for debts by age on past days. A part keeps what its line was called: the line may be changed once the
//! dispute has ended. The two indexes hold only what is disputed, which is little.

use crate::walls::Wall;

crate::portable::migration! {
    tables: ["disputes", "dispute_parts"],
    columns: ["invoices" "disputed_minor"],
    walls: [Wall::papers("disputes"), Wall::part_of("dispute_parts", "dispute_id", "disputes")],
    up: "
CREATE TABLE disputes (
    seller_id UUID NOT NULL,
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'credited', 'refused', 'withdrawn')),
    currency char(3) NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    reason text NOT NULL,
    opened_on DAY NOT NULL,
    mailed_to text,
    created_by UUID REFERENCES users (id),
    created_by_name text NOT NULL,
    created_at INSTANT NOT NULL,
    answer text,
    credit_note_id UUID,
    ended_on DAY,
    ended_by_name text,
    ended_at INSTANT,
    PRIMARY KEY (seller_id, id),
    FOREIGN KEY (seller_id, account_id, buyer_id) REFERENCES accounts (seller_id, id, buyer_id),
    FOREIGN KEY (seller_id, invoice_id) REFERENCES invoices (seller_id, id),
    FOREIGN KEY (seller_id, credit_note_id) REFERENCES credit_notes (seller_id, id),
    CHECK ((state = 'open') = (ended_on IS NULL)),
    CHECK ((state = 'open') = (ended_at IS NULL)),
    CHECK ((state = 'credited') = (credit_note_id IS NOT NULL))
);
CREATE INDEX disputes_invoice ON disputes (seller_id, invoice_id);
CREATE TABLE dispute_parts (
    seller_id UUID NOT NULL,
    dispute_id UUID NOT NULL,
    position integer NOT NULL CHECK (position >= 1),
    description text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    PRIMARY KEY (seller_id, dispute_id, position),
    FOREIGN KEY (seller_id, dispute_id) REFERENCES disputes (seller_id, id)
);
ALTER TABLE invoices ADD COLUMN disputed_minor bigint NOT NULL DEFAULT 0 CHECK (disputed_minor >= 0);
CREATE INDEX invoices_disputed ON invoices (seller_id, stage, due_date, id) WHERE disputed_minor > 0;
CREATE INDEX invoices_to_pay_disputed ON invoices (buyer_id, stage, due_date, id, seller_id) WHERE disputed_minor > 0
"
}
