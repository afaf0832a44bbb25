//! What is measured of reading: grid pages and the page of an invoice.

use crate::{
    Outcome,
    cases::{Case, Narrowed, Place, session},
    db::{Db, Kind, Statement, Value},
    figures::{Figure, Group, Spread, in_turns},
    people::{Made, People, id, largest, seller},
};
use backend::{
    Actor, Backend,
    invoices::read::{find, list},
    sessions::read::viewer,
};
use domain::{
    access::{Side, ViewIssuedInvoices, ViewReceivedInvoices},
    ids::InvoiceId,
    invoices::{InvoiceQuery, SortKey},
};
use std::{hint::black_box, time::Instant};

const ROUNDS: usize = 200;

/// One measured database.
pub(crate) struct Bench {
    /// The portal.
    pub(crate) backend: Backend,
    /// The bare driver.
    pub(crate) db: Db,
    /// Who is signed in.
    pub(crate) people: People,
    /// Invoices.
    pub(crate) count: u64,
}

impl Bench {
    /// Token of the session on a side.
    pub(crate) fn token(&self, side: Side) -> &str {
        match side {
            Side::Seller => &self.people.seller_token,
            Side::Buyer => &self.people.buyer_token,
        }
    }

    /// The session check: the person and their actor from a token.
    pub(crate) async fn actor(&self, side: Side) -> Outcome<Actor> {
        let found = viewer(&self.backend, self.token(side)).await?;
        found
            .map(|(actor, _)| actor)
            .ok_or_else(|| "the session is not known".into())
    }

    /// Lets go of the database.
    pub(crate) async fn close(self) -> Outcome {
        self.db.close().await;
        Ok(self.backend.close().await?)
    }

    async fn page(&self, query: &InvoiceQuery) -> Outcome {
        let actor = self.actor(query.side).await?;
        let page = match query.side {
            Side::Seller => list(&actor.permit::<ViewIssuedInvoices>()?, query).await?,
            Side::Buyer => list(&actor.permit::<ViewReceivedInvoices>()?, query).await?,
        };
        if page.rows.len() < usize::from(query.per_page) {
            return Err(format!("only {} rows", page.rows.len()).into());
        }
        black_box(page);
        Ok(())
    }

    /// The same through the bare driver, all rows read.
    pub(crate) async fn bare(&self, statements: &[Statement]) -> Outcome {
        for statement in statements {
            black_box(self.db.rows(statement).await?);
        }
        Ok(())
    }

    /// Grid pages by the sorts and filters that the bars name.
    async fn cases(&self) -> Outcome<Vec<Case>> {
        let mut cases = Vec::new();
        let today = self.people.now.date_naive();
        for side in [Side::Seller, Side::Buyer] {
            for narrowed in [
                Narrowed::All,
                Narrowed::Open,
                Narrowed::Overdue,
                Narrowed::OpenOfLargest,
            ] {
                if (side, narrowed) == (Side::Buyer, Narrowed::OpenOfLargest) {
                    continue;
                }
                for sort in [SortKey::Due, SortKey::Number, SortKey::Total, SortKey::Open] {
                    let first = Case {
                        side,
                        sort,
                        narrowed,
                        place: Place::First,
                        today,
                    };
                    let deep = first.middle(&self.db).await?;
                    for place in [Place::First, deep, Place::Last] {
                        cases.push(Case {
                            place,
                            ..first.clone()
                        });
                    }
                }
            }
        }
        Ok(cases)
    }

    /// Whether the list is long enough for a whole page there.
    async fn is_whole(&self, case: &Case) -> Outcome<bool> {
        let page = self.db.rows(&case.page(&self.db)).await?;
        Ok(page.len() >= usize::from(case.query().per_page))
    }

    /// Data of grid pages beside the same statements by hand.
    pub(crate) async fn grid(&self) -> Outcome<Vec<Figure>> {
        let mut figures = Vec::new();
        for case in self.cases().await? {
            if !self.is_whole(&case).await? {
                continue;
            }
            let query = case.query();
            let statements = case.bare(&self.db, self.token(case.side));
            let (ours, bare) = in_turns(ROUNDS, || self.page(&query), || self.bare(&statements)).await?;
            figures.push(Figure {
                group: Group::Grid,
                name: case.name(),
                ours,
                bare: Some(bare),
            });
        }
        Ok(figures)
    }

