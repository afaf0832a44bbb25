//! `bench`: lists, payments and exports beside the same SQL run bare, at several sizes; see docs/BENCHMARKS.md.
//!
//! `bench run URL FILE` fills databases and writes figures into a file; `bench report FILE...` turns files of figures
//! into text. setup/bench does both for SQLite and PostgreSQL.
#![recursion_limit = "256"]

mod by_hand;
mod cases;
mod db;
mod figures;
mod generate;
mod pages;
mod pay;
mod people;
mod process;
mod proof;
mod report;
mod web;

use backend::{
    Backend, BackendConfig,
    ports::{
        Clock, Ports, SystemClock,
        fakes::{FakeGateway, FakeMailer, FakeProviders},
    },
};
use clap::{Parser, Subcommand};
use db::{Db, Kind, Statement, Value};
use figures::{Figure, Run, Size};
use pages::Bench;
use people::People;
use server::{config::Config, router::router};
use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Instant,
};

/// What came of a step.
pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// Measures the portal beside the bare database driver.
#[derive(Parser)]
#[command(name = "bench")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fills databases and measures.
    Run {
        /// `sqlite` for files in a temporary folder, or the address of a PostgreSQL server where databases may be made
        /// and dropped.
        database: String,
        /// Where the figures go.
        into: PathBuf,
        /// Invoices, one database for each number.
        #[arg(long, value_delimiter = ',', default_value = "10000,100000,1000000")]
        sizes: Vec<u64>,
        /// The smaller sizes only.
        #[arg(long)]
        quick: bool,
        /// Exports, pages and the proof only, for work on them; such figures make no report.
        #[arg(long)]
        web: bool,
    },
    /// Turns files of figures into text.
    Report {
        /// The files.
        files: Vec<PathBuf>,
        /// The command that was run.
        #[arg(long)]
        command: String,
        /// Today, as it is to stand in the text.
        #[arg(long)]
        date: String,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Run {
            database,
            into,
            sizes,
            quick,
            web,
        } => {
            let sizes = if quick { vec![10_000, 100_000] } else { sizes };
            run(&database, &into, &sizes, web)
        }
        Command::Report { files, command, date } => report::print(&files, &command, &date),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(database: &str, into: &Path, sizes: &[u64], web: bool) -> Outcome {
    let load = fs::read_to_string("/proc/loadavg")?
        .split(' ')
        .take(3)
        .collect::<Vec<_>>()
        .join(", ");
    let mut run = Run {
        database: String::new(),
        load,
        sizes: Vec::new(),
    };
    let mut places = Vec::new();
    let done = all(database, sizes, web, &mut run, &mut places, into).await;
    for place in places {
        place.remove().await?;
    }
    done
}

/// Measures at all sizes. The first database stays open: the last one is compared with it.
async fn all(
    database: &str,
    sizes: &[u64],
    web: bool,
    run: &mut Run,
    places: &mut Vec<Place>,
    into: &Path,
) -> Outcome {
    let mut smallest: Option<Bench> = None;
    for (position, size) in sizes.iter().enumerate() {
        let place = Place::make(database, *size).await?;
        let url = place.url.clone();
        places.push(place);
        let is_last = position > 0 && position + 1 == sizes.len();
        let before = smallest.as_ref().filter(|_| is_last);
        let bench = measure(&url, *size, web, run, before).await?;
        fs::write(into, serde_json::to_vec_pretty(run)?)?;
        if smallest.is_none() {
            smallest = Some(bench);
        } else {
            bench.close().await?;
            if let Some(place) = places.pop() {
                place.remove().await?;
            }
        }
    }
    match smallest {
        Some(bench) => bench.close().await,
        None => Ok(()),
    }
}

async fn measure(
    url: &str,
    count: u64,
    web: bool,
    run: &mut Run,
    smallest: Option<&Bench>,
) -> Outcome<Bench> {
    let backend = open(url).await?;
    // Filled by a connection that is alone.
    backend.close().await?;
    let people = People::at(SystemClock.now());
    let begin = Instant::now();
    let filler = Db::open_to_fill(url).await?;
    generate::fill(&filler, count, &people).await?;
    filler.close().await;
    let generated = begin.elapsed().as_secs_f64();
    eprintln!("{count} invoices in {generated:.0} s");

    let bench = Bench {
        backend: open(url).await?,
        db: Db::open(url).await?,
        people,
        count,
    };
    run.database = version(&bench.db).await?;
    let mut config = Config::default();
    config.server.public_url = "http://127.0.0.1:3000".to_owned();
    let mut options = leptos::config::get_configuration(Some("Leptos.toml"))?.leptos_options;
    options.hash_files = process::has_hashed_files()?;
    let site = router(&config, options, bench.backend.clone());

    let mut figures = told(vec![bench.export(&site).await?]);
    figures.extend(told(bench.html(&site).await?));
    figures.extend(told(vec![bench.proof().await?]));
    if web {
        return Ok(bench);
    }
    figures.extend(told(bench.grid().await?));
    if let Some(smallest) = smallest {
        figures.extend(told(bench.growth(smallest).await?));
        figures.extend(told(bench.last_pages().await?));
    }
    figures.extend(told(bench.other_sorts().await?));
    figures.extend(told(bench.invoice().await?));
    let process = {
        let url = as_portal(url);
        tokio::task::block_in_place(|| bench.process(&url))?
    };
    eprintln!("{process:?}");
    // Last, since payments change what the lists show.
    figures.extend(told(bench.payments().await?));
    let paid = bench.paid().await?;
    // Both ways, the rounds that warm up included.
    let (five, fifty) = (2 * 105, 2 * 45);
    if paid != (five + fifty, five * 5 + fifty * 50) {
        return Err(format!("{} payments over {} cents went through", paid.0, paid.1).into());
    }
    let exported = bench.exported().1;
    run.sizes.push(Size {
        invoices: count,
        generated,
        exported,
        figures,
        process: Some(process),
    });
    Ok(bench)
}

/// Says what was just measured, so that a long run is not silent.
fn told(figures: Vec<Figure>) -> Vec<Figure> {
    for figure in &figures {
        let ratio = figure
            .ratio()
            .map_or_else(String::new, |ratio| format!(", {ratio:.2} times bare"));
        let (group, name, median) = (figure.group, &figure.name, figure.ours.median);
        eprintln!("{group:?} {name}: {median:.3} ms{ratio}");
    }
    figures
}

async fn open(url: &str) -> Outcome<Backend> {
    let ports = Ports {
        clock: Arc::new(SystemClock),
        gateway: Arc::new(FakeGateway::default()),
        mailer: Arc::new(FakeMailer::default()),
        identities: Arc::new(FakeProviders::default()),
    };
    let config = BackendConfig {
        migration_url: (!url.starts_with("sqlite:")).then(|| url.to_owned()),
        ..BackendConfig::new(as_portal(url))
    };
    Ok(Backend::open(config, ports).await?)
}

/// The same database as the portal's own role, for which row security holds. The bare driver is a superuser's.
fn as_portal(url: &str) -> String {
    let portal = env::var("TEST_DATABASE_PORTAL_URL").unwrap_or_default();
    match (portal.rsplit_once('/'), url.rsplit_once('/')) {
        (Some((base, _)), Some((_, name))) if !url.starts_with("sqlite:") => format!("{base}/{name}"),
        (Some(_) | None, Some(_) | None) => url.to_owned(),
    }
}

async fn version(db: &Db) -> Outcome<String> {
    let (name, text) = match db {
        Db::Sqlite(_) => ("SQLite", "SELECT sqlite_version()"),
        Db::Postgres(_) => ("PostgreSQL", "SHOW server_version"),
    };
    let found = db.rows(&Statement::new(text, Vec::new(), &[Kind::Text])).await?;
    match found.first().map(Vec::as_slice) {
        Some([Value::Text(version)]) => Ok(format!(
            "{name} {}",
            version.split(' ').next().unwrap_or_default()
        )),
        _ => Err("the database does not tell its version".into()),
    }
}

/// A database of its own.
struct Place {
    url: String,
    /// Taken away with this value.
    _folder: Option<tempfile::TempDir>,
    server: Option<(String, String)>,
}

impl Place {
    async fn make(database: &str, size: u64) -> Outcome<Self> {
        if database == "sqlite" {
            let folder = tempfile::tempdir()?;
            let url = format!("sqlite://{}", folder.path().join("bench.db").display());
            return Ok(Self {
                url,
                _folder: Some(folder),
                server: None,
            });
        }
        let name = format!("quittance_bench_{size}");
        let server = Db::open(database).await?;
        server.script(&format!("DROP DATABASE IF EXISTS {name}")).await?;
        server.script(&format!("CREATE DATABASE {name}")).await?;
        server.close().await;
        let (base, _) = database.rsplit_once('/').ok_or("the address names no database")?;
        let server = Some((database.to_owned(), name.clone()));
        Ok(Self {
            url: format!("{base}/{name}"),
            _folder: None,
            server,
        })
    }

    async fn remove(self) -> Outcome {
        let Some((server, name)) = self.server else {
            return Ok(());
        };
        let server = Db::open(&server).await?;
        server
            .script(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            .await?;
        server.close().await;
        Ok(())
    }
}
