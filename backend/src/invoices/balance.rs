//! The one way in which an invoice's balance changes: a guarded statement that keeps open, paid, credited, reserved
//! and stage in step (V9, V14, V25, V31).

use crate::{Error, database::Sql, scope::Tx};
use chrono::NaiveDate;
use domain::ids::{InvoiceId, TenantId};
use entity::Uuid;
use sea_orm::ConnectionTrait;

/// By how much an invoice's balance changes, in minor units of its currency; less than nothing takes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Change {
    /// Allocated from payments.
    pub(crate) paid: i64,
    /// Applied from credit notes.
    pub(crate) credited: i64,
    /// Held for attempts that are not decided.
    pub(crate) reserved: i64,
}

/// The invoice of which the balance was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Changed {
    /// When it was issued.
    pub(crate) issued_on: NaiveDate,
    /// The account it stands on.
    pub(crate) account: Uuid,
    /// Whose account that is.
    pub(crate) buyer: Uuid,
    /// Its number.
    pub(crate) number: Option<String>,
    /// The account that alone pays it, where it stands in a bill of a parent (V40).
    pub(crate) billed_to: Option<Uuid>,
}

/// Changes an issued invoice's balance, and returns whose it is and since when. The caller has shown that it may:
/// this only keeps the sums.
///
/// # Errors
/// [`Error::Conflict`] when it is no issued invoice, or something would become less than nothing, or more would be
/// held than is open. [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "decides and writes in one statement, by the whole key"
)]
pub(crate) async fn change(
    tx: &Tx,
    seller: TenantId,
    invoice: InvoiceId,
    change: Change,
) -> Result<Changed, Error> {
    const TEXT: &str = "\
        UPDATE invoices SET paid_minor = paid_minor + ?, credited_minor = credited_minor + ?, \
        reserved_minor = reserved_minor + ?, open_minor = open_minor - ?, \
        stage = CASE WHEN open_minor - ? = 0 AND written_off_minor > 0 THEN 'written_off' \
        WHEN open_minor - ? = 0 THEN 'paid' WHEN open_minor - ? = total_minor THEN 'open' \
        ELSE 'partly_paid' END, version = version + 1 \
        WHERE stage IN ('open', 'partly_paid', 'paid', 'written_off') AND paid_minor + ? >= 0 AND credited_minor + ? >= 0 \
        AND open_minor - ? >= 0 AND reserved_minor + ? BETWEEN 0 AND open_minor - ?";
    // What a bank takes back of an invoice that was written off is open again; nothing can be put to it, since nothing
    // else of it is open.
    let Change {
        paid,
        credited,
        reserved,
    } = change;
    let settled = paid.checked_add(credited).ok_or(Error::Conflict)?;
    // Bound, not written as text: every amount would make a statement of its own, which the database prepares anew.
    let values = [
        paid, credited, reserved, settled, settled, settled, settled, paid, credited, settled, reserved,
        settled,
    ];
    let mut sql = Sql::new(tx.db().get_database_backend());
    sql.fill(TEXT, values.map(Into::into));
    sql.fill(
        " AND seller_id = ? AND id = ? RETURNING issue_date, account_id, buyer_id, number, rollup_account_id",
        [seller.0.into(), invoice.0.into()],
    );
    let changed = tx.db().query_one_raw(sql.statement()).await?;
    let row = changed.ok_or(Error::Conflict)?;
    Ok(Changed {
        issued_on: row.try_get_by_index(0)?,
        account: row.try_get_by_index(1)?,
        buyer: row.try_get_by_index(2)?,
        number: row.try_get_by_index(3)?,
        billed_to: row.try_get_by_index(4)?,
    })
}
