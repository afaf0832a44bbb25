//! The [`World`] of tests: a database of its own, a clock that stands still, a gateway and a mailer that remember, a
//! distributor, two partners and two customers of each.
//!
//! Builders speak the domain: `world.acme().invoice("100.00").due(30).await`. With `TEST_DATABASE_URL` set, the same
//! tests run on PostgreSQL. What goes wrong while a world is built is a failed test, so these functions panic.
#![expect(clippy::unwrap_used, reason = "a world that cannot be built is a failed test")]

mod database;
#[cfg(test)]
mod dies;
mod login;
mod objects;
mod party;

pub use database::TestDatabase as EmptyDatabase;
pub use database::connect;
#[cfg(test)]
pub(crate) use dies::dies_after;
pub use login::{code, log_in};
pub use objects::Object;
pub use party::{InvoiceBuilder, Party};

use crate::{
    Actor, Backend, BackendConfig,
    invoices::write::AccountFacts,
    ports::{
        IdentityProviders, Ports,
        fakes::{FakeGateway, FakeMailer, FakeProviders, FixedClock},
    },
    tenants::write::{self, NewTenant, Parent},
};
use crate::{codes::Stored, vault::Keyring};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use database::{Template, TestDatabase};
use domain::{
    Currency,
    access::{BuyerReach, BuyerRole, Roles, SellerRole, TenantKind},
    ids::{TenantId, UserId},
    locale::Locale,
};
use entity::{codes, membership, subsidiary};
use sea_orm::{ActiveValue::Set, DatabaseConnection, EntityTrait};
use std::{collections::BTreeMap, sync::Arc};
use tokio::sync::OnceCell;

/// The password of everybody in a world.
pub const PASSWORD: &str = "correct horse battery";
/// Its hash, made at the real cost once and for all.
const PASSWORD_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$YLor5bltAkPily/jWlAwlA$QIbrh9oihl28E0TUL2Anjfux7W0zVUUeA12WnRFYFqw";

/// A key for the secrets of its tenants, which is none: it stands here.
pub const KEY: &str = "a2V5IG9mIHRoZSB0ZXN0cywgb2Ygbm8gdXNlIGhlcmU=";

/// Databases of worlds that need them no more.
static GIVEN_BACK: std::sync::Mutex<Vec<TestDatabase>> = std::sync::Mutex::new(Vec::new());

/// A small trade of its own.
pub struct World {
    /// What is tested.
    pub backend: Backend,
    /// Stands still.
    pub clock: Arc<FixedClock>,
    /// Remembers.
    pub gateway: Arc<FakeGateway>,
    /// Remembers.
    pub mailer: Arc<FakeMailer>,
    /// Lets in whom it is told to.
    pub identities: Arc<FakeProviders>,
    parties: BTreeMap<&'static str, Party>,
    /// Dropped last: it takes the database away.
    database: TestDatabase,
}

impl World {
    /// A fresh world, at noon of 15 March 2026 UTC.
    pub async fn new() -> Self {
        Self::asking(|fake| fake).await
    }

    /// The same, which asks other providers of identities than the one that is told what to say.
    pub async fn asking(
        providers: impl FnOnce(Arc<dyn IdentityProviders>) -> Arc<dyn IdentityProviders>,
    ) -> Self {
        Self::from_the_beginning(providers, Template::copy).await
    }

    /// A fresh world on the database of one that was given back, where there is one.
    pub async fn renewed() -> Self {
        let used = GIVEN_BACK.lock().unwrap().pop();
        let database = async |template: &Template| match used {
            Some(used) => template.renew(used).await,
            None => template.copy().await,
        };
        Self::from_the_beginning(|fake| fake, database).await
    }

    /// Gives the database back for [`Self::renewed`]. Of a world whose tables are as they were, and nothing goes on.
    pub async fn give_back(self) {
        self.backend.close().await.unwrap();
        GIVEN_BACK.lock().unwrap().push(self.database);
    }

