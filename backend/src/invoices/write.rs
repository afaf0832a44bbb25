//! Issuing invoices.
//!
//! What is issued is final: parties, amounts and terms are written down as they are at that moment (V17), with the
//! number taken in the same transaction (V21), and what is owed is in the books. It is one file: one act, read from top to end.

use super::{
    costs,
    rows::{key, stored_stage},
};
use crate::{
    Error,
    codes::Stored,
    ledger::{Books, Entry, Journal},
    new_id,
    numbering::{self, Numbered},
    profiles::{Bound, bind},
    scope::{Act, Scope, Tx},
    transact::transact,
};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    Currency, Money,
    access::Permit,
    ids::{AccountId, ImportId, InvoiceId, ProfileId, TenantId},
    invoices::{Cost, InvoiceLine, Source, Totals},
    ledger::{self, EntryKind},
    tenants::Party,
};
use entity::{
    account, account_currency, codes,
    codes::{PartyRole, Stage},
    invoice, invoice_cost, invoice_line, invoice_party, invoice_tax, tenant,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::OnConflict,
};
use std::collections::BTreeSet;

/// An invoice to be issued, added up already (V6 to V9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInvoice {
    /// On which account it stands.
    pub account: AccountId,
    /// Its number if it has one already, such as an imported one (D18); else it gets the next of the series.
    pub number: Option<String>,
    /// Where it comes from.
    pub source: Source,
    /// The order it was made from.
    pub order_id: Option<String>,
    /// When it is issued.
    pub issue_date: NaiveDate,
    /// When it is due.
    pub due_date: NaiveDate,
    /// Its lines.
    pub lines: Vec<InvoiceLine>,
    /// Its costs as a whole, as far as they have names.
    pub costs: Vec<Cost>,
    /// What they add up to.
    pub totals: Totals,
    /// Note on the document.
    pub note: Option<String>,
    /// The import it came with.
    pub import: Option<ImportId>,
}

/// What of a trading account goes onto its documents.
#[derive(Clone, Debug)]
pub(crate) struct AccountFacts {
    pub(crate) seller: TenantId,
    pub(crate) account: AccountId,
    pub(crate) buyer: TenantId,
    pub(crate) external_id: Option<String>,
    pub(crate) seller_party: Party,
    /// The company itself; what documents print of it the profile may say otherwise.
    pub(crate) buyer_party: Party,
    /// The profile that they are bound to (I16).
    pub(crate) bound: Bound,
}

impl AccountFacts {
    /// In whose books they are kept.
    pub(crate) const fn books(&self) -> Books {
        Books {
            seller: self.seller.0,
            account: self.account.0,
            buyer: self.buyer.0,
        }
    }
}

/// Issues one invoice.
///
/// # Errors
/// [`Error::NotFound`] when the account is not the seller's; [`domain::Refusal::DateBeforeLast`] (V22);
/// [`Error::Database`], also when the number is taken.
pub async fn issue<P: Permit>(scope: &Scope<P>, new: &NewInvoice) -> Result<InvoiceId, Error> {
    transact!(scope, tx => {
        let facts = account_facts(tx, new.account, None).await?;
        let issued = issue_all(tx, &[(&facts, new)]).await?;
        issued.into_iter().next().ok_or_else(|| Error::corrupt("nothing was issued"))
    })
}

/// What an account's documents say about seller and buyer, as it is now, by the profile that was chosen or else the default.
///
/// # Errors
/// [`Error::NotFound`]; as [`bind`]; [`Error::Database`].
pub(crate) async fn account_facts(
    tx: &Tx,
    id: AccountId,
    profile: Option<ProfileId>,
) -> Result<AccountFacts, Error> {
    let found = tx
        .find::<account::Entity>()
        .filter(account::Column::Id.eq(id.0))
        .one(tx.db())
        .await?;
    let account = found.ok_or(Error::NotFound)?;
    let ids = [account.seller_id, account.buyer_id];
    let tenants = tx
        .find::<tenant::Entity>()
        .filter(tenant::Column::Id.is_in(ids))
        .all(tx.db())
        .await?;
    let party_of = |id| {
        let tenant = tenants
            .iter()
            .find(|tenant| tenant.id == id)
            .ok_or(Error::NotFound)?;
        Ok::<_, Error>(party(tenant))
    };
    Ok(AccountFacts {
        seller: TenantId(account.seller_id),
        account: AccountId(account.id),
        buyer: TenantId(account.buyer_id),
        seller_party: party_of(account.seller_id)?,
        buyer_party: party_of(account.buyer_id)?,
        bound: bind(tx, id, profile).await?,
        external_id: account.external_id,
    })
}

