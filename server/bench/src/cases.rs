//! Grid pages that are measured, each as the portal's query and as statements written by hand.

use crate::{
    Outcome,
    db::{Db, Kind, Statement, Value},
    people::{largest, seller},
};
use chrono::NaiveDate;
use domain::{
    access::Side,
    invoices::{InvoiceFilter, InvoiceQuery, SortKey, Status},
    list::{COUNTED_TO, Cursor, DEFAULT_PER_PAGE, Position},
};
use sha2::{Digest, Sha256};

/// To what a page is narrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Narrowed {
    /// To nothing.
    All,
    /// To what is open.
    Open,
    /// To what is overdue.
    Overdue,
    /// To what is open of the largest buyer; only for the seller.
    OpenOfLargest,
}

/// Where a page is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// At the start.
    First,
    /// In the middle, after this row.
    Deep(Cursor),
    /// At the end.
    Last,
}

/// A page.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// Who looks.
    pub(crate) side: Side,
    /// By what it is sorted.
    pub(crate) sort: SortKey,
    /// To what it is narrowed.
    pub(crate) narrowed: Narrowed,
    /// Which page.
    pub(crate) place: Place,
    /// Today.
    pub(crate) today: NaiveDate,
}

/// Statements with numbered values.
#[derive(Default)]
struct Text {
    text: String,
    values: Vec<Value>,
}

impl Text {
    fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// A value; the same one is bound once.
    fn bind(&mut self, value: Value) -> &mut Self {
        let known = self.values.iter().position(|bound| *bound == value);
        let place = known.unwrap_or(self.values.len());
        if known.is_none() {
            self.values.push(value);
        }
        self.text.push_str(&format!("${}", place + 1));
        self
    }

    fn done(self, kinds: &[Kind]) -> Statement {
        Statement::new(self.text, self.values, kinds)
    }
}

impl Case {
    /// As the portal is asked.
    pub(crate) fn query(&self) -> InvoiceQuery {
        let statuses = match self.narrowed {
            Narrowed::All => Vec::new(),
            Narrowed::Open | Narrowed::OpenOfLargest => vec![Status::Open],
            Narrowed::Overdue => vec![Status::Overdue],
        };
        let customer = (self.narrowed == Narrowed::OpenOfLargest).then(|| "largest".to_owned());
        let position = match &self.place {
            Place::First => Position::First,
            Place::Deep(cursor) => Position::After(cursor.clone()),
            Place::Last => Position::Last,
        };
        let filter = InvoiceFilter {
            statuses,
            customer,
            ..InvoiceFilter::default()
        };
        InvoiceQuery {
            filter,
            sort: self.sort,
            position,
            ..InvoiceQuery::new(self.side)
        }
    }

    /// In words.
    pub(crate) fn name(&self) -> String {
        let side = match self.side {
            Side::Seller => "seller",
            Side::Buyer => "largest buyer",
        };
        let narrowed = match self.narrowed {
            Narrowed::All => "all",
            Narrowed::Open => "open",
            Narrowed::Overdue => "overdue",
            Narrowed::OpenOfLargest => "open of one customer",
        };
        let place = match self.place {
            Place::First => "first",
            Place::Deep(_) => "deep",
            Place::Last => "last",
        };
        format!(
            "{side}, {narrowed}, by {}, {place} page",
            format!("{:?}", self.sort).to_lowercase()
        )
    }

    /// All statements of the page: session, what the filter needs, rows, number of rows.
    pub(crate) fn bare(&self, db: &Db, token: &str) -> Vec<Statement> {
        let mut statements = vec![session(token)];
        if self.narrowed == Narrowed::OpenOfLargest {
            let mut text = Text::default();
            text.push("SELECT buyer_id FROM accounts WHERE buyer_search LIKE ");
            text.bind(Value::Text("%largest%".to_owned()))
                .push(" ESCAPE '\\' AND seller_id = ");
            text.bind(Value::Id(seller())).push(" LIMIT 9");
            statements.push(text.done(&[Kind::Id]));
        }
        if self.side == Side::Buyer && self.narrowed == Narrowed::Overdue {
            let mut text = Text::default();
            text.push("SELECT t.id, t.time_zone FROM accounts a JOIN tenants t ON t.id = a.seller_id WHERE a.buyer_id = ");
            text.bind(Value::Id(largest()));
            statements.push(text.done(&[Kind::Id, Kind::Text]));
        }
        statements.push(self.page(db));
        statements.push(self.count(db));
        statements
    }

