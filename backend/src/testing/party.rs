//! A tenant of a world, what it may do, and the invoices that its seller writes to it.

use super::Resident;
use crate::{
    Actor, Backend, Scope,
    invoices::write::{self, AccountFacts, NewInvoice, Rows},
    new_id,
    scope::{NewActor, Subsidiaries, Who},
    seed::settle::{self, Received},
};
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use domain::{
    Currency, Money, Quantity, TaxRate, UnitPrice,
    access::{BuyerReach, BuyerRole, Permit, Rights, Roles, SellerRole, TenantKind},
    ids::{AccountId, InvoiceId, TenantId, UserId},
    invoices::{
        Cost, InvoiceLine, Source, TaxCategory,
        totals::{Line, WholeDocument, line_net, totals},
    },
    locale::{Locale, parse_amount},
};
use std::future::{Future, IntoFuture};
use std::pin::Pin;

/// A tenant of a world.
#[derive(Clone)]
pub struct Party {
    backend: Backend,
    id: TenantId,
    kind: TenantKind,
    user: UserId,
    name: String,
    person: String,
    facts: Option<AccountFacts>,
}

impl Party {
    pub(super) fn new(backend: Backend, resident: Resident) -> Self {
        let Resident {
            new,
            user,
            person,
            facts,
            ..
        } = resident;
        Self {
            backend,
            id: new.id,
            kind: new.kind,
            user,
            name: new.company.party.name,
            person,
            facts,
        }
    }

    /// Its id.
    pub fn id(&self) -> TenantId {
        self.id
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its tier.
    pub fn kind(&self) -> TenantKind {
        self.kind
    }

    /// Its admin's id.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// The account on which its seller bills it.
    pub fn account(&self) -> AccountId {
        self.facts().account
    }

    /// Who bills it.
    pub fn seller(&self) -> TenantId {
        self.facts().seller
    }

    /// Its admin, on every side that it has.
    pub fn admin(&self) -> Actor {
        self.actor(Roles {
            seller: self.kind.sells().then_some(SellerRole::Admin),
            buyer: self.kind.buys().then_some(BuyerRole::Admin),
        })
    }

    /// Somebody with other roles.
    pub fn actor(&self, roles: Roles) -> Actor {
        self.holding(Rights::of(self.kind, roles))
            .reaching(BuyerReach::at_first(roles.buyer), Subsidiaries::default())
    }

    /// Somebody with just these permissions.
    pub fn holding(&self, rights: Rights) -> Actor {
        Actor::new(NewActor {
            backend: self.backend.clone(),
            who: Who::User {
                id: self.user,
                name: self.person.clone(),
            },
            tenant: self.id,
            kind: self.kind,
            rights,
            time_zone: Tz::UTC,
        })
    }

    /// Somebody with a role on the buyer's side that reaches so far, as a request finds them.
    pub async fn reaching(&self, role: BuyerRole, reach: BuyerReach) -> Actor {
        let below = Subsidiaries::of(&self.backend, self.id).await.unwrap();
        let roles = Roles {
            seller: None,
            buyer: Some(role),
        };
        self.actor(roles).reaching(reach, below)
    }

    /// Its admin's scope.
    pub fn scope<P: Permit>(&self) -> Scope<P> {
        self.admin().permit().unwrap()
    }

    /// An invoice to it from its seller, to be awaited: issued today, due in 30 days, one line, no tax.
    pub fn invoice(&self, amount: &str) -> InvoiceBuilder {
        let today = self.backend.now().date_naive();
        InvoiceBuilder {
            party: self.clone(),
            amount: amount.to_owned(),
            currency: Currency::USD,
            issued: today,
            due: today + TimeDelta::days(30),
            number: None,
            order: None,
            source: Source::Manual,
            tax: TaxRate::from_scaled(0),
            item: ("SVC-1".to_owned(), 1),
            costs: Vec::new(),
            paid: None,
            draft: false,
        }
    }

    fn facts(&self) -> &AccountFacts {
        self.facts
            .as_ref()
            .unwrap_or_else(|| panic!("nobody bills the distributor"))
    }
}

/// An invoice that is being written. Await it to have it issued.
#[must_use = "an invoice is issued when it is awaited"]
pub struct InvoiceBuilder {
    party: Party,
    amount: String,
    currency: Currency,
    issued: NaiveDate,
    due: NaiveDate,
    number: Option<String>,
    order: Option<String>,
    source: Source,
    tax: TaxRate,
    item: (String, i64),
    costs: Vec<(String, String)>,
    paid: Option<String>,
    draft: bool,
}

impl InvoiceBuilder {
    /// Due in so many days; less than nothing: overdue.
    pub fn due(mut self, days: i64) -> Self {
        self.due = self.party.backend.now().date_naive() + TimeDelta::days(days);
        self
    }