/// A tenant as printed on a document.
pub(crate) fn party(tenant: &tenant::Model) -> Party {
    Party {
        name: tenant.name.clone(),
        street: tenant.street.clone(),
        city: tenant.city.clone(),
        postal_code: tenant.postal_code.clone(),
        country: tenant.country.clone(),
        tax_id: tenant.tax_id.clone(),
        email: tenant.billing_email.clone(),
    }
}

/// Issues many invoices in the order given. Numbers are taken for those that have none.
///
/// # Errors
/// As [`issue`]; [`domain::Refusal::AmountTooLarge`].
pub(crate) async fn issue_all(
    tx: &mut Tx,
    all: &[(&AccountFacts, &NewInvoice)],
) -> Result<Vec<InvoiceId>, Error> {
    let now = tx.now();
    let dated: Vec<_> = all.iter().map(|(facts, new)| (*facts, *new, now)).collect();
    issue_dated(tx, &dated).await
}

/// The same, for documents that were issued at moments of their own.
///
/// # Errors
/// As [`issue_all`].
pub(crate) async fn issue_dated(
    tx: &mut Tx,
    all: &[(&AccountFacts, &NewInvoice, DateTime<Utc>)],
) -> Result<Vec<InvoiceId>, Error> {
    let numbers = numbers(tx, all).await?;
    let mut ids = Vec::with_capacity(all.len());
    let mut rows = Rows::default();
    for ((facts, new, at), number) in all.iter().zip(numbers) {
        let id = InvoiceId(new_id());
        rows.add(id, facts, new, number.clone(), *at)?;
        let action = if new.import.is_some() { "import" } else { "issue" };
        let after = serde_json::json!({
            "number": number,
            "total_minor": total(&new.totals)?.minor(),
            "currency": new.totals.total.currency().code(),
        });
        tx.audit(
            Act::new(facts.seller, action, "invoice", id.0)
                .after(after)
                .at(*at),
        );
        ids.push(id);
    }
    rows.insert(tx).await?;
    Ok(ids)
}

/// The number of each, taken from the sellers' series where it has none.
async fn numbers(tx: &Tx, all: &[(&AccountFacts, &NewInvoice, DateTime<Utc>)]) -> Result<Vec<String>, Error> {
    let mut numbers: Vec<Option<String>> = all.iter().map(|(_, new, _)| new.number.clone()).collect();
    let sellers: BTreeSet<TenantId> = all.iter().map(|(facts, _, _)| facts.seller).collect();
    for seller in sellers {
        let wanting: Vec<usize> = (0..all.len())
            .filter(|at| numbers[*at].is_none() && all[*at].0.seller == seller)
            .collect();
        if wanting.is_empty() {
            continue;
        }
        let dates: Vec<NaiveDate> = wanting.iter().map(|at| all[*at].1.issue_date).collect();
        let taken = numbering::take_all(tx, seller, Numbered::Invoice, &dates).await?;
        for (at, number) in wanting.into_iter().zip(taken) {
            numbers[at] = Some(number);
        }
    }
    numbers
        .into_iter()
        .map(|number| number.ok_or_else(|| Error::corrupt("a number is missing")))
        .collect()
}

/// Total with tax and rounding: what is owed (V9). A checked import leaves the rounding out of its total.
fn total(totals: &Totals) -> Result<Money, Error> {
    Ok(totals.net.checked_add(totals.tax)?.checked_add(totals.rounding)?)
}