    /// Grid pages beside the same pages of a smaller database. In turns: figures that were taken minutes apart tell
    /// more of the machine than of the lists.
    pub(crate) async fn growth(&self, smaller: &Self) -> Outcome<Vec<Figure>> {
        let mut figures = Vec::new();
        let cases = self.cases().await?.into_iter().zip(smaller.cases().await?);
        for (case, before) in cases {
            if !self.is_whole(&case).await? || !smaller.is_whole(&before).await? {
                continue;
            }
            let (query, query_before) = (case.query(), before.query());
            let (ours, bare) = in_turns(ROUNDS, || self.page(&query), || smaller.page(&query_before)).await?;
            figures.push(Figure {
                group: Group::Growth,
                name: case.name(),
                ours,
                bare: Some(bare),
            });
        }
        Ok(figures)
    }

    /// The last page of each list beside its first one, in turns; once by the portal and once by hand.
    pub(crate) async fn last_pages(&self) -> Outcome<Vec<Figure>> {
        let mut figures = Vec::new();
        for last in self.cases().await? {
            if last.place != Place::Last || !self.is_whole(&last).await? {
                continue;
            }
            let first = Case {
                place: Place::First,
                ..last.clone()
            };
            let (query, query_first) = (last.query(), first.query());
            let (ours, bare) = in_turns(ROUNDS, || self.page(&query), || self.page(&query_first)).await?;
            figures.push(Figure {
                group: Group::Last,
                name: last.name(),
                ours,
                bare: Some(bare),
            });
            let token = self.token(last.side);
            let (by_hand, by_hand_first) = (last.bare(&self.db, token), first.bare(&self.db, token));
            let (ours, bare) = in_turns(ROUNDS, || self.bare(&by_hand), || self.bare(&by_hand_first)).await?;
            figures.push(Figure {
                group: Group::LastByHand,
                name: last.name(),
                ours,
                bare: Some(bare),
            });
        }
        Ok(figures)
    }

    /// Grid pages by the other sorts.
    pub(crate) async fn other_sorts(&self) -> Outcome<Vec<Figure>> {
        let mut figures = Vec::new();
        let today = self.people.now.date_naive();
        let sorts = [
            SortKey::Issued,
            SortKey::Counterparty,
            SortKey::Order,
            SortKey::Source,
            SortKey::Status,
        ];
        for side in [Side::Seller, Side::Buyer] {
            for narrowed in [Narrowed::All, Narrowed::Open] {
                for (sort, place) in sorts
                    .into_iter()
                    .flat_map(|sort| [(sort, Place::First), (sort, Place::Last)])
                {
                    let case = Case {
                        side,
                        sort,
                        narrowed,
                        place,
                        today,
                    };
                    let query = case.query();
                    let mut times = Vec::new();
                    for round in 0..13 {
                        let start = Instant::now();
                        self.page(&query).await?;
                        if round >= 2 {
                            times.push(start.elapsed());
                        }
                    }
                    let ours = Spread::of(times);
                    figures.push(Figure {
                        group: Group::OtherSort,
                        name: case.name(),
                        ours,
                        bare: None,
                    });
                }
            }
        }
        Ok(figures)
    }

    /// The page of one invoice, a paid one.
    pub(crate) async fn invoice(&self) -> Outcome<Vec<Figure>> {
        let mut figures = Vec::new();
        // Number 503 is the largest buyer's and paid.
        let invoice = id(Made::Invoice, 503);
        for side in [Side::Seller, Side::Buyer] {
            let ours = async || {
                let actor = self.actor(side).await?;
                let id = InvoiceId(invoice);
                let found = match side {
                    Side::Seller => find(&actor.permit::<ViewIssuedInvoices>()?, id).await?,
                    Side::Buyer => find(&actor.permit::<ViewReceivedInvoices>()?, id).await?,
                };
                if found.lines.len() != 2 || found.settlements.len() != 1 {
                    return Err("not the page that was expected".into());
                }
                Ok(())
            };
            let statements = invoice_statements(self.token(side), side, invoice);
            let (ours, bare) = in_turns(ROUNDS, ours, || self.bare(&statements)).await?;
            let name = if side == Side::Seller {
                "as the seller"
            } else {
                "as the buyer"
            };
            figures.push(Figure {
                group: Group::Invoice,
                name: name.to_owned(),
                ours,
                bare: Some(bare),
            });
        }
        Ok(figures)
    }
}

