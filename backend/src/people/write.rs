//! Changing what people may do, shutting them out and letting them in again.

use super::given::{Columns, Given, Words, standing};
use crate::{
    Error, Scope,
    codes::Stored,
    roles,
    scope::{Act, Tx},
    transact::transact,
};
use domain::{
    access::ManagePeople,
    ids::UserId,
    people::{MembershipState, RoleChoices, Standing, keeps_an_admin, may_change},
};
use entity::{Json, codes, membership, session};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QueryOrder};

/// Gives a person other roles. They sign in anew, so that no page of theirs shows what they may not do any more.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] for roles that are not there; what [`may_change`], [`keeps_an_admin`] and
/// [`domain::people::may_give`] refuse.
pub async fn change_roles(
    scope: &Scope<ManagePeople>,
    person: UserId,
    words: Words<'_>,
) -> Result<(), Error> {
    transact!(scope, tx => {
        let choices = roles::read::of_tx(tx).await?;
        let people = lock_all(tx).await?;
        let found = changeable(tx, &choices, &people, person)?;
        let given = Given::read(&choices, words)?;
        given.allowed_to(tx)?;
        let after = standings(&choices, &people, person, |one| {
            one.admin = given.is_admin();
            one.rights = given.rights();
            one.reach = given.reach();
        });
        keeps_an_admin(&after)?;
        let before = Given::stored(&choices, &found.into());
        if before == given {
            return Ok(());
        }
        let Columns { seller_role, buyer_role, seller_custom, buyer_custom, buyer_reach } = given.columns();
        let change = membership::ActiveModel {
            seller_role: Set(seller_role),
            buyer_role: Set(buyer_role),
            seller_custom: Set(seller_custom),
            buyer_custom: Set(buyer_custom),
            buyer_reach: Set(buyer_reach),
            ..Default::default()
        };
        update(tx, person, change).await?;
        end_sessions(tx, person).await?;
        let mut act = Act::new(tx.actor().tenant(), "change_roles", "user", person.0).after(given.told());
        act.before = Some(before.told());
        tx.audit(act);
        Ok(())
    })
}

/// Shuts a person out for now, for good, or lets them in again. Who is removed can be invited anew.
///
/// # Errors
/// [`Error::NotFound`], also for letting in who was removed; what [`may_change`] and [`keeps_an_admin`] refuse.
pub async fn change_state(
    scope: &Scope<ManagePeople>,
    person: UserId,
    state: MembershipState,
) -> Result<(), Error> {
    transact!(scope, tx => {
        let choices = roles::read::of_tx(tx).await?;
        let people = lock_all(tx).await?;
        let found = changeable(tx, &choices, &people, person)?;
        let before: MembershipState = found.state.to_domain();
        if before == state {
            return Ok(());
        }
        if before == MembershipState::Removed {
            return Err(Error::NotFound);
        }
        keeps_an_admin(&standings(&choices, &people, person, |one| one.state = state))?;
        let change = membership::ActiveModel {
            state: Set(codes::MembershipState::from_domain(state)),
            ..Default::default()
        };
        update(tx, person, change).await?;
        end_sessions(tx, person).await?;
        let action = match state {
            MembershipState::Active => "enable",
            MembershipState::Disabled => "disable",
            MembershipState::Removed => "remove",
        };
        tx.audit(Act::new(tx.actor().tenant(), action, "user", person.0).after(Json::Null));
        Ok(())
    })
}

/// Locks the tenant's memberships, in the order of their ids: two admins who remove each other at once must not both
/// succeed.
async fn lock_all(tx: &Tx) -> Result<Vec<membership::Model>, Error> {
    let rows = tx
        .lock::<membership::Entity>()
        .order_by_asc(membership::Column::UserId);
    Ok(rows.all(tx.db()).await?)
}

fn changeable<'a>(
    tx: &Tx,
    choices: &RoleChoices,
    people: &'a [membership::Model],
    person: UserId,
) -> Result<&'a membership::Model, Error> {
    let found = people.iter().find(|one| one.user_id == person.0);
    let found = found.ok_or(Error::NotFound)?;
    let actor = tx.actor();
    may_change(
        actor.user(),
        (actor.rights(), actor.buyer_reach()),
        &standing(choices, found),
    )?;
    Ok(found)
}

fn standings(
    choices: &RoleChoices,
    people: &[membership::Model],
    person: UserId,
    change: impl Fn(&mut Standing),
) -> Vec<Standing> {
    let mut all: Vec<Standing> = people.iter().map(|one| standing(choices, one)).collect();
    all.iter_mut().filter(|one| one.user == person).for_each(change);
    all
}

async fn update(tx: &Tx, person: UserId, change: membership::ActiveModel) -> Result<(), Error> {
    tx.update::<membership::Entity>()
        .set(change)
        .filter(membership::Column::UserId.eq(person.0))
        .exec(tx.db())
        .await?;
    Ok(())
}

async fn end_sessions(tx: &Tx, person: UserId) -> Result<(), Error> {
    tx.delete::<session::Entity>()
        .filter(session::Column::UserId.eq(person.0))
        .exec(tx.db())
        .await?;
    Ok(())
}