/// Rows of all tables that invoices are made of.
#[derive(Default)]
pub(crate) struct Rows {
    pub(crate) invoices: Vec<invoice::ActiveModel>,
    lines: Vec<invoice_line::ActiveModel>,
    costs: Vec<invoice_cost::ActiveModel>,
    taxes: Vec<invoice_tax::ActiveModel>,
    parties: Vec<invoice_party::ActiveModel>,
    currencies: BTreeSet<(TenantId, AccountId, TenantId, Currency)>,
    journal: Journal,
}

impl Rows {
    /// An issued invoice.
    pub(super) fn add(
        &mut self,
        id: InvoiceId,
        facts: &AccountFacts,
        new: &NewInvoice,
        number: String,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let total = total(&new.totals)?;
        self.parts(id, facts, new)?;
        let entry = Entry::new(facts.books(), EntryKind::Issue, id.0, new.issue_date, now).invoice(id.0);
        let Totals {
            net, tax, rounding, ..
        } = new.totals;
        self.journal.book(&entry, &ledger::issued(net, tax, rounding)?);
        self.invoices.push(invoice::ActiveModel {
            stage: Set(stored_stage(total.minor(), total.minor())),
            number_key: Set(key(&number)),
            number: Set(Some(number)),
            issue_date: Set(Some(new.issue_date)),
            issue_key: Set(new.issue_date),
            ..head(id, facts, new, total, now)
        });
        Ok(())
    }

    /// A draft: no number, no issue date (V21).
    pub(crate) fn add_draft(
        &mut self,
        id: InvoiceId,
        facts: &AccountFacts,
        new: &NewInvoice,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let total = total(&new.totals)?;
        self.parts(id, facts, new)?;
        self.invoices.push(invoice::ActiveModel {
            stage: Set(Stage::Draft),
            number_key: Set(String::new()),
            number: Set(None),
            issue_date: Set(None),
            issue_key: Set(new.issue_date),
            ..head(id, facts, new, total, now)
        });
        Ok(())
    }

    fn parts(&mut self, id: InvoiceId, facts: &AccountFacts, new: &NewInvoice) -> Result<(), Error> {
        let seller = facts.seller;
        self.currencies
            .insert((seller, facts.account, facts.buyer, new.totals.total.currency()));
        self.content(seller, id, new);
        self.parties
            .push(party_row(seller, id, PartyRole::Seller, &facts.seller_party));
        let profile = &facts.bound.profile;
        self.parties.push(invoice_party::ActiveModel {
            profile: Set(Some(serde_json::to_value(profile)?)),
            ..party_row(seller, id, PartyRole::Buyer, &profile.printed(&facts.buyer_party))
        });
        Ok(())
    }

    /// Lines, costs and taxes.
    pub(super) fn content(&mut self, seller: TenantId, id: InvoiceId, new: &NewInvoice) {
        self.lines
            .extend(new.lines.iter().map(|line| line_row(seller, id, line)));
        self.costs.extend(costs::rows(seller, id, &new.costs));
        self.taxes
            .extend(new.totals.taxes.iter().map(|group| invoice_tax::ActiveModel {
                seller_id: Set(seller.0),
                invoice_id: Set(id.0),
                category: Set(codes::TaxCategory::from_domain(group.category)),
                rate: Set(group.rate.scaled()),
                base_minor: Set(group.base.minor()),
                tax_minor: Set(group.tax.minor()),
                reason: Set(group.reason.clone()),
            }));
    }

    /// Writes them all.
    pub(crate) async fn insert(self, tx: &Tx) -> Result<(), Error> {
        let Self {
            invoices,
            lines,
            costs,
            taxes,
            parties,
            currencies,
            journal,
        } = self;
        for (seller, account, buyer, currency) in currencies {
            let books = Books {
                seller: seller.0,
                account: account.0,
                buyer: buyer.0,
            };
            note_currency(tx, books, currency).await?;
        }
        tx.insert_all(invoices).await?;
        tx.insert_all(lines).await?;
        tx.insert_all(costs).await?;
        tx.insert_all(taxes).await?;
        tx.insert_all(parties).await?;
        journal.write(tx).await
    }
}