    fn stages(&self) -> &'static [&'static str] {
        match (self.narrowed, self.side) {
            (Narrowed::All, Side::Seller) => &["draft", "open", "partly_paid", "paid", "void"],
            (Narrowed::All, Side::Buyer) => &["open", "partly_paid", "paid", "void"],
            _ => &["open", "partly_paid"],
        }
    }

    fn key(&self) -> (&'static str, Kind) {
        match self.sort {
            SortKey::Number => ("number_key", Kind::Text),
            SortKey::Total => ("total_minor", Kind::Number),
            SortKey::Open => ("open_minor", Kind::Number),
            _ => ("due_date", Kind::Day),
        }
    }

    fn conditions(&self, text: &mut Text, db: &Db, stage: &str) {
        match (self.side, self.narrowed) {
            (Side::Seller, Narrowed::OpenOfLargest) => {
                // Without statistics SQLite takes the wrong one of two indexes that fit.
                let plus = if db.is_sqlite() { "+" } else { "" };
                text.push("buyer_id = ").bind(Value::Id(largest()));
                text.push(&format!(" AND {plus}seller_id = "))
                    .bind(Value::Id(seller()));
            }
            (Side::Seller, _) => drop(text.push("seller_id = ").bind(Value::Id(seller()))),
            (Side::Buyer, _) => drop(text.push("buyer_id = ").bind(Value::Id(largest()))),
        }
        text.push(&format!(" AND stage = '{stage}'"));
        if self.narrowed == Narrowed::Overdue {
            text.push(" AND due_date < ").bind(Value::Day(self.today));
        }
    }

    /// The rows, and one more that tells whether others follow.
    pub(crate) fn page(&self, db: &Db) -> Statement {
        let limit = u64::from(DEFAULT_PER_PAGE) + 1;
        let (key, kind) = self.key();
        let word = if self.place == Place::Last { "DESC" } else { "ASC" };
        let name = if self.side == Side::Seller {
            "buyer_name"
        } else {
            "seller_name"
        };
        let zone = if self.side == Side::Seller {
            "NULL"
        } else {
            "s.time_zone"
        };
        let mut text = Text::default();
        text.push(&format!(
            "SELECT i.id, i.seller_id, i.account_id, i.number, i.{name}, i.buyer_external_id, i.order_id, i.source, \
             i.issue_date, i.due_date, i.currency, i.total_minor, i.open_minor, i.reserved_minor, i.stage, page.k, \
             {zone} FROM ("
        ));
        for (position, stage) in self.stages().iter().enumerate() {
            text.push(if position == 0 {
                "SELECT * FROM ("
            } else {
                " UNION ALL SELECT * FROM ("
            });
            text.push(&format!("SELECT seller_id, id, {key} AS k FROM invoices WHERE "));
            self.conditions(&mut text, db, stage);
            if let Place::Deep(cursor) = &self.place {
                text.push(&format!(" AND ({key}, id) > ("))
                    .bind(key_value(kind, &cursor.key));
                text.push(", ").bind(Value::Id(cursor.id)).push(")");
            }
            text.push(&format!(
                " ORDER BY {key} {word}, id {word} LIMIT {limit}) AS b{position}"
            ));
        }
        text.push(&format!(
            " ORDER BY k {word}, id {word} LIMIT {limit}) AS page \
             JOIN invoices i ON i.seller_id = page.seller_id AND i.id = page.id"
        ));
        if self.side == Side::Buyer {
            text.push(" JOIN tenants s ON s.id = i.seller_id");
        }
        text.push(&format!(" ORDER BY page.k {word}, page.id {word}"));
        use Kind::{Day, Id, Number, Text as Word};
        text.done(&[
            Id, Id, Id, Word, Word, Word, Word, Word, Day, Day, Word, Number, Number, Number, Word, kind,
            Word,
        ])
    }

    fn count(&self, db: &Db) -> Statement {
        let mut text = Text::default();
        text.push("SELECT COUNT(*) FROM (");
        for (position, stage) in self.stages().iter().enumerate() {
            text.push(if position == 0 {
                "SELECT 1 AS one FROM invoices WHERE "
            } else {
                " UNION ALL SELECT 1 AS one FROM invoices WHERE "
            });
            self.conditions(&mut text, db, stage);
        }
        text.push(&format!(" LIMIT {}) AS counted", COUNTED_TO + 1));
        text.done(&[Kind::Number])
    }

    /// The row in the middle of the list.
    pub(crate) async fn middle(&self, db: &Db) -> Outcome<Place> {
        let (key, kind) = self.key();
        let union = |what: &str| {
            let mut text = Text::default();
            text.push(if what == "k" {
                "SELECT k, id FROM ("
            } else {
                "SELECT COUNT(*) FROM ("
            });
            for (position, stage) in self.stages().iter().enumerate() {
                text.push(if position == 0 { "" } else { " UNION ALL " });
                text.push(&format!("SELECT {key} AS k, id FROM invoices WHERE "));
                self.conditions(&mut text, db, stage);
            }
            text.push(") AS merged");
            text
        };
        let counted = db.rows(&union("count").done(&[Kind::Number])).await?;
        let Some([Value::Number(count)]) = counted.first().map(Vec::as_slice) else {
            return Err("no count".into());
        };
        let mut text = union("k");
        text.push(&format!(" ORDER BY k, id LIMIT 1 OFFSET {}", count / 2));
        let found = db.rows(&text.done(&[kind, Kind::Id])).await?;
        let Some([key, Value::Id(id)]) = found.first().map(Vec::as_slice) else {
            return Err("no middle".into());
        };
        let key = match key {
            Value::Day(day) => day.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.clone(),
            other => return Err(format!("no key: {other:?}").into()),
        };
        Ok(Place::Deep(Cursor::new(&key, *id)))
    }
}

