//! What people call the documents and accounts that the books know by their ids.

use crate::{Error, scope::Scope};
use domain::access::ViewBooks;
use entity::{Uuid, account, credit_note, invoice, payment, posting};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Select};
use std::collections::BTreeMap;

/// Names of accounts and numbers of documents, by their ids.
pub(crate) struct Names {
    accounts: BTreeMap<Uuid, String>,
    invoices: BTreeMap<Uuid, String>,
    payments: BTreeMap<Uuid, String>,
    credit_notes: BTreeMap<Uuid, String>,
}

impl Names {
    /// Of all that postings are about.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub(super) async fn of_postings(
        scope: &Scope<ViewBooks>,
        rows: &[posting::Model],
    ) -> Result<Self, Error> {
        Self::read(
            scope,
            rows.iter().map(|row| row.account_id),
            rows.iter().filter_map(|row| row.invoice_id),
            rows.iter().filter_map(|row| row.payment_id),
            rows.iter().filter_map(|row| row.credit_note_id),
        )
        .await
    }

    /// Of ids of which nobody says what they are of.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub(crate) async fn of_any(scope: &Scope<ViewBooks>, ids: &[Uuid]) -> Result<Self, Error> {
        let all = || ids.iter().copied();
        Self::read(scope, all(), all(), all(), all()).await
    }

    async fn read(
        scope: &Scope<ViewBooks>,
        accounts: impl Iterator<Item = Uuid>,
        invoices: impl Iterator<Item = Uuid>,
        payments: impl Iterator<Item = Uuid>,
        credit_notes: impl Iterator<Item = Uuid>,
    ) -> Result<Self, Error> {
        let accounts = scope
            .find::<account::Entity>()
            .filter(account::Column::Id.is_in(accounts));
        let invoices = scope
            .find::<invoice::Entity>()
            .filter(invoice::Column::Id.is_in(invoices))
            .filter(invoice::Column::Number.is_not_null());
        let payments = scope
            .find::<payment::Entity>()
            .filter(payment::Column::Id.is_in(payments));
        let notes = scope
            .find::<credit_note::Entity>()
            .filter(credit_note::Column::Id.is_in(credit_notes));
        let of_payment = [payment::Column::Id, payment::Column::ReceiptNumber];
        let of_note = [credit_note::Column::Id, credit_note::Column::Number];
        Ok(Self {
            accounts: texts(scope, accounts, [account::Column::Id, account::Column::BuyerName]).await?,
            invoices: texts(scope, invoices, [invoice::Column::Id, invoice::Column::Number]).await?,
            payments: texts(scope, payments, of_payment).await?,
            credit_notes: texts(scope, notes, of_note).await?,
        })
    }

    /// Name of an account.
    pub(super) fn account(&self, id: Uuid) -> String {
        self.accounts.get(&id).cloned().unwrap_or_default()
    }

    /// Numbers and pages of what a posting is about.
    pub(super) fn documents(&self, row: &posting::Model) -> Vec<(String, String)> {
        let all = [
            (row.invoice_id, &self.invoices, "invoices"),
            (row.payment_id, &self.payments, "payments"),
            (row.credit_note_id, &self.credit_notes, "credits"),
        ];
        let document = |(id, names, page): (Option<Uuid>, _, &str)| named(names, page, id?);
        all.into_iter().filter_map(document).collect()
    }

    /// Number and page of a document, or name and page of an account, whichever has this id.
    pub(crate) fn any(&self, id: Uuid) -> Option<(String, String)> {
        named(&self.invoices, "invoices", id)
            .or_else(|| named(&self.payments, "payments", id))
            .or_else(|| named(&self.credit_notes, "credits", id))
            .or_else(|| named(&self.accounts, "explain/account", id))
    }
}

fn named(names: &BTreeMap<Uuid, String>, page: &str, id: Uuid) -> Option<(String, String)> {
    Some((names.get(&id)?.clone(), format!("/{page}/{id}")))
}

async fn texts<E: EntityTrait>(
    scope: &Scope<ViewBooks>,
    rows: Select<E>,
    columns: [E::Column; 2],
) -> Result<BTreeMap<Uuid, String>, Error> {
    let found: Vec<(Uuid, String)> = rows
        .select_only()
        .columns(columns)
        .into_tuple()
        .all(scope.db())
        .await?;
    Ok(found.into_iter().collect())
}