fn invoice_statements(token: &str, side: Side, invoice: uuid::Uuid) -> Vec<Statement> {
    use Kind::{At, Day, Id, Number, Small, Text};
    let (own, tenant, condition) = match side {
        Side::Seller => ("seller_id", seller(), ""),
        Side::Buyer => ("buyer_id", largest(), " AND stage <> 'draft'"),
    };
    let key = || vec![Value::Id(seller()), Value::Id(invoice)];
    let parts = |columns: &str, table: &str, order: &str, kinds: &[Kind]| {
        let text = format!("SELECT {columns} FROM {table} WHERE seller_id = $1 AND invoice_id = $2{order}");
        Statement::new(text, key(), kinds)
    };
    let head = format!(
        "SELECT seller_id, id, account_id, buyer_id, stage, source, number, order_id, currency, issue_date, due_date, \
         lines_minor, discount_minor, charge_minor, net_minor, tax_minor, rounding_minor, total_minor, paid_minor, \
         credited_minor, open_minor, reserved_minor, buyer_name, buyer_external_id, seller_name, note FROM invoices \
         WHERE {own} = $1 AND id = $2{condition}"
    );
    let mut head_kinds = vec![Id, Id, Id, Id, Text, Text, Text, Text, Text, Day, Day];
    head_kinds.extend([Number; 11]);
    head_kinds.extend([Text; 4]);
    vec![
        session(token),
        Statement::new(head, vec![Value::Id(tenant), Value::Id(invoice)], &head_kinds),
        Statement::new(
            "SELECT time_zone FROM tenants WHERE id = $1",
            vec![Value::Id(seller())],
            &[Text],
        ),
        parts(
            "role, name, street, city, postal_code, country, tax_id, email",
            "invoice_parties",
            "",
            &[Text; 8],
        ),
        parts(
            "position, item_code, description, quantity, unit_price, discount_minor, net_minor, tax_category, tax_rate",
            "invoice_lines",
            " ORDER BY position",
            &[Small, Text, Text, Number, Number, Number, Number, Text, Number],
        ),
        parts(
            "category, rate, base_minor, tax_minor, reason",
            "invoice_taxes",
            " ORDER BY category, rate DESC",
            &[Text, Number, Number, Number, Text],
        ),
        Statement::new(
            SETTLEMENTS,
            key(),
            &[Id, Text, Text, Text, Day, At, Text, Text, Number],
        ),
        Statement::new(
            "SELECT at, actor_kind, actor_name, action FROM audit_entries WHERE tenant_id = $1 \
             AND entity_kind = 'invoice' AND entity_id = $2 ORDER BY seq DESC LIMIT 200",
            key(),
            &[At, Text, Text, Text],
        ),
    ]
}

const SETTLEMENTS: &str = "\
    SELECT p.id AS id, p.method AS kind, p.brand AS brand, p.last4 AS last4, p.paid_on AS day, p.created_at AS at, \
    p.receipt_number AS reference, p.memo AS memo, CAST(SUM(a.amount_minor) AS bigint) AS amount \
    FROM allocations a JOIN payments p ON p.seller_id = a.seller_id AND p.id = a.payment_id \
    WHERE a.seller_id = $1 AND a.invoice_id = $2 \
    GROUP BY p.id, p.method, p.brand, p.last4, p.paid_on, p.created_at, p.receipt_number, p.memo \
    HAVING SUM(a.amount_minor) <> 0 UNION ALL \
    SELECT c.id, 'credit_note', NULL, NULL, c.issue_date, c.created_at, c.number, c.reason, \
    CAST(SUM(a.amount_minor) AS bigint) \
    FROM allocations a JOIN credit_notes c ON c.seller_id = a.seller_id AND c.id = a.credit_note_id \
    WHERE a.seller_id = $1 AND a.invoice_id = $2 \
    GROUP BY c.id, c.issue_date, c.created_at, c.number, c.reason HAVING SUM(a.amount_minor) <> 0 UNION ALL \
    SELECT t.id, t.state, t.brand, t.last4, NULL, t.created_at, t.gateway_intent, NULL, l.amount_minor \
    FROM attempt_lines l JOIN payment_attempts t ON t.seller_id = l.seller_id AND t.id = l.attempt_id \
    WHERE l.seller_id = $1 AND l.invoice_id = $2 AND t.state <> 'succeeded' ORDER BY 6 DESC, 1 DESC";
