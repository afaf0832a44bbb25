//! Whose received papers somebody sees: the tenant's and, with the wide reach, those of its subsidiaries.
//!
//! A seller says which of its customers are whose subsidiaries, and its word is good for what it issued alone: a
//! subsidiary's row is named by seller and buyer, never by the buyer only.

use crate::{Backend, Error, database::Sql};
use domain::{ids::TenantId, tenants::Subsidiary};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait};
use std::{collections::BTreeMap, sync::Arc};

/// The subsidiaries within reach, by name; none with the narrow reach.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Subsidiaries(Arc<[Below]>);

/// A subsidiary, as a seller named it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Below {
    seller: TenantId,
    company: Subsidiary,
}

/// One of the companies whose papers are seen on the buyer's side. Lists read one at a time, so that each is a range of
/// an index that is in the wanted order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Company {
    /// The tenant itself.
    Own(TenantId),
    /// A subsidiary.
    Below {
        /// What it received from this seller is seen, and nothing else.
        seller: TenantId,
        /// Which.
        buyer: TenantId,
    },
}

impl Company {
    /// Which.
    pub(crate) const fn id(self) -> TenantId {
        match self {
            Self::Own(id) | Self::Below { buyer: id, .. } => id,
        }
    }

    /// What a row of its papers fulfils.
    pub(crate) fn condition<C: ColumnTrait>(self, seller: C, buyer: C) -> Condition {
        let of = Condition::all().add(buyer.eq(self.id().0));
        match self {
            Self::Own(_) => of,
            Self::Below { seller: from, .. } => of.add(seller.eq(from.0)),
        }
    }

    /// The same in a statement of our own.
    pub(crate) fn push(self, sql: &mut Sql) {
        sql.push("buyer_id = ").bind(self.id().0);
        if let Self::Below { seller, .. } = self {
            sql.push(" AND ").no_index().push("seller_id = ").bind(seller.0);
        }
    }
}

impl Subsidiaries {
    /// Those that sellers named as a tenant's, with the names that they have there.
    ///
    /// # Errors
    /// [`Error::Database`].
    #[expect(
        clippy::disallowed_methods,
        reason = "asked for who is being signed in, before there is a scope"
    )]
    pub(crate) async fn of(backend: &Backend, parent: TenantId) -> Result<Self, Error> {
        let db = backend.system().db();
        let mut sql = Sql::new(db.get_database_backend());
        sql.push(
            "SELECT s.seller_id, s.buyer_id, a.buyer_name FROM subsidiaries s \
             JOIN accounts a ON a.seller_id = s.seller_id AND a.buyer_id = s.buyer_id WHERE s.parent_id = ",
        );
        sql.bind(parent.0).push(" ORDER BY a.buyer_name, s.buyer_id");
        let mut found = Vec::new();
        for row in db.query_all_raw(sql.statement()).await? {
            found.push(Below {
                seller: TenantId(row.try_get_by_index(0)?),
                company: Subsidiary {
                    id: TenantId(row.try_get_by_index(1)?),
                    name: row.try_get_by_index(2)?,
                },
            });
        }
        Ok(Self(found.into()))
    }

    /// None is within reach.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As pages name them; each once, whoever named it.
    pub(crate) fn shown(&self) -> Vec<Subsidiary> {
        let mut shown: Vec<Subsidiary> = Vec::with_capacity(self.0.len());
        for Below { company, .. } in self.0.iter() {
            if !shown.iter().any(|one| one.id == company.id) {
                shown.push(company.clone());
            }
        }
        shown
    }

    /// A tenant and its subsidiaries.
    pub(crate) fn with(&self, own: TenantId) -> Vec<Company> {
        let below = self.0.iter().map(|one| Company::Below {
            seller: one.seller,
            buyer: one.company.id,
        });
        std::iter::once(Company::Own(own)).chain(below).collect()
    }

    /// What a row must fulfil to be a paper of a tenant or of one of its subsidiaries. An alternative and no list of
    /// buyers, so that no planner takes it for the way to the rows: that is what a statement's other conditions are for.
    pub(crate) fn condition<C: ColumnTrait>(&self, own: TenantId, seller: C, buyer: C) -> Condition {
        if self.is_empty() {
            return Condition::all().add(buyer.eq(own.0));
        }
        let mut any = Condition::any().add(buyer.eq(own.0));
        for (from, buyers) in self.by_seller() {
            any = any.add(Condition::all().add(seller.eq(from)).add(buyer.is_in(buyers)));
        }
        Condition::all().add(any)
    }

    /// The same in a statement of our own.
    pub(crate) fn push(&self, own: TenantId, sql: &mut Sql) {
        if self.is_empty() {
            sql.push("buyer_id = ").bind(own.0);
            return;
        }
        sql.push("(buyer_id = ").bind(own.0);
        for (from, buyers) in self.by_seller() {
            sql.push(" OR (seller_id = ").bind(from);
            sql.push(" AND buyer_id IN (").bind_all(buyers).push("))");
        }
        sql.push(")");
    }

    fn by_seller(&self) -> BTreeMap<uuid::Uuid, Vec<uuid::Uuid>> {
        let mut by_seller: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for Below { seller, company } in self.0.iter() {
            by_seller.entry(seller.0).or_default().push(company.id.0);
        }
        by_seller
    }

    /// All their ids.
    pub(crate) fn ids(&self) -> impl Iterator<Item = uuid::Uuid> {
        self.0.iter().map(|one| one.company.id.0)
    }
}
