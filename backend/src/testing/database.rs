//! A database for one test: a copy of a migrated template, gone when the test is.
//!
//! SQLite lies in memory-backed storage where there is some; PostgreSQL is the server of `TEST_DATABASE_URL`, which is
//! for a superuser. There a database belongs to the role of `TEST_DATABASE_OWNER_URL`, and the backend is the one of
//! `TEST_DATABASE_PORTAL_URL`, so that every test is a test of what that role may do.

use crate::BackendConfig;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use std::{
    env, fs, mem,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::sync::OnceCell;

/// A database that goes away when this is dropped.
pub struct TestDatabase(Place);

enum Place {
    Folder(PathBuf),
    Server { server: Server, name: String },
}

/// A server's addresses for each role.
#[derive(Clone)]
struct Server {
    superuser: String,
    owner: String,
    portal: String,
}

impl TestDatabase {
    /// A fresh one with the newest schema.
    pub async fn new() -> Self {
        static MIGRATED: OnceCell<Template> = OnceCell::const_new();
        let migrated = MIGRATED.get_or_init(async || {
            let database = Self::empty().await;
            database.migrate().await;
            Template::of(database).await
        });
        migrated.await.copy().await
    }

    /// An empty one, without any table.
    pub async fn empty() -> Self {
        match Server::of_the_environment() {
            Some(server) => {
                let name = fresh_name();
                server.create(&name, "").await;
                Self(Place::Server { server, name })
            }
            None => Self(Place::Folder(fresh_folder())),
        }
    }

    /// How a backend opens it.
    pub fn config(&self) -> BackendConfig {
        match &self.0 {
            Place::Folder(folder) => patient(in_folder(folder)),
            Place::Server { server, name } => BackendConfig {
                migration_url: Some(beside(&server.owner, name)),
                ..patient(beside(&server.portal, name))
            },
        }
    }

    /// How a backend opens it through a pooler that has a single connection; on SQLite there is none.
    pub fn pooled(&self) -> Option<BackendConfig> {
        match &self.0 {
            Place::Folder(_) => None,
            Place::Server { name, .. } => {
                let pooler = env::var("TEST_POOLER_URL").expect("setup/postgres starts a pooler too");
                Some(BackendConfig {
                    // Debian's pgbouncer does not know prepared statements everywhere.
                    keep_prepared: false,
                    ..patient(beside(&pooler, name))
                })
            }
        }
    }

    /// A connection that goes round every wall, for what no code of ours could do.
    pub async fn outside(&self) -> DatabaseConnection {
        match &self.0 {
            Place::Folder(folder) => connect(&in_folder(folder)).await,
            Place::Server { server, name } => connect(&beside(&server.superuser, name)).await,
        }
    }

    async fn migrate(&self) {
        let (connection, portal) = match &self.0 {
            Place::Folder(folder) => {
                let connection = connect(&format!("{}?mode=rwc", in_folder(folder))).await;
                connection
                    .execute_unprepared("PRAGMA journal_mode = WAL")
                    .await
                    .unwrap();
                (connection, None)
            }
            Place::Server { server, name } => {
                let connection = connect(&beside(&server.owner, name)).await;
                (connection, Some(user(&server.portal)))
            }
        };
        migration::run(&connection, portal).await.unwrap();
        connection.close().await.unwrap();
    }
}

/// A database as it once was, to begin from as often as one likes.
pub(super) struct Template(Kept);

enum Kept {
    File(Vec<u8>),
    Server {
        server: Server,
        name: String,
        /// Makes a copy again what it was at first.
        renewal: String,
    },
}

impl Template {
    /// Keeps a database as it is. Nobody may be connected to it.
    pub(super) async fn of(database: TestDatabase) -> Self {
        let kept = match &database.0 {
            Place::Folder(folder) => Kept::File(fs::read(folder.join(FILE)).unwrap()),
            Place::Server { server, name } => Kept::Server {
                renewal: renewal(server, name).await,
                server: server.clone(),
                name: name.clone(),
            },
        };
        if let Kept::Server { .. } = kept {
            // It is copied where it lies.
            mem::forget(database);
        }
        Self(kept)
    }

    /// A copy.
    pub(super) async fn copy(&self) -> TestDatabase {
        let fresh = fresh_name();
        match &self.0 {
            Kept::File(content) => {
                let folder = fresh_folder();
                fs::write(folder.join(FILE), content).unwrap();
                TestDatabase(Place::Folder(folder))
            }
            Kept::Server { server, name, .. } => {
                server.create(&fresh, &format!("TEMPLATE {name}")).await;
                let server = server.clone();
                TestDatabase(Place::Server { server, name: fresh })
            }
        }
    }

    /// What was a copy and has only other rows since, as a copy again. Nobody may be connected to it. On a server this
    /// costs a tenth of a new one.
    pub(super) async fn renew(&self, used: TestDatabase) -> TestDatabase {
        match (&self.0, &used.0) {
            (Kept::Server { renewal, .. }, Place::Server { server, name }) => {
                run(&beside(&server.superuser, name), renewal).await;
                used
            }
            _ => self.copy().await,
        }
    }
}

/// What empties all tables of a database, past walls and triggers, and writes the rows again that are there now.
#[expect(
    clippy::disallowed_methods,
    reason = "a copy of everything, whosesoever it is"
)]
async fn renewal(server: &Server, name: &str) -> String {
    let connection = connect(&beside(&server.superuser, name)).await;
    let rows = async |statement: String| {
        let statement = Statement::from_string(DbBackend::Postgres, statement);
        connection.query_all_raw(statement).await.unwrap()
    };
    let mut emptied = String::from("BEGIN; SET LOCAL session_replication_role = replica;");
    let mut written = String::new();
    let tables =
        "SELECT CAST(tablename AS text) FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename";
    for table in rows(tables.to_owned()).await {
        let table: String = table.try_get_by_index(0).unwrap();
        let all = rows(format!("SELECT CAST(json_agg(t) AS text) FROM {table} t")).await;
        emptied += &format!("DELETE FROM {table};");
        if let Some(all) = all[0].try_get_by_index::<Option<String>>(0).unwrap() {
            let all = all.replace('\'', "''");
            written += &format!(
                "INSERT INTO {table} SELECT * FROM json_populate_recordset(CAST(NULL AS {table}), '{all}');"
            );
        }
    }
    connection.close().await.unwrap();
    emptied + &written + "COMMIT"
}

