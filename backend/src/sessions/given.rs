//! Roles as a membership gives them, read beside whoever acts by them: a signed-in person, or a key that one gave.

use crate::{Error, codes::Stored};
use domain::{
    access::{Changes, Rights, Roles, TenantKind},
    tenants::Door,
};
use entity::codes::{BuyerRole, SellerRole};
use sea_orm::{ActiveEnum, QueryResult};

/// The roles of a membership.
pub(crate) struct Given {
    /// The built-in ones that they are, or began as.
    pub(crate) roles: Roles,
    /// What the tenant changed about each.
    changes: (Changes, Changes),
    /// Their words, the tenant's own first.
    pub(crate) words: (Option<String>, Option<String>),
}

impl Given {
    /// Reads them from the columns of a row: the words of both built-in roles, of both roles of the tenant's own, and what it
    /// changed about them; the seller's side first each time.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub(crate) fn read(row: &QueryResult, columns: [usize; 6]) -> Result<Self, Error> {
        let maybe = |position: usize| row.try_get_by_index::<Option<String>>(columns[position]);
        let (seller_word, buyer_word) = (maybe(0)?, maybe(1)?);
        let seller = seller_word.as_ref().map(SellerRole::try_from_value).transpose()?;
        let buyer = buyer_word.as_ref().map(BuyerRole::try_from_value).transpose()?;
        let (seller_own, buyer_own) = (maybe(2)?, maybe(3)?);
        // Who has a role of the tenant's own that is gone has none: never the built-in one that it began as.
        let changes = |own: &Option<String>, changes: Option<String>| match (own, changes) {
            (_, Some(changes)) => Some(Changes::from_text(&changes)),
            (None, None) => Some(Changes::default()),
            (Some(_), None) => None,
        };
        let of_seller = changes(&seller_own, maybe(4)?);
        let of_buyer = changes(&buyer_own, maybe(5)?);
        Ok(Self {
            roles: Roles {
                seller: seller.map(Stored::to_domain).filter(|_| of_seller.is_some()),
                buyer: buyer.map(Stored::to_domain).filter(|_| of_buyer.is_some()),
            },
            changes: (of_seller.unwrap_or_default(), of_buyer.unwrap_or_default()),
            words: (seller_own.or(seller_word), buyer_own.or(buyer_word)),
        })
    }

    /// What they allow in a tenant of a kind. Behind a shut door nobody has a right: who asks by another way than a page is
    /// refused as well.
    pub(crate) fn rights(&self, kind: TenantKind, door: Door) -> Rights {
        let (of_seller, of_buyer) = &self.changes;
        match door {
            Door::Open => Rights::changed(kind, self.roles, of_seller, of_buyer),
            Door::Waiting | Door::Suspended | Door::Closed => Rights::NONE,
        }
    }
}