/// Remembers that an account has documents in a currency.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn note_currency(tx: &Tx, books: Books, currency: Currency) -> Result<(), Error> {
    account_currency::Entity::insert(account_currency::ActiveModel {
        seller_id: Set(books.seller),
        account_id: Set(books.account),
        buyer_id: Set(books.buyer),
        currency: Set(currency.code().to_owned()),
    })
    .on_conflict(OnConflict::new().do_nothing().to_owned())
    .exec_without_returning(tx.db())
    .await?;
    Ok(())
}

/// All of an invoice's row but stage, number and issue date.
fn head(
    id: InvoiceId,
    facts: &AccountFacts,
    new: &NewInvoice,
    total: Money,
    now: DateTime<Utc>,
) -> invoice::ActiveModel {
    let AccountFacts {
        seller,
        account,
        buyer,
        external_id,
        seller_party,
        buyer_party,
        bound,
    } = facts;
    let totals = &new.totals;
    invoice::ActiveModel {
        seller_id: Set(seller.0),
        id: Set(id.0),
        account_id: Set(account.0),
        buyer_id: Set(buyer.0),
        profile_id: Set(bound.id.0),
        source: Set(codes::Source::from_domain(new.source)),
        order_id: Set(new.order_id.clone()),
        currency: Set(total.currency().code().to_owned()),
        due_date: Set(new.due_date),
        lines_minor: Set(totals.lines.minor()),
        discount_minor: Set(totals.discount.minor()),
        charge_minor: Set(totals.charge.minor()),
        net_minor: Set(totals.net.minor()),
        tax_minor: Set(totals.tax.minor()),
        rounding_minor: Set(totals.rounding.minor()),
        total_minor: Set(total.minor()),
        paid_minor: Set(0),
        credited_minor: Set(0),
        written_off_minor: Set(0),
        open_minor: Set(total.minor()),
        reserved_minor: Set(0),
        disputed_minor: Set(0),
        buyer_name: Set(buyer_party.name.clone()),
        buyer_external_id: Set(external_id.clone()),
        seller_name: Set(seller_party.name.clone()),
        order_key: Set(new.order_id.as_deref().map(key).unwrap_or_default()),
        buyer_key: Set(key(&buyer_party.name)),
        seller_key: Set(key(&seller_party.name)),
        note: Set(new.note.clone()),
        import_id: Set(new.import.map(|import| import.0)),
        version: Set(1),
        created_at: Set(now),
        voided_at: Set(None),
        // A bill of a parent holds what was issued before (V40).
        rollup_id: NotSet,
        rollup_account_id: NotSet,
        rollup_buyer_id: NotSet,
        rollup_number: NotSet,
        rollup_payer: NotSet,
        ..Default::default()
    }
}

fn line_row(seller: TenantId, invoice: InvoiceId, line: &InvoiceLine) -> invoice_line::ActiveModel {
    let InvoiceLine {
        position,
        item_code,
        description,
        quantity,
        unit_price,
        discount,
        net,
        tax_category,
        tax_rate,
    } = line;
    invoice_line::ActiveModel {
        seller_id: Set(seller.0),
        invoice_id: Set(invoice.0),
        position: Set(i32::try_from(*position).unwrap_or(i32::MAX)),
        item_code: Set(item_code.clone()),
        description: Set(description.clone()),
        quantity: Set(quantity.scaled()),
        unit_price: Set(unit_price.scaled()),
        discount_minor: Set(discount.minor()),
        net_minor: Set(net.minor()),
        tax_category: Set(codes::TaxCategory::from_domain(*tax_category)),
        tax_rate: Set(tax_rate.scaled()),
    }
}

fn party_row(
    seller: TenantId,
    invoice: InvoiceId,
    role: PartyRole,
    party: &Party,
) -> invoice_party::ActiveModel {
    let Party {
        name,
        street,
        city,
        postal_code,
        country,
        tax_id,
        email,
    } = party.clone();
    invoice_party::ActiveModel {
        seller_id: Set(seller.0),
        invoice_id: Set(invoice.0),
        role: Set(role),
        name: Set(name),
        street: Set(street),
        city: Set(city),
        postal_code: Set(postal_code),
        country: Set(country),
        tax_id: Set(tax_id),
        email: Set(email),
        profile: Set(None),
    }
}
