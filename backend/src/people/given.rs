//! Roles as they are given: read from a form, stored with a membership or an invitation.

use crate::{Error, codes::Stored, roles, scope::Tx};
use domain::{
    FieldErrors, Refusal,
    access::{BuyerReach, Rights, Role, Side},
    people::{RoleChoices, Standing, TenantRole, may_give},
};
use entity::{
    codes::{self, BuyerRole, SellerRole},
    membership,
};
use sea_orm::{ColumnTrait, QueryFilter};

/// At most one role on each side (D2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Given {
    seller: Option<TenantRole>,
    buyer: Option<TenantRole>,
    /// How far the role on the buyer's side reaches; without one it reaches nothing.
    reach: BuyerReach,
}

/// The words of two roles and the reach as a form posts them; empty is none, and the narrow reach.
#[derive(Clone, Copy, Debug, Default)]
pub struct Words<'a> {
    /// On the seller's side.
    pub seller: Option<&'a str>,
    /// On the buyer's side.
    pub buyer: Option<&'a str>,
    /// How far that one reaches.
    pub reach: Option<&'a str>,
}

/// How two roles are stored.
pub(super) struct Columns {
    pub(super) seller_role: Option<SellerRole>,
    pub(super) buyer_role: Option<BuyerRole>,
    pub(super) seller_custom: Option<String>,
    pub(super) buyer_custom: Option<String>,
    pub(super) buyer_reach: codes::BuyerReach,
}

impl Given {
    /// Reads what a form posted.
    ///
    /// # Errors
    /// [`Refusal::UnknownChoice`] or [`Refusal::NoRole`], at the field.
    pub(super) fn read(choices: &RoleChoices, words: Words<'_>) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut find = |field: &str, side: Side, word: Option<&str>| {
            let word = word.map(str::trim).filter(|word| !word.is_empty())?;
            let role = choices.role(side, word);
            if role.is_none() {
                let text = word.chars().take(60).collect();
                errors.add(field, Refusal::UnknownChoice { text });
            }
            role.cloned()
        };
        let mut given = Self {
            seller: find("seller_role", Side::Seller, words.seller),
            buyer: find("buyer_role", Side::Buyer, words.buyer),
            reach: BuyerReach::Own,
        };
        let word = words.reach.map(str::trim).filter(|word| !word.is_empty());
        match word.map(|word| (BuyerReach::from_code(word), word)) {
            Some((Some(reach), _)) if given.buyer.is_some() => given.reach = reach,
            Some((None, word)) => errors.add(
                "buyer_reach",
                Refusal::UnknownChoice {
                    text: word.chars().take(60).collect(),
                },
            ),
            Some((Some(_), _)) | None => {}
        }
        if errors.is_empty() && given.seller.is_none() && given.buyer.is_none() {
            let field = if choices.seller.is_empty() {
                "buyer_role"
            } else {
                "seller_role"
            };
            errors.add(field, Refusal::NoRole);
        }
        errors.unless(given)
    }

    /// Finds what a membership or an invitation names. A role that is gone gives nothing.
    pub(super) fn stored(choices: &RoleChoices, columns: &Columns) -> Self {
        let seller = columns.seller_role.map(Stored::to_domain);
        let buyer = columns.buyer_role.map(Stored::to_domain);
        let word = |base: Option<Role>, custom: &Option<String>| {
            let base = base?;
            let code = custom.as_deref().unwrap_or_else(|| base.code());
            choices.role(base.side(), code).cloned()
        };
        Self {
            seller: word(seller.map(Role::Seller), &columns.seller_custom),
            buyer: word(buyer.map(Role::Buyer), &columns.buyer_custom),
            reach: columns.buyer_reach.to_domain(),
        }
    }

    /// As they are stored.
    pub(super) fn columns(&self) -> Columns {
        let custom = |role: &Option<TenantRole>| {
            let own = role.as_ref().filter(|role| role.is_own());
            own.map(|role| role.code.clone())
        };
        Columns {
            seller_role: self.seller.as_ref().and_then(|role| match role.base {
                Role::Seller(role) => Some(SellerRole::from_domain(role)),
                Role::Buyer(_) => None,
            }),
            buyer_role: self.buyer.as_ref().and_then(|role| match role.base {
                Role::Buyer(role) => Some(BuyerRole::from_domain(role)),
                Role::Seller(_) => None,
            }),
            seller_custom: custom(&self.seller),
            buyer_custom: custom(&self.buyer),
            buyer_reach: codes::BuyerReach::from_domain(self.reach),
        }
    }

    /// What both give together.
    pub(super) fn rights(&self) -> Rights {
        let of = |role: &Option<TenantRole>| role.as_ref().map_or(Rights::NONE, |role| role.rights);
        of(&self.seller).and(of(&self.buyer))
    }

    /// How far the role on the buyer's side reaches.
    pub(super) const fn reach(&self) -> BuyerReach {
        self.reach
    }

    /// One of them is the built-in admin.
    pub(super) fn is_admin(&self) -> bool {
        [&self.seller, &self.buyer]
            .into_iter()
            .flatten()
            .any(|role| role.base.is_admin() && !role.is_own())
    }

    /// What they are called: on the seller's side, on the buyer's side.
    pub(super) fn names(&self) -> (Option<String>, Option<String>) {
        let name = |role: &Option<TenantRole>| role.as_ref().map(|role| role.name.clone());
        (name(&self.seller), name(&self.buyer))
    }

    /// Their words: on the seller's side, on the buyer's side.
    pub(super) fn codes(&self) -> (Option<String>, Option<String>) {
        let code = |role: &Option<TenantRole>| role.as_ref().map(|role| role.code.clone());
        (code(&self.seller), code(&self.buyer))
    }

    /// For the audit.
    pub(super) fn told(&self) -> entity::Json {
        let (seller, buyer) = self.names();
        let mut told = serde_json::json!({ "seller_role": seller, "buyer_role": buyer });
        if self.reach > BuyerReach::Own {
            told["reach"] = self.reach.code().into();
        }
        told
    }

    /// Refuses what the actor may not do themselves.
    ///
    /// # Errors
    /// [`Refusal::MoreThanOwn`].
    pub(super) fn allowed_to(&self, tx: &Tx) -> Result<(), Error> {
        may_give(tx.actor().rights(), self.rights())?;
        Ok(tx.actor().buyer_reach().may_give(self.reach)?)
    }
}

