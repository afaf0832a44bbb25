//! The statements of a payment by card, written by hand: three transactions, with the gateway's calls in between left
//! out.

use crate::{
    db::{Kind, Statement, Value},
    people::{Made, id, largest, seller},
};
use serde_json::json;
use uuid::Uuid;

/// One payment.
pub(crate) struct ByHand {
    /// In the order of their ids.
    pub(crate) invoices: Vec<Uuid>,
    /// Id of the attempt.
    pub(crate) attempt: Uuid,
    /// Id of the payment.
    pub(crate) payment: Uuid,
    /// Key of the form.
    pub(crate) form: Uuid,
    /// Key of the attempt.
    pub(crate) key: String,
    /// Number of the receipt.
    pub(crate) receipt: u64,
    /// The moment of all of it.
    pub(crate) now: Value,
    /// How rows are locked.
    pub(crate) lock: &'static str,
}

const ATTEMPT: &str = "seller_id, id, account_id, buyer_id, state, idempotency_key, currency, gateway_customer, \
    gateway_intent, gateway_method, brand, last4, created_by_name, created_at, submitted_at, amount_minor";
const INVOICE: &str = "seller_id, id, account_id, buyer_id, stage, number, currency, due_date, total_minor, paid_minor, \
    credited_minor, open_minor, reserved_minor";

fn attempt_kinds() -> Vec<Kind> {
    use Kind::{At, Id, Number, Text};
    vec![
        Id, Id, Id, Id, Text, Text, Text, Text, Text, Text, Text, Text, Text, At, At, Number,
    ]
}

fn invoice_kinds() -> Vec<Kind> {
    use Kind::{Day, Id, Number, Text};
    vec![
        Id, Id, Id, Id, Text, Text, Text, Day, Number, Number, Number, Number, Number,
    ]
}

impl ByHand {
    /// The attempt and its reservations.
    pub(crate) fn reserve(&self) -> Vec<Statement> {
        use Kind::{Id, Text};
        let (buyer, user) = (Value::Id(largest()), Value::Id(id(Made::User, 1)));
        let amount = Value::Number(self.total());
        let mut statements = vec![
            Statement::write(
                "INSERT INTO idempotency (tenant_id, user_id, key, fingerprint, created_at, expires_at) \
                 VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT DO NOTHING",
                vec![
                    buyer.clone(),
                    user.clone(),
                    text(&self.key),
                    text(&"0".repeat(64)),
                    self.now.clone(),
                ],
            ),
            Statement::new(
                "SELECT id, created_by FROM payment_attempts WHERE buyer_id = $1 AND form_key = $2 LIMIT 1",
                vec![buyer.clone(), Value::Id(self.form)],
                &[Id, Id],
            ),
            self.lock_invoices("buyer_id = $1 AND stage <> 'draft'", largest()),
            Statement::new(
                "SELECT seller_id, id, gateway_customer, seller_name FROM accounts WHERE buyer_id = $1 AND id = $2",
                vec![buyer.clone(), Value::Id(id(Made::Account, 1))],
                &[Id, Id, Text, Text],
            ),
            Statement::new(
                "SELECT id, account_id, gateway_token, brand, last4 FROM cards \
                 WHERE buyer_id = $1 AND id = $2 AND removed_at IS NULL",
                vec![buyer.clone(), Value::Id(id(Made::Card, 1))],
                &[Id, Id, Text, Text, Text],
            ),
            Statement::new(
                format!(
                    "INSERT INTO payment_attempts (seller_id, id, account_id, buyer_id, state, form_key, \
                     idempotency_key, currency, amount_minor, gateway_customer, gateway_method, card_id, brand, last4, \
                     save_card, make_default, email_receipt, created_by, created_by_name, created_at, submitted_at) \
                     VALUES ($1, $2, $3, $4, 'submitted', $5, $6, 'USD', $7, 'cus_1', 'pm_saved', $8, 'visa', '4242', \
                     false, false, true, $9, 'Somebody', $10, $10) RETURNING {ATTEMPT}"
                ),
                vec![
                    Value::Id(seller()),
                    Value::Id(self.attempt),
                    Value::Id(id(Made::Account, 1)),
                    buyer,
                    Value::Id(self.form),
                    text(&self.key),
                    amount,
                    Value::Id(id(Made::Card, 1)),
                    user,
                    self.now.clone(),
                ],
                &attempt_kinds(),
            ),
            many(
                "INSERT INTO attempt_lines (seller_id, attempt_id, amount_minor, seen_minor, invoice_id) VALUES ",
                "$1, $2, 1, 1",
                vec![Value::Id(seller()), Value::Id(self.attempt)],
                self.invoices
                    .iter()
                    .map(|invoice| vec![Value::Id(*invoice)])
                    .collect(),
            ),
        ];
        statements.extend(self.invoices.iter().map(|invoice| change(*invoice, 0, 1)));
        statements.extend(self.audit(&[("submit", "payment_attempt", self.attempt)]));
        statements
    }