    /// Issued so many days ago.
    pub fn issued_ago(mut self, days: i64) -> Self {
        self.issued = self.party.backend.now().date_naive() - TimeDelta::days(days);
        self
    }

    /// In another currency than US dollars.
    pub fn currency(mut self, currency: Currency) -> Self {
        self.currency = currency;
        self
    }

    /// With a number of its own.
    pub fn number(mut self, number: &str) -> Self {
        self.number = Some(number.to_owned());
        self
    }

    /// Made from an order.
    pub fn order(mut self, order: &str) -> Self {
        self.order = Some(order.to_owned());
        self.source = Source::Order;
        self
    }

    /// Taxed at so many percent, on top of the amount.
    pub fn tax(mut self, percent: i64) -> Self {
        self.tax = TaxRate::from_scaled(percent * 10_000);
        self
    }

    /// Over so many of a product, each at the amount.
    pub fn item(mut self, code: &str, count: i64) -> Self {
        self.item = (code.to_owned(), count);
        self
    }

    /// With a cost of the whole, such as freight.
    pub fn cost(mut self, name: &str, amount: &str) -> Self {
        self.costs.push((name.to_owned(), amount.to_owned()));
        self
    }

    /// Paid in part or in full, by hand, today.
    pub fn paid(mut self, amount: &str) -> Self {
        self.paid = Some(amount.to_owned());
        self
    }

    /// Not issued.
    pub fn draft(mut self) -> Self {
        self.draft = true;
        self
    }

    fn money(&self, text: &str) -> Money {
        parse_amount(text, self.currency, Locale::EnUs).unwrap()
    }

    /// The invoice as a command takes it, not issued.
    pub fn new_invoice(&self) -> NewInvoice {
        let (code, count) = self.item.clone();
        let quantity = Quantity::from_scaled(count * 1_000_000);
        let unit_price = UnitPrice::from_decimal(self.money(&self.amount).to_decimal()).unwrap();
        let discount = Money::zero(self.currency);
        let line = InvoiceLine {
            position: 1,
            item_code: Some(code),
            description: "Service".to_owned(),
            quantity,
            unit_price,
            discount,
            net: line_net(quantity, unit_price, discount).unwrap(),
            tax_category: if self.tax.scaled() == 0 {
                TaxCategory::Z
            } else {
                TaxCategory::S
            },
            tax_rate: self.tax,
        };
        let cost = |(name, amount): &(String, String)| Cost {
            description: name.clone(),
            amount: self.money(amount),
        };
        let costs: Vec<Cost> = self.costs.iter().map(cost).collect();
        let charge = Money::sum(self.currency, costs.iter().map(|cost| cost.amount)).unwrap();
        let whole = WholeDocument {
            charge,
            ..WholeDocument::plain(self.currency)
        };
        NewInvoice {
            account: self.party.account(),
            number: self.number.clone(),
            source: self.source,
            order_id: self.order.clone(),
            issue_date: self.issued,
            due_date: self.due,
            totals: totals(self.currency, &[Line::from(&line)], &whole).unwrap(),
            lines: vec![line],
            costs,
            note: None,
            import: None,
        }
    }

    async fn issue(self) -> InvoiceId {
        let facts = self.party.facts().clone();
        let founder = Actor::founder(&self.party.backend, facts.seller, "Founder");
        let mut tx = founder.found().await.unwrap();
        let document = self.new_invoice();
        let id = if self.draft {
            let mut rows = Rows::default();
            let id = InvoiceId(new_id());
            rows.add_draft(id, &facts, &document, tx.now()).unwrap();
            rows.insert(&tx).await.unwrap();
            id
        } else {
            write::issue_all(&mut tx, &[(&facts, &document)]).await.unwrap()[0]
        };
        if let Some(paid) = &self.paid {
            let amount = self.money(paid);
            let received = Received::offline(amount, tx.now().date_naive(), vec![(id, amount)]);
            settle::record(&mut tx, &facts, &[received]).await.unwrap();
        }
        tx.commit().await.unwrap();
        id
    }
}

impl IntoFuture for InvoiceBuilder {
    type Output = InvoiceId;
    type IntoFuture = Pin<Box<dyn Future<Output = InvoiceId> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.issue())
    }
}