impl From<&membership::Model> for Columns {
    fn from(row: &membership::Model) -> Self {
        Self {
            seller_role: row.seller_role,
            buyer_role: row.buyer_role,
            seller_custom: row.seller_custom.clone(),
            buyer_custom: row.buyer_custom.clone(),
            buyer_reach: row.buyer_reach,
        }
    }
}

impl From<&entity::invitation::Model> for Columns {
    fn from(row: &entity::invitation::Model) -> Self {
        Self {
            seller_role: row.seller_role,
            buyer_role: row.buyer_role,
            seller_custom: row.seller_custom.clone(),
            buyer_custom: row.buyer_custom.clone(),
            buyer_reach: row.buyer_reach,
        }
    }
}

/// Refuses who may do less than somebody else in the tenant: whoever says by which provider people come in could come in
/// as any of them.
///
/// # Errors
/// [`Refusal::MoreThanOwn`]; [`Error::Database`].
pub(crate) async fn may_speak_for_everybody(tx: &Tx) -> Result<(), Error> {
    let choices = roles::read::of_tx(tx).await?;
    let people = tx.find::<membership::Entity>();
    let people = people.filter(membership::Column::State.ne(codes::MembershipState::Removed));
    for row in people.all(tx.db()).await? {
        Given::stored(&choices, &(&row).into()).allowed_to(tx)?;
    }
    Ok(())
}

/// Somebody as those who change them see them.
pub(super) fn standing(choices: &RoleChoices, row: &membership::Model) -> Standing {
    let given = Given::stored(choices, &row.into());
    Standing {
        user: domain::ids::UserId(row.user_id),
        state: row.state.to_domain(),
        admin: given.is_admin(),
        rights: given.rights(),
        reach: given.reach(),
    }
}