    /// A step of the conversation with the gateway.
    pub(crate) fn store(&self, column: &str, value: &str) -> Statement {
        Statement::write(
            format!(
                "UPDATE payment_attempts SET {column} = $1 \
                 WHERE buyer_id = $2 AND seller_id = $3 AND id = $4 AND state = 'submitted'"
            ),
            vec![
                text(value),
                Value::Id(largest()),
                Value::Id(seller()),
                Value::Id(self.attempt),
            ],
        )
    }

    /// The payment and what follows from it.
    pub(crate) fn succeed(&self) -> Vec<Statement> {
        use Kind::{Day, Id, Number, Text};
        let (this, by) = (Value::Id(self.attempt), Value::Id(seller()));
        let account = Value::Id(id(Made::Account, 1));
        let mut statements = vec![
            Statement::write(
                "UPDATE payment_attempts SET state = 'succeeded', resolved_at = $1, lease_until = NULL WHERE buyer_id = $2 \
                 AND seller_id = $3 AND id = $4 AND state IN ('submitted', 'needs_action', 'unknown')",
                vec![self.now.clone(), Value::Id(largest()), by.clone(), this.clone()],
            ),
            Statement::new(
                format!("SELECT {ATTEMPT} FROM payment_attempts WHERE seller_id = $1 AND id = $2"),
                vec![by.clone(), this.clone()],
                &attempt_kinds(),
            ),
            Statement::new(
                "SELECT invoice_id, amount_minor FROM attempt_lines WHERE seller_id = $1 AND attempt_id = $2 \
                 ORDER BY invoice_id",
                vec![by.clone(), this.clone()],
                &[Id, Number],
            ),
            self.lock_invoices("seller_id = $1", seller()),
            Statement::new(
                "SELECT id, name, street, city, postal_code, country, tax_id, billing_email, locale, time_zone \
                 FROM tenants WHERE id IN ($1, $2)",
                vec![by.clone(), Value::Id(largest())],
                &[Id, Text, Text, Text, Text, Text, Text, Text, Text, Text],
            ),
        ];
        statements.extend(self.invoices.iter().map(|invoice| change(*invoice, 1, -1)));
        let counter = "seller_id = $1 AND kind = 'receipt' AND series = 'by hand'";
        statements.extend([
            Statement::new(
                "SELECT id, email FROM users WHERE id = $1",
                vec![Value::Id(id(Made::User, 1))],
                &[Id, Text],
            ),
            Statement::write(
                "INSERT INTO number_counters (seller_id, kind, series, last) VALUES ($1, 'receipt', 'by hand', 0) \
                 ON CONFLICT DO NOTHING",
                vec![by.clone()],
            ),
            Statement::new(
                format!("SELECT last, last_date FROM number_counters WHERE {counter}{}", self.lock),
                vec![by.clone()],
                &[Number, Day],
            ),
            Statement::write(
                format!("UPDATE number_counters SET last = last + 1 WHERE {counter}"),
                vec![by.clone()],
            ),
            Statement::new(
                "INSERT INTO payments (seller_id, id, account_id, buyer_id, attempt_id, method, brand, last4, currency, \
                 amount_minor, unapplied_minor, refunded_minor, paid_on, receipt_number, reference, mailed_to, \
                 created_by, created_by_name, created_at) VALUES ($1, $2, $3, $4, $5, 'card', 'visa', '4242', 'USD', $6, \
                 0, 0, $7, $8, $9, 'buyer@bench.example', $10, 'Somebody', $11) RETURNING id, receipt_number, amount_minor",
                vec![
                    by.clone(),
                    Value::Id(self.payment),
                    account,
                    Value::Id(largest()),
                    this,
                    Value::Number(self.total()),
                    match &self.now {
                        Value::At(now) => Value::Day(now.date_naive()),
                        _ => Value::Nothing,
                    },
                    text(&format!("BY-HAND-{:010}", self.receipt)),
                    text(&format!("by hand {}", self.attempt)),
                    Value::Id(id(Made::User, 1)),
                    self.now.clone(),
                ],
                &[Id, Text, Number],
            ),
            many(
                "INSERT INTO allocations (seller_id, payment_id, amount_minor, created_at, invoice_id, id) VALUES ",
                "$1, $2, 1, $3",
                vec![by.clone(), Value::Id(self.payment), self.now.clone()],
                self.invoices.iter().map(|invoice| vec![Value::Id(*invoice), Value::Id(Uuid::now_v7())]).collect(),
            ),
        ]);
        statements.extend(self.postings());
        statements.extend(self.mail());
        let mut acts = vec![("receive", "payment", self.payment)];
        acts.extend(self.invoices.iter().map(|invoice| ("pay", "invoice", *invoice)));
        statements.extend(self.audit(&acts));
        statements
    }

