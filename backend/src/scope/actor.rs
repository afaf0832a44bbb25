//! Who acts: a signed-in person, a program with a key, the command line's operator, a job or an import.
//!
//! Fields are private and nothing outside of the backend can make one: a person comes from a verified session, a program by
//! its key, the others name themselves in the audit (D3).

use super::{Scope, Subsidiaries};
use crate::{Backend, Error, codes::Stored};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use domain::{
    Refusal,
    access::{BuyerReach, Permission, Permit, Rights, TenantKind},
    ids::{ApiKeyId, ImportId, TenantId, UserId},
    sessions::Confined,
    single_sign_on::AuthMethod,
};
use entity::codes::ActorKind;
use std::fmt;

/// Somebody who acts in a tenant.
#[derive(Clone)]
pub struct Actor {
    backend: Backend,
    who: Who,
    tenant: TenantId,
    kind: TenantKind,
    rights: Rights,
    time_zone: Tz,
    request: Request,
    confined: Option<Confined>,
    method: AuthMethod,
    buyer_reach: BuyerReach,
    subsidiaries: Subsidiaries,
}

/// What is known of the request that the actor acts in, for the audit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Id that logs and error pages carry.
    pub id: Option<String>,
    /// Network address it came from.
    pub address: Option<String>,
}

/// Kinds of actors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// A person.
    User { id: UserId, name: String },
    /// A program of the tenant.
    ApiKey {
        /// Its key.
        id: ApiKeyId,
        /// What the tenant calls the key.
        name: String,
        /// The same as histories call it, where no column says what it is.
        called: String,
        /// Who gave it.
        giver: UserId,
    },
    /// Somebody at the command line.
    Operator { name: String },
    /// A job of the queue, by its name.
    Job { name: &'static str },
    /// The publication of an import.
    Import { id: ImportId },
}

impl Who {
    /// A program with a key.
    pub(crate) fn api_key(id: ApiKeyId, name: String, giver: UserId) -> Self {
        Self::ApiKey {
            id,
            called: format!("{name} (API key)"),
            name,
            giver,
        }
    }
}

/// What an actor is made from.
pub(crate) struct NewActor {
    pub(crate) backend: Backend,
    pub(crate) who: Who,
    pub(crate) tenant: TenantId,
    pub(crate) kind: TenantKind,
    pub(crate) rights: Rights,
    pub(crate) time_zone: Tz,
}

impl Actor {
    pub(crate) fn new(parts: NewActor) -> Self {
        let NewActor {
            backend,
            who,
            tenant,
            kind,
            rights,
            time_zone,
        } = parts;
        Self {
            backend,
            who,
            tenant,
            kind,
            rights,
            time_zone,
            request: Request::default(),
            confined: None,
            method: AuthMethod::Password,
            buyer_reach: BuyerReach::Own,
            subsidiaries: Subsidiaries::default(),
        }
    }

    /// The same person, whose role on the buyer's side reaches so far: with the wide reach to these subsidiaries.
    #[must_use]
    pub(crate) fn reaching(mut self, reach: BuyerReach, subsidiaries: Subsidiaries) -> Self {
        self.buyer_reach = reach;
        self.subsidiaries = match reach {
            BuyerReach::Subsidiaries => subsidiaries,
            BuyerReach::Own => Subsidiaries::default(),
        };
        self
    }

    /// How far their role on the buyer's side reaches.
    pub(crate) fn buyer_reach(&self) -> BuyerReach {
        self.buyer_reach
    }

    /// The subsidiaries whose papers they see.
    pub(crate) fn subsidiaries(&self) -> &Subsidiaries {
        &self.subsidiaries
    }

    /// The same person, who may do nothing but what they are confined to, go to another tenant or log out.
    #[must_use]
    pub(crate) fn confined(mut self, why: Confined) -> Self {
        self.rights = Rights::NONE;
        self.confined = Some(why);
        self
    }