impl Server {
    fn of_the_environment() -> Option<Self> {
        let named = |name: &str| env::var(name).ok().filter(|url| !url.is_empty());
        let superuser = named("TEST_DATABASE_URL")?;
        Some(Self {
            owner: named("TEST_DATABASE_OWNER_URL").unwrap_or_else(|| superuser.clone()),
            portal: named("TEST_DATABASE_PORTAL_URL").unwrap_or_else(|| superuser.clone()),
            superuser,
        })
    }

    async fn create(&self, name: &str, like: &str) {
        let owner = user(&self.owner);
        run(
            &self.superuser,
            &format!("CREATE DATABASE {name} OWNER {owner} {like}"),
        )
        .await;
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        match &self.0 {
            Place::Folder(folder) => {
                // A folder that stays behind disturbs nobody.
                let _ = fs::remove_dir_all(folder);
            }
            Place::Server { server, name } => {
                let (server, name) = (server.superuser.clone(), name.clone());
                let thread = std::thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread()
                        .enable_all()
                        .build()
                        .unwrap();
                    runtime.block_on(run(
                        &server,
                        &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
                    ));
                });
                let _ = thread.join();
            }
        }
    }
}

/// One connection without any of the portal's settings.
pub async fn connect(url: &str) -> DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap()
}

async fn run(server: &str, statement: &str) {
    let connection = connect(server).await;
    connection.execute_unprepared(statement).await.unwrap();
    connection.close().await.unwrap();
}

/// The file of a database in a folder of its own.
const FILE: &str = "world.sqlite";

fn in_folder(folder: &Path) -> String {
    format!("sqlite://{}", folder.join(FILE).display())
}

/// Whom an address signs in.
fn user(url: &str) -> &str {
    let name = url.split_once("://").and_then(|(_, rest)| rest.split_once('@'));
    let (name, _) = name.expect("the address of a test server names its user");
    name.split(':').next().unwrap_or(name)
}

/// The address of another database on the same server.
fn beside(server: &str, name: &str) -> String {
    let (address, options) = server
        .split_once('?')
        .map_or((server, None), |(a, o)| (a, Some(o)));
    let base = address.rsplit_once('/').map_or(address, |(base, _)| base);
    match options {
        Some(options) => format!("{base}/{name}?{options}"),
        None => format!("{base}/{name}"),
    }
}

fn fresh_name() -> String {
    format!("quittance_test_{}", crate::new_id().simple())
}

fn fresh_folder() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() {
        memory.to_owned()
    } else {
        env::temp_dir()
    };
    let folder = base.join(fresh_name());
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Tests run beside each other on busy machines: what is slow there is not down.
fn patient(url: String) -> BackendConfig {
    BackendConfig {
        acquire_timeout: Duration::from_secs(20),
        ..BackendConfig::new(url)
    }
}
