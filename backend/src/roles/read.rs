//! The roles of a tenant: the built-in ones with its changes, then its own by name.

use crate::{Error, Scope, codes::side_code, scope::Tx};
use domain::{
    access::{Changes, ManageRoles, Permit, Role, Side, TenantKind},
    people::{RoleChoices, TenantRole},
};
use entity::role;

/// All roles of the tenant with what they may do.
///
/// # Errors
/// [`Error::Database`].
pub async fn list(scope: &Scope<ManageRoles>) -> Result<RoleChoices, Error> {
    of_scope(scope).await
}

/// The same for whoever has a scope.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn of_scope<P: Permit>(scope: &Scope<P>) -> Result<RoleChoices, Error> {
    let rows = scope.find::<role::Entity>().all(scope.db()).await?;
    choices(scope.actor().kind(), rows)
}

/// The same inside of a transaction.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn of_tx(tx: &Tx) -> Result<RoleChoices, Error> {
    let rows = tx.find::<role::Entity>().all(tx.db()).await?;
    choices(tx.actor().kind(), rows)
}

fn choices(kind: TenantKind, rows: Vec<role::Model>) -> Result<RoleChoices, Error> {
    let of = |side: Side| -> Result<Vec<TenantRole>, Error> {
        let rows: Vec<&role::Model> = rows.iter().filter(|row| row.side == side_code(side)).collect();
        let built_in = Role::ALL
            .into_iter()
            .filter(|role| role.side() == side)
            .map(|base| {
                let changed = rows.iter().find(|row| row.code == base.code());
                let changes = changed.map_or_else(Changes::default, |row| Changes::from_text(&row.changes));
                TenantRole {
                    code: base.code().to_owned(),
                    name: base.label().to_owned(),
                    base,
                    rights: changes.applied(base),
                }
            });
        let mut own = Vec::new();
        for row in &rows {
            let Some(name) = row.name.clone() else { continue };
            let base = Role::from_code(side, &row.base)
                .ok_or_else(|| Error::corrupt(format!("role {}", row.base)))?;
            own.push(TenantRole {
                code: row.code.clone(),
                name,
                base,
                rights: Changes::from_text(&row.changes).applied(base),
            });
        }
        own.sort_by_cached_key(|role| role.name.to_lowercase());
        Ok(built_in.chain(own).collect())
    };
    Ok(RoleChoices {
        seller: if kind.sells() {
            of(Side::Seller)?
        } else {
            Vec::new()
        },
        buyer: if kind.buys() { of(Side::Buyer)? } else { Vec::new() },
        // Asked for where people are given roles.
        has_subsidiaries: false,
    })
}
