//! The forms on which invoices are written, as they are opened.

use super::{
    super::{costs, revise},
    line_of,
};
use crate::{
    Error,
    codes::{Stored, currency, money},
    new_id,
    profiles::read::choices,
    scope::Scope,
};
use domain::{
    Currency, Money, TaxRate,
    access::{Permit, WriteInvoices},
    ids::{AccountId, FormKey, InvoiceId, ProfileId},
    invoices::{
        TaxCategory,
        editing::{InvoiceForm, Writing},
        lifecycle::Editing,
    },
};
use entity::{Uuid, account, account_currency, invoice, invoice_line, invoice_tax, tenant};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

/// The form of a new invoice to a customer.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn new_form(scope: &Scope<WriteInvoices>, id: AccountId) -> Result<InvoiceForm, Error> {
    let account = account(scope, id).await?;
    let (codes, own) = currencies(scope, &account).await?;
    let today = scope.actor().today();
    let currency = codes.iter().copied().find(|code| *code == own);
    let currency = currency.or(codes.first().copied()).unwrap_or(own);
    let due = chrono::Days::new(u64::try_from(account.terms_days).unwrap_or_default());
    let key = FormKey(new_id());
    let profiles = choices(scope, id).await?;
    Ok(InvoiceForm {
        key,
        invoice: InvoiceId(key.0),
        version: 0,
        writing: Writing::New,
        account: id,
        buyer: account.buyer_name.clone(),
        profile: profiles.first().map(|(id, _)| *id),
        profiles,
        currency,
        currencies: codes,
        issue_date: today,
        due_date: today.checked_add_days(due).unwrap_or(today),
        note: String::new(),
        discount: Money::zero(currency),
        lines: Vec::new(),
        costs: Vec::new(),
        usual: usual(scope, id).await?,
    })
}

/// The form of an invoice that is there: a draft, or one that is issued and gets a new revision.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn form(scope: &Scope<WriteInvoices>, id: InvoiceId) -> Result<InvoiceForm, Error> {
    let row = invoice(scope, id).await?;
    let account = account(scope, AccountId(row.account_id)).await?;
    let number = row.number.clone().unwrap_or_default();
    let writing = match revise::possible(&row, revise::Rows::of(scope), scope.db()).await? {
        Ok(Editing::InPlace) => Writing::Draft,
        Ok(Editing::NewRevision) => Writing::Revision {
            number,
            settled: money(row.paid_minor + row.credited_minor, &row.currency)?,
        },
        Err(why) => Writing::Refused { number, why },
    };
    let code = currency(&row.currency)?;
    let currencies = match writing {
        Writing::Draft => currencies(scope, &account).await?.0,
        Writing::New | Writing::Revision { .. } | Writing::Refused { .. } => vec![code],
    };
    let lines = scope
        .find::<invoice_line::Entity>()
        .filter(invoice_line::Column::InvoiceId.eq(id.0))
        .order_by_asc(invoice_line::Column::Position)
        .all(scope.db())
        .await?;
    let lines = lines.iter().map(|line| line_of(line, code));
    Ok(InvoiceForm {
        key: FormKey(new_id()),
        invoice: id,
        version: row.version,
        writing,
        account: AccountId(row.account_id),
        buyer: row.buyer_name.clone(),
        profile: Some(ProfileId(row.profile_id)),
        profiles: choices(scope, AccountId(row.account_id)).await?,
        currency: code,
        currencies,
        issue_date: row.issue_date.unwrap_or_else(|| scope.actor().today()),
        due_date: row.due_date,
        note: row.note.clone().unwrap_or_default(),
        discount: money(row.discount_minor, &row.currency)?,
        lines: lines.collect(),
        costs: costs::of(&row, scope.find(), scope.db()).await?,
        usual: usual(scope, AccountId(row.account_id)).await?,
    })
}

/// An invoice of the scope.
///
/// # Errors
/// [`Error::NotFound`].
pub(super) async fn invoice(scope: &Scope<WriteInvoices>, id: InvoiceId) -> Result<invoice::Model, Error> {
    let found = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::Id.eq(id.0))
        .one(scope.db())
        .await?;
    found.ok_or(Error::NotFound)
}

/// An account of the scope.
///
/// # Errors
/// [`Error::NotFound`].
pub(super) async fn account(scope: &Scope<WriteInvoices>, id: AccountId) -> Result<account::Model, Error> {
    let found = scope
        .find::<account::Entity>()
        .filter(account::Column::Id.eq(id.0))
        .one(scope.db())
        .await?;
    found.ok_or(Error::NotFound)
}

/// The currencies in which a customer can be billed, those of its documents first, and the seller's own.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn currencies<P: Permit>(
    scope: &Scope<P>,
    account: &account::Model,
) -> Result<(Vec<Currency>, Currency), Error> {
    let used = scope
        .find::<account_currency::Entity>()
        .filter(account_currency::Column::AccountId.eq(account.id))
        .order_by_asc(account_currency::Column::Currency)
        .all(scope.db())
        .await?;
    let seller = scope
        .find::<tenant::Entity>()
        .filter(tenant::Column::Id.eq(account.seller_id))
        .one(scope.db())
        .await?;
    let own = currency(&seller.ok_or(Error::NotFound)?.currency)?;
    let mut all = Vec::new();
    for row in used {
        all.push(currency(&row.currency)?);
    }
    all.extend(
        [own, Currency::EUR, Currency::USD]
            .into_iter()
            .filter(|code| !all.contains(code))
            .collect::<Vec<_>>(),
    );
    all.dedup();
    Ok((all, own))
}

/// The tax that the customer was billed last.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn usual<P: Permit>(
    scope: &Scope<P>,
    account: AccountId,
) -> Result<(TaxCategory, TaxRate), Error> {
    let last: Option<Uuid> = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::AccountId.eq(account.0))
        .order_by_desc(invoice::Column::Id)
        .limit(1)
        .select_only()
        .column(invoice::Column::Id)
        .into_tuple()
        .one(scope.db())
        .await?;
    let Some(last) = last else {
        return Ok((TaxCategory::Z, TaxRate::from_scaled(0)));
    };
    let group = scope
        .find::<invoice_tax::Entity>()
        .filter(invoice_tax::Column::InvoiceId.eq(last))
        .order_by_desc(invoice_tax::Column::BaseMinor)
        .one(scope.db())
        .await?;
    Ok(group.map_or((TaxCategory::Z, TaxRate::from_scaled(0)), |group| {
        (group.category.to_domain(), TaxRate::from_scaled(group.rate))
    }))
}
