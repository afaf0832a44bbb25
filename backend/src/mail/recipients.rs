//! Whom a letter about what a company owes is written to.

use crate::{Error, codes::Stored, database::Sql, profiles, scope::Tx, sessions::given::Given};
use domain::{access::Permission, tenants::Door};
use entity::{Uuid, tenant};
use sea_orm::ConnectionTrait;

/// Most people of a buyer that are written to when neither profile nor company names an address.
const MOST_PAYERS: usize = 5;

/// A buyer's people with what gives them their rights.
const PEOPLE: &str = "SELECT u.email, m.seller_role, m.buyer_role, m.seller_custom, m.buyer_custom, sr.changes, br.changes \
     FROM memberships m JOIN users u ON u.id = m.user_id \
     LEFT JOIN roles sr ON sr.tenant_id = m.tenant_id AND sr.side = 'seller' \
     AND sr.code = COALESCE(m.seller_custom, m.seller_role) \
     LEFT JOIN roles br ON br.tenant_id = m.tenant_id AND br.side = 'buyer' \
     AND br.code = COALESCE(m.buyer_custom, m.buyer_role) \
     WHERE m.tenant_id = ? AND m.state = 'active' AND u.disabled_at IS NULL ORDER BY u.created_at, u.id";

/// The contact of the invoices' billing profile, if they have one in common (B1); else where the company wants its bills;
/// else the buyer's people who may pay. Nobody, when there is none of them.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn of(tx: &Tx, buyer: &tenant::Model, invoices: &[Uuid]) -> Result<Vec<String>, Error> {
    let seller = tx.actor().tenant().0;
    let contact = profiles::contact_of(tx.find(), tx.db(), seller, invoices.iter().copied()).await?;
    match contact.or_else(|| buyer.billing_email.clone()) {
        Some(address) => Ok(vec![address]),
        None => payers(tx, buyer).await,
    }
}

/// The seller's side sees none of the buyer's people, so the machinery looks them up; their addresses stand on the mail
/// alone.
#[expect(
    clippy::disallowed_methods,
    reason = "reads who may pay, by the keys of one tenant"
)]
async fn payers(tx: &Tx, buyer: &tenant::Model) -> Result<Vec<String>, Error> {
    let db = tx.actor().backend().system().db();
    let mut sql = Sql::new(db.get_database_backend());
    sql.fill(PEOPLE, [buyer.id.into()]);
    let mut payers = Vec::new();
    for row in db.query_all_raw(sql.statement()).await? {
        let rights = Given::read(&row, [1, 2, 3, 4, 5, 6])?.rights(buyer.kind.to_domain(), Door::Open);
        if rights.has(Permission::PayInvoices) && payers.len() < MOST_PAYERS {
            payers.push(row.try_get_by_index(0)?);
        }
    }
    Ok(payers)
}
