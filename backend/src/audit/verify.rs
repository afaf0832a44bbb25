//! `quittance audit verify`: whether anything in the audit was changed, taken out, put elsewhere or cut off.
//!
//! Every entry carries a hash of itself and of the entry before it, and the tenant's head carries the last one. Somebody
//! who can write every table can also forge the whole chain; so the heads are printed, to be kept elsewhere.

use crate::{Backend, Error};
use domain::ids::TenantId;
use entity::{
    audit_entry::{self, NOTHING_BEFORE, link},
    audit_head,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

/// Entries that are read at a time.
const PART: u64 = 1_000;
/// Flaws that are told; more would say no more.
const TOLD: usize = 100;

/// What is wrong with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It says something else than when it was written.
    Changed,
    /// It does not follow the entry before it.
    Moved,
    /// Entries before it are missing.
    Missing,
    /// Entries after it are missing, or the head was changed.
    CutOff,
}

impl Flaw {
    /// In words, after `entry 12`.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Changed => "was changed after it was written",
            Self::Moved => "does not follow the one before it",
            Self::Missing => "comes after entries that are missing",
            Self::CutOff => "is not the last one that was written",
        }
    }
}

/// An entry that is not as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Whose audit.
    pub tenant: TenantId,
    /// Number of the entry.
    pub seq: i64,
    /// What is wrong.
    pub flaw: Flaw,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Entries that were read.
    pub entries: u64,
    /// Each tenant with the number and the hash of its last entry.
    pub heads: Vec<(TenantId, i64, String)>,
    /// The first hundred that are wrong.
    pub broken: Vec<Broken>,
}

/// Reads the whole audit and follows its chains. Changes nothing, and holds a thousand entries at a time.
///
/// # Errors
/// [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "the proof is over everybody's entries and tells only their numbers"
)]
pub async fn verify(backend: &Backend) -> Result<Proof, Error> {
    let system = backend.system();
    let db = system.db();
    let mut proof = Proof::default();
    // Entries of a tenant without a head, which cannot be unless somebody took it away.
    let headless = audit_entry::Entity::find()
        .select_only()
        .column(audit_entry::Column::TenantId)
        .distinct()
        .filter(
            audit_entry::Column::TenantId.not_in_subquery(
                audit_head::Entity::find()
                    .select_only()
                    .column(audit_head::Column::TenantId)
                    .into_query(),
            ),
        )
        .into_tuple::<uuid::Uuid>()
        .all(db)
        .await?;
    for tenant in headless {
        proof.tell(TenantId(tenant), 0, Flaw::CutOff);
    }
    let heads = audit_head::Entity::find()
        .order_by_asc(audit_head::Column::TenantId)
        .all(db)
        .await?;
    for head in heads {
        let tenant = TenantId(head.tenant_id);
        let mut chain = Chain {
            seq: 0,
            hash: NOTHING_BEFORE.to_owned(),
        };
        // What is written meanwhile is not looked at.
        let whole = audit_entry::Entity::find()
            .filter(audit_entry::Column::TenantId.eq(head.tenant_id))
            .filter(audit_entry::Column::Seq.lte(head.seq))
            .order_by_asc(audit_entry::Column::Seq)
            .limit(PART);
        loop {
            let part = whole
                .clone()
                .filter(audit_entry::Column::Seq.gt(chain.seq))
                .all(db)
                .await?;
            let more = part.len() as u64 == PART;
            for entry in part {
                proof.entries += 1;
                if let Some(flaw) = chain.follow(&entry) {
                    proof.tell(tenant, entry.seq, flaw);
                }
            }
            if !more {
                break;
            }
        }
        if chain.seq != head.seq || head.hash.as_deref() != Some(chain.hash.as_str()) {
            proof.tell(tenant, chain.seq, Flaw::CutOff);
        }
        proof.heads.push((tenant, chain.seq, chain.hash));
    }
    Ok(proof)
}

impl Proof {
    fn tell(&mut self, tenant: TenantId, seq: i64, flaw: Flaw) {
        if self.broken.len() < TOLD {
            self.broken.push(Broken { tenant, seq, flaw });
        }
    }
}

/// How far a chain was followed.
struct Chain {
    seq: i64,
    hash: String,
}

impl Chain {
    /// Takes the next entry, and goes on from what it claims, so that one flaw is told once.
    fn follow(&mut self, entry: &audit_entry::Model) -> Option<Flaw> {
        let previous = entry.prev_hash.as_deref().unwrap_or_default();
        let fits = entry.hash.as_deref() == Some(link(previous, &entry.covered()).as_str());
        let flaw = if entry.seq != self.seq + 1 {
            Some(Flaw::Missing)
        } else if !fits {
            Some(Flaw::Changed)
        } else if previous != self.hash {
            Some(Flaw::Moved)
        } else {
            None
        };
        self.seq = entry.seq;
        self.hash = entry.hash.clone().unwrap_or_default();
        flaw
    }
}
