//! Somebody's own second factor.

use super::kept;
use crate::{Actor, Backend, Error, security};
use domain::{
    ids::UserId,
    second_factor::{SETUP_KEPT, SecondFactor, Setup, in_groups, uri},
};
use entity::{membership, recovery_code, second_factor, user};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

/// Somebody's own second factor: whether it is on, or what is to be confirmed to switch it on.
///
/// # Errors
/// What [`Actor::owner`] refuses; [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "a person's own rows, in whichever tenant"
)]
pub async fn find(actor: &Actor) -> Result<SecondFactor, Error> {
    // A secret that waits to be confirmed is shown, which is good wherever the person works.
    let id = actor.owner()?;
    let db = actor.backend().system().db();
    let row = second_factor::Entity::find_by_id(id.0).one(db).await?;
    let recovery_left = recovery_code::Entity::find()
        .filter(recovery_code::Column::UserId.eq(id.0))
        .count(db)
        .await?;
    let user = user::Entity::find_by_id(id.0)
        .one(db)
        .await?
        .ok_or(Error::SignIn)?;
    let waiting = row
        .as_ref()
        .filter(|row| row.confirmed_at.is_none() && actor.now() < row.created_at + SETUP_KEPT)
        .map(|row| kept::open(actor.backend().config(), id, &row.secret))
        .transpose()?;
    let setup = waiting.map(|secret| Setup {
        secret: in_groups(&secret, ' '),
        uri: uri(&user.email, &secret),
    });
    Ok(SecondFactor {
        on_since: row.and_then(|row| row.confirmed_at),
        recovery_left: u32::try_from(recovery_left).unwrap_or(u32::MAX),
        setup,
        required: is_asked_for(actor, id).await?,
    })
}

/// Whether the tenant asks for a second factor of somebody with the person's roles.
#[expect(
    clippy::disallowed_methods,
    reason = "a person's own rows, in whichever tenant"
)]
async fn is_asked_for(actor: &Actor, id: UserId) -> Result<bool, Error> {
    let db = actor.backend().system().db();
    let row = membership::Entity::find_by_id((id.0, actor.tenant().0))
        .one(db)
        .await?;
    let Some(row) = row else { return Ok(false) };
    let seller = row
        .seller_custom
        .or(row.seller_role.map(|role| role.code().to_owned()));
    let buyer = row
        .buyer_custom
        .or(row.buyer_role.map(|role| role.code().to_owned()));
    let settings = security::read::of_tenant(db, actor.tenant()).await?;
    Ok(settings.asks_for_second_factor(seller.as_deref(), buyer.as_deref()))
}

/// Whether a person has one.
///
/// # Errors
/// [`Error::Database`].
#[expect(clippy::disallowed_methods, reason = "sign-in comes before any scope")]
pub(crate) async fn is_on(backend: &Backend, user: UserId) -> Result<bool, Error> {
    let row = second_factor::Entity::find_by_id(user.0)
        .filter(second_factor::Column::ConfirmedAt.is_not_null())
        .one(backend.system().db())
        .await?;
    Ok(row.is_some())
}