    fn postings(&self) -> [Statement; 2] {
        const INTO: &str = "INSERT INTO postings (seller_id, account_id, buyer_id, payment_id, booked_on, created_at, \
             position, currency, kind, debit, credit, amount_minor, source_id, invoice_id) VALUES ";
        let day = match &self.now {
            Value::At(now) => Value::Day(now.date_naive()),
            _ => Value::Nothing,
        };
        let common = vec![
            Value::Id(seller()),
            Value::Id(id(Made::Account, 1)),
            Value::Id(largest()),
            Value::Id(self.payment),
            day,
            self.now.clone(),
        ];
        let put = |invoice: &Uuid| vec![Value::Id(Uuid::now_v7()), Value::Id(*invoice)];
        [
            Statement::write(
                format!(
                    "{INTO} ($1, $2, $3, $4, $5, $6, 1, 'USD', 'receive', 'cash_card', 'unapplied', $7, $4, NULL)"
                ),
                common
                    .iter()
                    .cloned()
                    .chain([Value::Number(self.total())])
                    .collect(),
            ),
            many(
                INTO,
                "$1, $2, $3, $4, $5, $6, 1, 'USD', 'allocate', 'unapplied', 'receivable', 1",
                common,
                self.invoices.iter().map(put).collect(),
            ),
        ]
    }

    fn mail(&self) -> [Statement; 2] {
        let mail = Uuid::now_v7();
        let body = "Thank you. ".repeat(200);
        [
            Statement::new(
                "INSERT INTO mails (seller_id, id, buyer_id, kind, about_id, recipient, reply_to, from_name, subject, text, \
                 html, state, message_id, created_at) VALUES ($1, $2, $3, 'receipt', $4, 'buyer@bench.example', \
                 'billing@northwind.example', 'Northwind Supply', 'Receipt', $5, $5, 'queued', $6, $7) RETURNING id",
                vec![
                    Value::Id(seller()),
                    Value::Id(mail),
                    Value::Id(largest()),
                    Value::Id(self.payment),
                    text(&body),
                    text(&mail.to_string()),
                    self.now.clone(),
                ],
                &[Kind::Id],
            ),
            Statement::write(
                "INSERT INTO jobs (id, tenant_id, kind, payload, unique_key, state, run_at, created_at) \
                 VALUES ($1, $2, 'by hand', $3, $4, 'queued', $5, $5) ON CONFLICT DO NOTHING",
                vec![
                    Value::Id(Uuid::now_v7()),
                    Value::Id(seller()),
                    Value::Json(json!({ "mail": mail })),
                    text(&mail.to_string()),
                    self.now.clone(),
                ],
            ),
        ]
    }

