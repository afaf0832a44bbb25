//! Who belongs to a tenant, who was invited, and which roles can be given.

use super::given::{Given, standing};
use crate::{Error, Scope, codes::Stored, roles};
use domain::{
    access::ManagePeople,
    ids::{InvitationId, UserId},
    people::{InvitationRow, MembershipState, People, PersonDetail, PersonRow, RoleChoices, may_change},
};
use entity::{invitation, membership, subsidiary, user};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

/// Most people that a list shows.
const MOST: u64 = 1_000;

/// Everybody of the tenant by name, and who was invited.
///
/// # Errors
/// [`Error::Database`].
pub async fn list(scope: &Scope<ManagePeople>) -> Result<People, Error> {
    let choices = roles::read::of_scope(scope).await?;
    let memberships = scope
        .find::<membership::Entity>()
        .limit(MOST)
        .all(scope.db())
        .await?;
    let users: BTreeMap<_, _> = scope
        .find::<user::Entity>()
        .limit(MOST)
        .all(scope.db())
        .await?
        .into_iter()
        .map(|user| (user.id, user))
        .collect();
    let mut people: Vec<PersonRow> = memberships
        .iter()
        .filter_map(|one| Some(row(scope, &choices, one, users.get(&one.user_id)?)))
        .collect();
    people.sort_by_cached_key(|one| {
        (
            one.state == MembershipState::Removed,
            one.name.to_lowercase(),
            one.email.clone(),
        )
    });
    let invitations = scope
        .find::<invitation::Entity>()
        .order_by_desc(invitation::Column::SentAt)
        .order_by_asc(invitation::Column::Id)
        .limit(MOST)
        .all(scope.db())
        .await?;
    let now = scope.now();
    let invitations = invitations
        .into_iter()
        .map(|one| {
            let given = Given::stored(&choices, &(&one).into());
            let (seller, buyer) = given.names();
            InvitationRow {
                id: InvitationId(one.id),
                name: one.name,
                email: one.email,
                seller,
                buyer,
                reach: given.reach(),
                inviter: one.inviter,
                sent_at: one.sent_at,
                expires_at: one.expires_at,
                over: one.expires_at <= now,
            }
        })
        .collect();
    Ok(People {
        people,
        invitations,
        has_subsidiaries: has_subsidiaries(scope).await?,
    })
}

/// One person of the tenant.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(scope: &Scope<ManagePeople>, id: UserId) -> Result<PersonDetail, Error> {
    let choices = choices(scope).await?;
    let membership = scope
        .find::<membership::Entity>()
        .filter(membership::Column::UserId.eq(id.0))
        .one(scope.db())
        .await?
        .ok_or(Error::NotFound)?;
    let user = scope
        .find::<user::Entity>()
        .filter(user::Column::Id.eq(id.0))
        .one(scope.db())
        .await?
        .ok_or(Error::NotFound)?;
    let (standing, actor) = (standing(&choices, &membership), scope.actor());
    let (seller, buyer) = Given::stored(&choices, &(&membership).into()).codes();
    Ok(PersonDetail {
        row: row(scope, &choices, &membership, &user),
        seller,
        buyer,
        rights: standing.rights,
        locked: may_change(actor.user(), (actor.rights(), actor.buyer_reach()), &standing).err(),
        choices,
    })
}

/// Which roles can be given.
///
/// # Errors
/// [`Error::Database`].
pub async fn choices(scope: &Scope<ManagePeople>) -> Result<RoleChoices, Error> {
    Ok(RoleChoices {
        has_subsidiaries: has_subsidiaries(scope).await?,
        ..roles::read::of_scope(scope).await?
    })
}

async fn has_subsidiaries(scope: &Scope<ManagePeople>) -> Result<bool, Error> {
    let one = scope
        .find::<subsidiary::Entity>()
        .filter(subsidiary::Column::ParentId.eq(scope.tenant().0))
        .limit(1)
        .one(scope.db())
        .await?;
    Ok(one.is_some())
}

fn row(
    scope: &Scope<ManagePeople>,
    choices: &RoleChoices,
    membership: &membership::Model,
    user: &user::Model,
) -> PersonRow {
    let given = Given::stored(choices, &membership.into());
    let (seller, buyer) = given.names();
    PersonRow {
        id: UserId(user.id),
        name: user.name.clone(),
        email: user.email.clone(),
        seller,
        buyer,
        reach: given.reach(),
        state: membership.state.to_domain(),
        signed_in_at: membership.signed_in_at,
        oneself: scope.actor().user() == Some(UserId(user.id)),
    }
}