fn key_value(kind: Kind, key: &str) -> Value {
    match kind {
        Kind::Day => key.parse().map_or(Value::Nothing, Value::Day),
        Kind::Number => key.parse().map_or(Value::Nothing, Value::Number),
        _ => Value::Text(key.to_owned()),
    }
}

/// The session check of every request.
pub(crate) fn session(token: &str) -> Statement {
    use Kind::{At, Id, Small, Text as Word};
    let hash: String = Sha256::digest(token.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Statement::new(
        "SELECT s.seen_at, s.expires_at, u.id, u.name, u.email, m.seller_role, m.buyer_role, t.id, t.kind, t.name, \
         t.locale, t.time_zone, t.currency, t.accent, t.support_phone, t.billing_email, m.seller_custom, m.buyer_custom, \
         sr.changes, br.changes, s.created_at, f.user_id, x.second_factor, x.office_idle_minutes, x.idle_minutes, \
         x.absolute_hours, s.token_hash, s.user_agent, s.address, t.state, t.logo_hash, g.opened_at, g.id \
         FROM sessions s JOIN users u ON u.id = s.user_id \
         JOIN memberships m ON m.user_id = s.user_id AND m.tenant_id = s.tenant_id \
         JOIN tenants t ON t.id = s.tenant_id \
         LEFT JOIN tenant_groups g ON g.tenant_id = t.parent_id AND g.id = t.group_id \
         LEFT JOIN roles sr ON sr.tenant_id = m.tenant_id AND sr.side = 'seller' \
         AND sr.code = COALESCE(m.seller_custom, m.seller_role) \
         LEFT JOIN roles br ON br.tenant_id = m.tenant_id AND br.side = 'buyer' \
         AND br.code = COALESCE(m.buyer_custom, m.buyer_role) \
         LEFT JOIN second_factors f ON f.user_id = s.user_id AND f.confirmed_at IS NOT NULL \
         LEFT JOIN security_settings x ON x.tenant_id = s.tenant_id \
         WHERE u.disabled_at IS NULL AND m.state = 'active' AND s.token_hash = $1",
        vec![Value::Text(hash)],
        &[
            At, At, Id, Word, Word, Word, Word, Id, Word, Word, Word, Word, Word, Word, Word, Word, Word,
            Word, Word, Word, At, Id, Word, Small, Small, Small, Word, Word, Word, Word, Word, At, Id,
        ],
    )
}