    /// The same person, who came in by a way.
    #[must_use]
    pub(crate) fn by(mut self, method: AuthMethod) -> Self {
        self.method = method;
        self
    }

    /// How the person came in.
    pub(crate) fn method(&self) -> AuthMethod {
        self.method
    }

    /// The same actor in a request.
    #[must_use]
    pub fn in_request(mut self, request: Request) -> Self {
        self.request = request;
        self
    }

    /// The same tenant, acted in by an import: what it publishes bears its name in the audit.
    #[must_use]
    pub(crate) fn as_import(&self, id: ImportId) -> Self {
        Self {
            who: Who::Import { id },
            rights: Rights::all(self.kind),
            ..self.clone()
        }
    }

    /// Asks for a permission. The scope that comes back proves it.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when the role does not have it.
    pub fn permit<P: Permit>(&self) -> Result<Scope<P>, Error> {
        self.free()?;
        if self.may(P::PERMISSION) {
            Ok(Scope::new(self.clone()))
        } else {
            Err(Error::Forbidden(Refusal::NotPermitted {
                permission: P::PERMISSION.label().to_owned(),
            }))
        }
    }

    /// Whether it has a permission.
    pub fn may(&self, permission: Permission) -> bool {
        self.rights.has(permission)
    }

    /// The tenant it acts in.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// The tenant's tier.
    pub fn kind(&self) -> TenantKind {
        self.kind
    }

    /// What it may do.
    pub fn rights(&self) -> Rights {
        self.rights
    }

    /// The person, if it is one.
    pub fn user(&self) -> Option<UserId> {
        match &self.who {
            Who::User { id, .. } => Some(*id),
            Who::ApiKey { .. } | Who::Operator { .. } | Who::Job { .. } | Who::Import { .. } => None,
        }
    }

    /// The key of the program and who gave it, if it is one.
    pub(crate) fn api_key(&self) -> Option<(ApiKeyId, UserId)> {
        match &self.who {
            Who::ApiKey { id, giver, .. } => Some((*id, *giver)),
            Who::User { .. } | Who::Operator { .. } | Who::Job { .. } | Who::Import { .. } => None,
        }
    }

    /// The person, for acts on their own account.
    ///
    /// # Errors
    /// [`Error::SignIn`] when it is no person; [`Error::Forbidden`] when the person is confined, or came by their
    /// company's provider.
    pub(crate) fn person(&self) -> Result<UserId, Error> {
        self.free()?;
        self.owner()
    }

    /// The person, for acts on their login that they may do while they are confined. A login is good in other tenants
    /// too, so what this tenant's provider says about somebody is not enough for it.
    ///
    /// # Errors
    /// [`Error::SignIn`] when it is no person; [`Error::Forbidden`] when they came by their company's provider.
    pub(crate) fn owner(&self) -> Result<UserId, Error> {
        if self.method.is_company() {
            return Err(Error::Forbidden(Refusal::CompanyOnly));
        }
        self.user().ok_or(Error::SignIn)
    }

    /// The person, for what is theirs in this tenant. Whoever asks this narrows what they do to what
    /// [`Self::reach`] names.
    ///
    /// # Errors
    /// [`Error::SignIn`] when it is no person; [`Error::Forbidden`] when the person is confined.
    pub(crate) fn person_here(&self) -> Result<UserId, Error> {
        self.free()?;
        self.user().ok_or(Error::SignIn)
    }

    /// The tenant beyond which the person reaches nothing of theirs; none for who proved to own the login.
    pub(crate) fn reach(&self) -> Option<TenantId> {
        self.method.is_company().then_some(self.tenant)
    }

    fn free(&self) -> Result<(), Error> {
        match self.confined {
            Some(why) => Err(Error::Forbidden(why.refusal())),
            None => Ok(()),
        }
    }

