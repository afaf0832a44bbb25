//! Changing what roles may do, and making roles (R7, N4). A change acts on the next request of everybody who has the
//! role, since rights are read with every request.

use super::read;
use crate::{
    Error, Scope,
    codes::side_code,
    new_id,
    scope::{Act, Tx},
    transact::transact,
};
use domain::{
    FieldErrors, Refusal,
    access::{Changes, ManageRoles, Permission, Rights, Role, Side},
    people::{TenantRole, may_give, name},
};
use entity::{Json, invitation, membership, role};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

/// Most roles that a tenant makes on a side.
const MOST: u32 = 40;
/// Most characters of a role's name.
const NAME_MAX: u32 = 40;

/// Sets what a role may do. Permissions that the actor does not have themselves stay as they are.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::AdminKeepsAll`] for the built-in admin; [`Refusal::MoreThanOwn`] for a permission that
/// the actor does not have; [`Error::Database`].
pub async fn change(
    scope: &Scope<ManageRoles>,
    side: Side,
    code: &str,
    wanted: &[Permission],
) -> Result<(), Error> {
    transact!(scope, tx => {
        let before = find(tx, side, code).await?;
        if before.base.is_admin() && !before.is_own() {
            return Err(Refusal::AdminKeepsAll.into());
        }
        let wanted = wanted.iter().fold(Rights::NONE, |rights, one| rights.with(*one));
        // What the tier cannot do is not on the page, so that nobody switched it off.
        let kind = tx.actor().kind();
        let shown = TenantRole::possible(side, kind).fold(Rights::NONE, Rights::with);
        let wanted = before
            .rights
            .iter()
            .filter(|one| !shown.has(*one))
            .fold(wanted, Rights::with);
        let moved = Permission::ALL.iter().filter(|one| before.rights.has(**one) != wanted.has(**one));
        may_give(tx.actor().rights(), moved.fold(Rights::NONE, |moved, one| moved.with(*one)))?;
        let changes = Changes::between(before.base, wanted);
        keep(tx, side, &before, &changes).await?;
        let mut act = Act::new(tx.actor().tenant(), "change_role", "tenant", tx.actor().tenant().0);
        act.before = Some(told(&before, before.rights));
        tx.audit(act.after(told(&before, changes.applied(before.base))));
        Ok(())
    })
}

/// Makes a role that begins with what another one may do. Returns its word.
///
/// # Errors
/// [`Error::Invalid`] for the name; [`Error::NotFound`] for the other role; [`Refusal::MoreThanOwn`];
/// [`Error::Database`].
pub async fn create(
    scope: &Scope<ManageRoles>,
    side: Side,
    like: &str,
    called: &str,
) -> Result<String, Error> {
    let code = new_id().simple().to_string();
    transact!(scope, tx => {
        let like = find(tx, side, like).await?;
        let field = |refusal| Error::Invalid(FieldErrors::one("name", refusal));
        let called = name(called).map_err(field)?;
        if called.chars().count() > NAME_MAX as usize {
            return Err(field(Refusal::TooLong { at_most: NAME_MAX }));
        }
        let choices = read::of_tx(tx).await?;
        let there = choices.on(side);
        if there.iter().any(|role| role.name.to_lowercase() == called.to_lowercase()) {
            return Err(field(Refusal::NameTaken { name: called }));
        }
        if there.len() >= MOST as usize {
            return Err(field(Refusal::TooMany { at_most: MOST }));
        }
        may_give(tx.actor().rights(), like.rights)?;
        let row = role::ActiveModel {
            tenant_id: Set(tx.actor().tenant().0),
            side: Set(side_code(side).to_owned()),
            code: Set(code.clone()),
            base: Set(like.base.code().to_owned()),
            name: Set(Some(called.clone())),
            changes: Set(Changes::between(like.base, like.rights).to_text()),
            created_at: Set(tx.now()),
        };
        tx.insert(row).await?;
        let made = TenantRole { code: code.clone(), name: called, ..like };
        let act = Act::new(tx.actor().tenant(), "create_role", "tenant", tx.actor().tenant().0);
        tx.audit(act.after(told(&made, made.rights)));
        Ok(code.clone())
    })
}

/// Takes a role of the tenant's own away, when nobody has it.
///
/// # Errors
/// [`Error::NotFound`], also for a built-in role; [`Refusal::RoleInUse`]; [`Error::Database`].
pub async fn delete(scope: &Scope<ManageRoles>, side: Side, code: &str) -> Result<(), Error> {
    transact!(scope, tx => {
        let found = find(tx, side, code).await?;
        if !found.is_own() {
            return Err(Error::NotFound);
        }
        let (has, promised) = match side {
            Side::Seller => (
                membership::Column::SellerCustom.eq(code),
                invitation::Column::SellerCustom.eq(code),
            ),
            Side::Buyer => (
                membership::Column::BuyerCustom.eq(code),
                invitation::Column::BuyerCustom.eq(code),
            ),
        };
        let people = tx.find::<membership::Entity>().filter(has).count(tx.db()).await?
            + tx.find::<invitation::Entity>().filter(promised).count(tx.db()).await?;
        if people > 0 {
            return Err(Refusal::RoleInUse { people: u32::try_from(people).unwrap_or(u32::MAX) }.into());
        }
        tx.delete::<role::Entity>()
            .filter(role::Column::Side.eq(side_code(side)))
            .filter(role::Column::Code.eq(code))
            .exec(tx.db())
            .await?;
        let mut act = Act::new(tx.actor().tenant(), "delete_role", "tenant", tx.actor().tenant().0);
        act.before = Some(told(&found, found.rights));
        tx.audit(act);
        Ok(())
    })
}

async fn find(tx: &Tx, side: Side, code: &str) -> Result<TenantRole, Error> {
    let choices = read::of_tx(tx).await?;
    choices.role(side, code).cloned().ok_or(Error::NotFound)
}

async fn keep(tx: &Tx, side: Side, role: &TenantRole, changes: &Changes) -> Result<(), Error> {
    let rows = tx
        .delete::<role::Entity>()
        .filter(role::Column::Side.eq(side_code(side)))
        .filter(role::Column::Code.eq(role.code.as_str()));
    rows.exec(tx.db()).await?;
    if changes.is_empty() && !role.is_own() {
        return Ok(());
    }
    let row = role::ActiveModel {
        tenant_id: Set(tx.actor().tenant().0),
        side: Set(side_code(side).to_owned()),
        code: Set(role.code.clone()),
        base: Set(Role::code(role.base).to_owned()),
        name: Set(role.is_own().then(|| role.name.clone())),
        changes: Set(changes.to_text()),
        created_at: Set(tx.now()),
    };
    let kept = role::Entity::insert(row).exec_without_returning(tx.db()).await;
    kept.map_err(|error| {
        let error = Error::from(error);
        if error.is_duplicate() {
            Error::Conflict
        } else {
            error
        }
    })?;
    Ok(())
}

fn told(role: &TenantRole, rights: Rights) -> Json {
    let codes: Vec<&str> = rights.iter().map(Permission::code).collect();
    serde_json::json!({ "role": role.name, "side": role.base.side().code(), "may": codes })
}
