//! A database for one test: a copy of a migrated template, gone when the test is.
//!
//! SQLite lies in memory-backed storage where there is some; PostgreSQL is the server of `TEST_DATABASE_URL`.

use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use std::{
    env, fs,
    path::{Path, PathBuf},
};
use tokio::sync::OnceCell;

/// A database that goes away when this is dropped.
pub struct TestDatabase {
    url: String,
    clean_up: CleanUp,
}

enum CleanUp {
    Folder(PathBuf),
    Database { server: String, name: String },
}

impl TestDatabase {
    /// A fresh one with the newest schema.
    pub async fn new() -> Self {
        match env::var("TEST_DATABASE_URL") {
            Ok(server) if !server.is_empty() => Self::on_server(server).await,
            Ok(_) | Err(_) => Self::in_file().await,
        }
    }

    /// An empty one, without any table.
    pub async fn empty() -> Self {
        match env::var("TEST_DATABASE_URL") {
            Ok(server) if !server.is_empty() => {
                let name = fresh_name();
                run(&server, &format!("CREATE DATABASE {name}")).await;
                Self {
                    url: beside(&server, &name),
                    clean_up: CleanUp::Database { server, name },
                }
            }
            Ok(_) | Err(_) => {
                let folder = fresh_folder();
                let url = format!("sqlite://{}", folder.join("world.sqlite").display());
                Self {
                    url,
                    clean_up: CleanUp::Folder(folder),
                }
            }
        }
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
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
                migration::run(&connection).await.unwrap();
                connection.close().await.unwrap();
                let template = fs::read(file).unwrap();
                fs::remove_dir_all(folder).unwrap();
                template
            })
            .await;
        let folder = fresh_folder();
        let file = folder.join("world.sqlite");
        fs::write(&file, template).unwrap();
        Self {
            url: format!("sqlite://{}", file.display()),
            clean_up: CleanUp::Folder(folder),
        }
    }

    async fn on_server(server: String) -> Self {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        let template = TEMPLATE
            .get_or_init(async || {
                let name = fresh_name();
                run(&server, &format!("CREATE DATABASE {name}")).await;
                let connection = connect(&beside(&server, &name)).await;
                migration::run(&connection).await.unwrap();
                connection.close().await.unwrap();
                name
            })
            .await;
        let name = fresh_name();
        run(&server, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        Self {
            url: beside(&server, &name),
            clean_up: CleanUp::Database { server, name },
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        match &self.clean_up {
            CleanUp::Folder(folder) => {
                // A folder that stays behind disturbs nobody.
                let _ = fs::remove_dir_all(folder);
            }
            CleanUp::Database { server, name } => {
                let (server, name) = (server.clone(), name.clone());
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

async fn connect(url: &str) -> DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap()
}

async fn run(server: &str, statement: &str) {
    let connection = connect(server).await;
    connection.execute_unprepared(statement).await.unwrap();
    connection.close().await.unwrap();
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