    fn audit(&self, acts: &[(&'static str, &'static str, Uuid)]) -> [Statement; 2] {
        let count = i64::try_from(acts.len()).unwrap_or(i64::MAX);
        let head = Statement::new(
            "INSERT INTO audit_heads (tenant_id, seq) VALUES ($1, $2) \
             ON CONFLICT (tenant_id) DO UPDATE SET seq = audit_heads.seq + excluded.seq RETURNING seq",
            vec![Value::Id(seller()), Value::Number(count)],
            &[Kind::Number],
        );
        // The first number is read where it is needed, so that the statements can be made beforehand.
        let rows = (0..).zip(acts).map(|(place, (action, entity, about))| {
            vec![
                Value::Number(count - 1 - place),
                Value::Id(Uuid::now_v7()),
                text(action),
                text(entity),
                Value::Id(*about),
                Value::Json(json!({ "payment": self.payment, "amount": 1, "open": 1 })),
            ]
        });
        let mut rows: Vec<Vec<Value>> = rows.collect();
        let mut values = vec![
            Value::Id(seller()),
            self.now.clone(),
            Value::Id(id(Made::User, 1)),
            Value::Id(largest()),
        ];
        let mut entries = String::from(
            "INSERT INTO audit_entries (tenant_id, at, actor_kind, actor_id, actor_name, actor_tenant_id, seq, id, action, \
             entity_kind, entity_id, after) VALUES ",
        );
        for (position, row) in rows.iter_mut().enumerate() {
            let from = values.len() + 1;
            entries.push_str(if position == 0 { "" } else { ", " });
            entries.push_str(&format!(
                "($1, $2, 'user', $3, 'Somebody', $4, (SELECT seq FROM audit_heads WHERE tenant_id = $1) - ${from}, \
                 ${}, ${}, ${}, ${}, ${})",
                from + 1,
                from + 2,
                from + 3,
                from + 4,
                from + 5
            ));
            values.append(row);
        }
        [head, Statement::write(entries, values)]
    }

    fn lock_invoices(&self, whose: &str, tenant: Uuid) -> Statement {
        let mut values = vec![Value::Id(tenant)];
        let places: Vec<String> = (2..self.invoices.len() + 2)
            .map(|place| format!("${place}"))
            .collect();
        values.extend(self.invoices.iter().map(|invoice| Value::Id(*invoice)));
        let places = places.join(", ");
        let lock = self.lock;
        let text =
            format!("SELECT {INVOICE} FROM invoices WHERE {whose} AND id IN ({places}) ORDER BY id{lock}");
        Statement::new(text, values, &invoice_kinds())
    }

    fn total(&self) -> i64 {
        i64::try_from(self.invoices.len()).unwrap_or(i64::MAX)
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// An insertion of many rows: what they have in common, then what each has of its own.
fn many(head: &str, common: &str, mut values: Vec<Value>, rows: Vec<Vec<Value>>) -> Statement {
    let mut text = head.to_owned();
    for (position, row) in rows.into_iter().enumerate() {
        text.push_str(if position == 0 { "(" } else { ", (" });
        text.push_str(common);
        for value in row {
            values.push(value);
            text.push_str(&format!(", ${}", values.len()));
        }
        text.push(')');
    }
    Statement::write(text, values)
}

/// The guarded change of an invoice's balance.
fn change(invoice: Uuid, paid: i64, reserved: i64) -> Statement {
    let text = "UPDATE invoices SET paid_minor = paid_minor + $1, credited_minor = credited_minor + 0, \
        reserved_minor = reserved_minor + $2, open_minor = open_minor - $1, \
        stage = CASE WHEN open_minor - $1 = 0 THEN 'paid' WHEN open_minor - $1 = total_minor THEN 'open' \
        ELSE 'partly_paid' END, version = version + 1 WHERE stage IN ('open', 'partly_paid', 'paid') \
        AND paid_minor + $1 >= 0 AND open_minor - $1 >= 0 AND reserved_minor + $2 BETWEEN 0 AND open_minor - $1 \
        AND seller_id = $3 AND id = $4";
    let values = vec![
        Value::Number(paid),
        Value::Number(reserved),
        Value::Id(seller()),
        Value::Id(invoice),
    ];
    Statement::write(text, values)
}
