//! A database for one test: a copy of a migrated template, gone when the test is.
//!
//! SQLite lies in memory-backed storage where there is some; PostgreSQL is the server of `TEST_DATABASE_URL`, which is
//! for a superuser. There a database belongs to the role of `TEST_DATABASE_OWNER_URL`, and the backend is the one of
//! `TEST_DATABASE_PORTAL_URL`, so that every test is a test of what that role may do.

use crate::BackendConfig;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use std::{
    env, fs,
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
        match Server::of_the_environment() {
            Some(server) => Self::on_server(server).await,
            None => Self::in_file().await,
        }
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

    async fn in_file() -> Self {
        static TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();
        let template = TEMPLATE
            .get_or_init(async || {
                let folder = fresh_folder();
                let file = folder.join("template.sqlite");
                let url = format!("sqlite://{}?mode=rwc", file.display());
                let connection = Database::connect(url).await.unwrap();
                connection
                    .execute_unprepared("PRAGMA journal_mode = WAL")
                    .await
                    .unwrap();
                migration::run(&connection, None).await.unwrap();
                connection.close().await.unwrap();
                let template = fs::read(file).unwrap();
                fs::remove_dir_all(folder).unwrap();
                template
            })
            .await;
        let folder = fresh_folder();
        fs::write(folder.join(FILE), template).unwrap();
        Self(Place::Folder(folder))
    }

    async fn on_server(server: Server) -> Self {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        let template = TEMPLATE
            .get_or_init(async || {
                let name = fresh_name();
                server.create(&name, "").await;
                let connection = connect(&beside(&server.owner, &name)).await;
                let portal = user(&server.portal);
                migration::run(&connection, Some(portal)).await.unwrap();
                connection.close().await.unwrap();
                name
            })
            .await;
        let name = fresh_name();
        server.create(&name, &format!("TEMPLATE {template}")).await;
        Self(Place::Server { server, name })
    }
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