    async fn from_the_beginning(
        providers: impl FnOnce(Arc<dyn IdentityProviders>) -> Arc<dyn IdentityProviders>,
        database: impl AsyncFnOnce(&Template) -> TestDatabase,
    ) -> Self {
        static BEGINNING: OnceCell<(Template, Vec<Resident>)> = OnceCell::const_new();
        let beginning = BEGINNING.get_or_init(async || {
            let world = Self::on(TestDatabase::new().await, |fake| fake).await;
            let residents = populate(&world.backend).await;
            world.backend.close().await.unwrap();
            (Template::of(world.database).await, residents)
        });
        let (template, residents) = beginning.await;
        let mut world = Self::on(database(template).await, providers).await;
        let parties = residents.iter().map(|resident| {
            let party = Party::new(world.backend.clone(), resident.clone());
            (resident.name, party)
        });
        world.parties = parties.collect();
        world
    }

    /// Nobody lives there yet.
    async fn on(
        database: TestDatabase,
        providers: impl FnOnce(Arc<dyn IdentityProviders>) -> Arc<dyn IdentityProviders>,
    ) -> Self {
        let now: DateTime<Utc> = "2026-03-15T12:00:00Z".parse().unwrap();
        let clock = Arc::new(FixedClock::at(now));
        let gateway = Arc::new(FakeGateway::default());
        let mailer = Arc::new(FakeMailer::default());
        let identities = Arc::new(FakeProviders::default());
        let ports = Ports {
            clock: clock.clone(),
            gateway: gateway.clone(),
            mailer: mailer.clone(),
            identities: providers(identities.clone()),
        };
        let config = BackendConfig {
            connections: 4,
            // The schema is there already, and the portal need not know who owns it.
            migration_url: None,
            secrets: Keyring::read([KEY]).unwrap(),
            // Figures fill a million rows with one statement.
            statement_timeout: std::time::Duration::from_secs(1_200),
            ..database.config()
        };
        let backend = Backend::open(config, ports).await.unwrap();
        Self {
            backend,
            clock,
            gateway,
            mailer,
            identities,
            parties: BTreeMap::new(),
            database,
        }
    }

    /// The distributor, Northwind.
    pub fn distributor(&self) -> &Party {
        self.party("Northwind")
    }

    /// The first partner, Acme, billed by the distributor.
    pub fn acme(&self) -> &Party {
        self.party("Acme")
    }

    /// The other partner, Borealis.
    pub fn borealis(&self) -> &Party {
        self.party("Borealis")
    }

    /// Acme's first customer, Daisy.
    pub fn daisy(&self) -> &Party {
        self.party("Daisy")
    }

    /// Any of them: Northwind; Acme with Daisy and Elm; Borealis with Fjord and Grove.
    pub fn party(&self, name: &str) -> &Party {
        self.parties
            .get(name)
            .unwrap_or_else(|| panic!("nobody is called {name}"))
    }

    /// All of them.
    pub fn parties(&self) -> impl Iterator<Item = &Party> {
        self.parties.values()
    }

    /// Gives a party's admin other roles; the next request feels it.
    pub async fn give_roles(&self, party: &Party, roles: Roles) {
        let change = membership::ActiveModel {
            user_id: Set(party.user().0),
            tenant_id: Set(party.id().0),
            seller_role: Set(roles.seller.map(Stored::from_domain)),
            buyer_role: Set(roles.buyer.map(Stored::from_domain)),
            seller_custom: Set(None),
            buyer_custom: Set(None),
            buyer_reach: Set(codes::BuyerReach::Own),
            ..Default::default()
        };
        membership::Entity::update(change)
            .exec_without_returning(self.backend.system().writer())
            .await
            .unwrap();
    }

    /// Makes one customer of a seller the subsidiary of another one.
    pub async fn make_subsidiary(&self, child: &Party, parent: &Party) {
        let row = subsidiary::ActiveModel {
            seller_id: Set(parent.seller().0),
            buyer_id: Set(child.id().0),
            parent_id: Set(parent.id().0),
            created_at: Set(self.backend.now()),
        };
        subsidiary::Entity::insert(row)
            .exec_without_returning(self.backend.system().writer())
            .await
            .unwrap();
    }

