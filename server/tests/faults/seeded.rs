//! Databases with demo data. Each kind is made once in a run and copied then: making takes longer than many a test.

use crate::program::Program;
use sea_orm::{ConnectionTrait, Database};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery";
/// SQLite's database.
pub const FILE: &str = "portal.db";

/// Where what is made once lies.
pub fn shelf(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    // What an older run left there is of another day.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Puts SQLite's database into a folder, and returns its address.
pub fn copy_into(folder: &Path) -> String {
    static SEEDED: OnceLock<PathBuf> = OnceLock::new();
    let seeded = SEEDED.get_or_init(|| {
        let shelf = shelf("faults-sqlite");
        seed(&shelf, &format!("sqlite://{}", shelf.join(FILE).display()));
        shelf
    });
    for file in fs::read_dir(seeded).unwrap().flatten() {
        fs::copy(file.path(), folder.join(file.file_name())).unwrap();
    }
    format!("sqlite://{}", folder.join(FILE).display())
}

/// Makes a copy of PostgreSQL's database on this server, and returns its address.
pub async fn copy_on(server: &str) -> String {
    let name = format!("faults_{}", uuid::Uuid::new_v4().simple());
    let (base, _) = server.rsplit_once('/').unwrap();
    let template = template();
    if !statement(server, &copy(&name, &template)).await {
        assert!(statement(server, &format!("CREATE DATABASE {template}")).await);
        let folder = tempfile::tempdir().unwrap();
        seed(folder.path(), &format!("{base}/{template}"));
        assert!(statement(server, &copy(&name, &template)).await);
    }
    format!("{base}/{name}")
}

/// Of this run, so that a server that lives longer has none of another day.
fn template() -> String {
    format!("faults_seeded_{}", std::process::id())
}

fn copy(name: &str, template: &str) -> String {
    format!("CREATE DATABASE {name} TEMPLATE {template}")
}

/// Whether it worked.
async fn statement(server: &str, sql: &str) -> bool {
    let connection = Database::connect(server).await.unwrap();
    let done = connection.execute_unprepared(sql).await;
    connection.close().await.unwrap();
    done.is_ok()
}

fn seed(folder: &Path, url: &str) {
    let program = Program::new(folder).with("database__url", url);
    program.run(&["seed", "--password", PASSWORD]);
}