    /// What it is called in histories.
    pub fn name(&self) -> &str {
        match &self.who {
            Who::User { name, .. } | Who::ApiKey { called: name, .. } | Who::Operator { name } => name,
            Who::Job { .. } => "System",
            Who::Import { .. } => "Import",
        }
    }

    /// Now.
    pub fn now(&self) -> DateTime<Utc> {
        self.backend.now()
    }

    /// Today in the tenant's time zone.
    pub fn today(&self) -> NaiveDate {
        self.day(self.now())
    }

    /// When a day begins where the tenant is. Where the clock leaves midnight out, it is taken as UTC.
    pub(crate) fn midnight(&self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        let here = midnight.and_local_timezone(self.time_zone).earliest();
        here.map_or_else(|| midnight.and_utc(), |here| here.to_utc())
    }

    /// The day of a moment, where its tenant is.
    pub(crate) fn day(&self, moment: DateTime<Utc>) -> NaiveDate {
        moment.with_timezone(&self.time_zone).date_naive()
    }

    pub(crate) fn backend(&self) -> &Backend {
        &self.backend
    }

    pub(crate) fn request(&self) -> &Request {
        &self.request
    }

    /// Kind, id and name for the audit.
    pub(crate) fn signature(&self) -> (ActorKind, Option<uuid::Uuid>, String) {
        match &self.who {
            Who::User { id, name } => (ActorKind::User, Some(id.0), name.clone()),
            Who::ApiKey { id, name, .. } => (ActorKind::ApiKey, Some(id.0), name.clone()),
            Who::Operator { name } => (ActorKind::Operator, None, name.clone()),
            Who::Job { name } => (ActorKind::Job, None, (*name).to_owned()),
            Who::Import { id } => (ActorKind::Import, Some(id.0), "Import".to_owned()),
        }
    }
}

impl fmt::Debug for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Actor")
            .field("who", &self.who)
            .field("tenant", &self.tenant)
            .finish_non_exhaustive()
    }
}

impl Backend {
    /// Somebody at the command line who acts in a tenant and may do what the tenant may do.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such tenant.
    pub async fn operator(&self, tenant: TenantId, name: impl Into<String>) -> Result<Actor, Error> {
        self.trusted(tenant, Who::Operator { name: name.into() }).await
    }

    /// A job that acts in a tenant.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such tenant.
    pub(crate) async fn job(&self, tenant: TenantId, name: &'static str) -> Result<Actor, Error> {
        self.trusted(tenant, Who::Job { name }).await
    }

    async fn trusted(&self, tenant: TenantId, who: Who) -> Result<Actor, Error> {
        let row = self.system().find_tenant(tenant).await?;
        Ok(Actor::new(NewActor {
            backend: self.clone(),
            who,
            tenant,
            kind: row.kind.to_domain(),
            rights: Rights::all(row.kind.to_domain()),
            time_zone: time_zone(&row.time_zone)?,
        }))
    }
}

impl Actor {
    /// An operator in a tenant that is only being made.
    pub(crate) fn founder(backend: &Backend, tenant: TenantId, name: &str) -> Self {
        Self::new(NewActor {
            backend: backend.clone(),
            who: Who::Operator {
                name: name.to_owned(),
            },
            tenant,
            kind: TenantKind::Distributor,
            rights: Rights::all(TenantKind::Distributor),
            time_zone: Tz::UTC,
        })
    }

    /// A transaction in which everything may be made that seeding makes, in the machinery's name.
    pub(crate) async fn found(&self) -> Result<super::Tx, Error> {
        let viewpoint = super::Viewpoint {
            tenant: self.tenant,
            area: domain::access::Area::Seller,
            subsidiaries: Subsidiaries::default(),
        };
        super::Tx::begin_as_system(self.clone(), viewpoint).await
    }
}

/// A stored time zone.
pub(crate) fn time_zone(name: &str) -> Result<Tz, Error> {
    name.parse()
        .map_err(|_| Error::corrupt(format!("time zone {name}")))
}