    /// Says how far the role of a party's admin on the buyer's side reaches; the next request feels it.
    pub async fn give_reach(&self, party: &Party, reach: BuyerReach) {
        let change = membership::ActiveModel {
            user_id: Set(party.user().0),
            tenant_id: Set(party.id().0),
            buyer_reach: Set(Stored::from_domain(reach)),
            ..Default::default()
        };
        membership::Entity::update(change)
            .exec_without_returning(self.backend.system().writer())
            .await
            .unwrap();
    }

    /// How another backend opens the same database.
    pub fn config(&self) -> BackendConfig {
        self.database.config()
    }

    /// How one opens it through a pooler; on SQLite there is none.
    pub fn pooled(&self) -> Option<BackendConfig> {
        self.database.pooled()
    }

    /// A connection that goes round every wall, for what no code of ours could do.
    pub async fn outside(&self) -> DatabaseConnection {
        self.database.outside().await
    }

    /// Today in UTC.
    pub fn today(&self) -> NaiveDate {
        self.backend.now().date_naive()
    }

    /// Lets days pass.
    pub fn days_pass(&self, days: i64) {
        self.clock.advance(TimeDelta::days(days));
    }

    /// Lets seconds pass.
    pub fn seconds_pass(&self, seconds: i64) {
        self.clock.advance(TimeDelta::seconds(seconds));
    }
}

/// A tenant as it was made, with its admin.
#[derive(Clone)]
struct Resident {
    name: &'static str,
    new: NewTenant,
    user: UserId,
    person: String,
    facts: Option<AccountFacts>,
}

/// Makes the tenants of every world.
async fn populate(backend: &Backend) -> Vec<Resident> {
    let distributor = TenantId(crate::new_id());
    let founder = Actor::founder(backend, distributor, "Founder");
    let mut tx = founder.found().await.unwrap();
    let mut made: Vec<Resident> = Vec::new();
    for (name, above) in [
        ("Northwind", None),
        ("Acme", Some("Northwind")),
        ("Borealis", Some("Northwind")),
        ("Daisy", Some("Acme")),
        ("Elm", Some("Acme")),
        ("Fjord", Some("Borealis")),
        ("Grove", Some("Borealis")),
    ] {
        let id = if name == "Northwind" {
            distributor
        } else {
            TenantId(crate::new_id())
        };
        let above = above.and_then(|above| made.iter().find(|resident| resident.name == above));
        let new = new_tenant(id, name, above.map(|above| &above.new));
        let facts = write::create(&mut tx, &new).await.unwrap();
        let roles = Roles {
            seller: new.kind.sells().then_some(SellerRole::Admin),
            buyer: new.kind.buys().then_some(BuyerRole::Admin),
        };
        let email = format!("admin@{}.example", name.to_lowercase());
        let person = format!("{name}'s admin");
        let user = write::add_person(&mut tx, id, &person, &email, PASSWORD_HASH, roles)
            .await
            .unwrap();
        made.push(Resident {
            name,
            new,
            user,
            person,
            facts,
        });
    }
    tx.commit().await.unwrap();
    made
}

fn new_tenant(id: TenantId, name: &str, above: Option<&NewTenant>) -> NewTenant {
    let kind = match above.map(|above| above.kind) {
        None => TenantKind::Distributor,
        Some(TenantKind::Distributor) => TenantKind::Partner,
        Some(TenantKind::Partner | TenantKind::Customer) => TenantKind::Customer,
    };
    let lower = name.to_lowercase();
    NewTenant {
        id,
        kind,
        company: domain::tenants::Company {
            party: domain::tenants::Party {
                name: name.to_owned(),
                street: "1 Main Street".to_owned(),
                city: "Springfield".to_owned(),
                postal_code: "12345".to_owned(),
                country: "US".to_owned(),
                tax_id: None,
                email: Some(format!("billing@{lower}.example")),
            },
            locale: Locale::EnUs,
            time_zone: "UTC".to_owned(),
            currency: Currency::USD,
            accent: "indigo".to_owned(),
            support_phone: None,
        },
        parent: above.map(|above| Parent {
            tenant: above.id,
            party: above.company.party.clone(),
            external_id: Some(format!("C-{}", name.to_uppercase())),
            terms_days: 30,
        }),
        group: None,
    }
}
