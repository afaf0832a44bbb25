//! Figures as text: one table against the bars, then the tables behind it.

use crate::{
    Outcome,
    figures::{Figure, Group, Run, Size, Spread},
};
use std::{fmt::Write, fs, path::PathBuf, process::Command};

/// Prints the text.
pub(crate) fn print(files: &[PathBuf], command: &str, date: &str) -> Outcome {
    let mut runs: Vec<Run> = Vec::new();
    for file in files {
        runs.push(serde_json::from_slice(&fs::read(file)?)?);
    }
    let mut text = String::from("# Benchmarks\n\n");
    writeln!(text, "Written by `{command}` on {date}.\n")?;
    writeln!(text, "Machine: {}.\n", machine())?;
    for run in &runs {
        writeln!(
            text,
            "- {}: load average before it began {}",
            run.database, run.load
        )?;
    }
    text.push_str(METHOD);
    text.push_str("\n## Against the bars\n\n| bar | wanted | ");
    for run in &runs {
        write!(text, "{} | ", run.database)?;
    }
    text.push_str("\n| --- | --- |");
    text.push_str(&" --- |".repeat(runs.len()));
    text.push('\n');
    for bar in bars() {
        write!(text, "| {} | {} |", bar.name, bar.wanted)?;
        for run in &runs {
            match (bar.measure)(run) {
                Some((value, shown)) => {
                    write!(
                        text,
                        " {shown}{} |",
                        if value <= bar.most { "" } else { " **missed**" }
                    )?;
                }
                None => text.push_str(" not measured |"),
            }
        }
        text.push('\n');
    }
    for run in &runs {
        tables(&mut text, run)?;
    }
    print!("{text}");
    Ok(())
}

const METHOD: &str = "
Each time is that of one call in a process that has run it before, the session check included and signing in not. \
`bare` is the same SQL written by hand over the database driver, prepared, its columns read, on one connection, run in \
turns with the portal's call in the same process. What is said of growth, and of last pages against first ones, is \
measured in turns as well, the smallest database beside the largest. Medians, and the 95th percentile behind the slash, in milliseconds. A \
grid's line holds all its sorts (due date, number, total, open amount) and places (first, middle and last page): the \
fastest and slowest median, and the worst ratio among them.

SQLite keeps every commit on the disk. The PostgreSQL server is a throw-away one that gives up durability \
(`setup/postgres`), for both sides of a comparison alike, so its payments show the work and not the disk. A payment over \
N invoices is three transactions in both. The generated databases have one seller, 150 buyers of whom the largest has a \
tenth of all invoices, two lines and one tax for each invoice, and a payment for each paid one.
";

struct Bar {
    name: &'static str,
    wanted: &'static str,
    most: f64,
    measure: fn(&Run) -> Option<(f64, String)>,
}

fn bars() -> Vec<Bar> {
    vec![
        Bar {
            name: "grid data, largest size against 10,000, worst page",
            wanted: "at most 2 times",
            most: 2.0,
            measure: |run| worst_ratio(last(run)?, Group::Growth),
        },
        Bar {
            name: "grid data, largest size against 10,000, median of pages",
            wanted: "at most 2 times",
            most: 2.0,
            measure: |run| middle_ratio(last(run)?, Group::Growth),
        },
        Bar {
            name: "grid data against bare, worst page of the largest size",
            wanted: "at most 3 times",
            most: 3.0,
            measure: |run| worst_ratio(last(run)?, Group::Grid),
        },
        Bar {
            name: "last page against first, worst list of the largest size",
            wanted: "as fast (1.25 times)",
            most: 1.25,
            measure: |run| worst_ratio(last(run)?, Group::Last),
        },
        Bar {
            name: "the same of the statements by hand",
            wanted: "to compare",
            most: f64::INFINITY,
            measure: |run| worst_ratio(last(run)?, Group::LastByHand),
        },
        Bar {
            name: "other sorts, slowest page of the largest size",
            wanted: "at most 300 ms",
            most: 300.0,
            measure: |run| slowest(last(run)?, Group::OtherSort),
        },
        Bar {
            name: "payment over 5 invoices against bare, worst size",
            wanted: "at most 5 times",
            most: 5.0,
            measure: |run| {
                run.sizes
                    .iter()
                    .filter_map(|size| worst_ratio(size, Group::PayFive))
                    .max_by(by_value)
            },
        },
        Bar {
            name: "grid as HTML, processor time, worst size",
            wanted: "at most 5 ms",
            most: 5.0,
            measure: |run| {
                run.sizes
                    .iter()
                    .filter_map(|size| slowest(size, Group::Html))
                    .max_by(by_value)
            },
        },
        Bar {
            name: "100,000 rows as CSV against the bare read",
            wanted: "at most 3 times",
            most: 3.0,
            measure: |run| {
                let sizes = run.sizes.iter().filter(|size| size.exported == 100_000);
                sizes
                    .filter_map(|size| worst_ratio(size, Group::Export))
                    .max_by(by_value)
            },
        },
        Bar {
            name: "start to first answer, largest size",
            wanted: "under 100 ms",
            most: 100.0,
            measure: |run| {
                last(run)?
                    .process
                    .map(|p| (p.start.median, format!("{:.0} ms", p.start.median)))
            },
        },
        Bar {
            name: "resident when idle, largest size",
            wanted: "under 40 MB",
            most: 40.0,
            measure: |run| last(run)?.process.map(|p| (p.idle, format!("{:.0} MB", p.idle))),
        },
        Bar {
            name: "resident during the export, at most, largest size",
            wanted: "under 150 MB",
            most: 150.0,
            measure: |run| {
                last(run)?
                    .process
                    .map(|p| (p.export, format!("{:.0} MB", p.export)))
            },
        },
    ]
}

fn by_value(a: &(f64, String), b: &(f64, String)) -> std::cmp::Ordering {
    a.0.total_cmp(&b.0)
}

fn last(run: &Run) -> Option<&Size> {
    run.sizes.last()
}

fn of(size: &Size, group: Group) -> impl Iterator<Item = &Figure> {
    size.figures.iter().filter(move |figure| figure.group == group)
}

fn worst_ratio(size: &Size, group: Group) -> Option<(f64, String)> {
    let ratios = of(size, group).filter_map(|figure| Some((figure.ratio()?, figure.name.clone())));
    let (ratio, name) = ratios.max_by(by_value)?;
    Some((ratio, format!("{ratio:.2} ({name})")))
}

fn slowest(size: &Size, group: Group) -> Option<(f64, String)> {
    let times = of(size, group).map(|figure| (figure.ours.median, figure.name.clone()));
    let (time, name) = times.max_by(by_value)?;
    Some((time, format!("{time:.2} ms ({name})")))
}

/// The median of the ratios of a group.
fn middle_ratio(size: &Size, group: Group) -> Option<(f64, String)> {
    let mut ratios: Vec<f64> = of(size, group).filter_map(Figure::ratio).collect();
    ratios.sort_by(f64::total_cmp);
    let ratio = *ratios.get(ratios.len() / 2)?;
    Some((ratio, format!("{ratio:.2}")))
}

fn tables(text: &mut String, run: &Run) -> Outcome {
    writeln!(text, "\n## {}\n", run.database)?;
    for (group, title) in [
        (Group::Grid, "Grid page, 50 rows and the total"),
        (Group::OtherSort, "Grid page by the other sorts"),
    ] {
        lists(text, run, group, title)?;
    }
    writeln!(
        text,
        "### Invoice, payment, export, HTML\n\n| | invoices | portal | bare | ratio |\n| --- | ---: | ---: | ---: | ---: |"
    )?;
    for (group, title) in [
        (Group::Invoice, "page of one invoice"),
        (Group::PayFive, "payment"),
        (Group::PayFifty, "payment"),
        (Group::Export, "CSV"),
        (Group::Html, "HTML, processor time"),
        (Group::Proof, "`quittance check`"),
    ] {
        for size in &run.sizes {
            for figure in of(size, group) {
                let bare = figure.bare.map_or_else(String::new, spread);
                let ratio = figure
                    .ratio()
                    .map_or_else(String::new, |ratio| format!("{ratio:.2}"));
                let (name, ours) = (&figure.name, spread(figure.ours));
                writeln!(
                    text,
                    "| {title}, {name} | {} | {ours} | {bare} | {ratio} |",
                    size.invoices
                )?;
            }
        }
    }
    text.push('\n');
    writeln!(
        text,
        "### The program\n\n| invoices | generated in | start to first answer | idle | after 300 grid pages | export, at \
         most | export over HTTP |\n| ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    )?;
    for size in &run.sizes {
        let Some(process) = size.process else { continue };
        writeln!(
            text,
            "| {} | {:.0} s | {} ms | {:.0} MB | {:.0} MB | {:.0} MB | {} rows in {:.0} ms |",
            size.invoices,
            size.generated,
            spread(process.start),
            process.idle,
            process.busy,
            process.export,
            size.exported,
            process.export_time
        )?;
    }
    Ok(())
}

/// Lists with all their sorts and pages in one line: fastest to slowest median, and the worst ratio.
fn lists(text: &mut String, run: &Run, group: Group, title: &str) -> Outcome {
    write!(text, "### {title}\n\n| list |")?;
    for size in &run.sizes {
        write!(text, " {} invoices |", size.invoices)?;
    }
    writeln!(text, "\n| --- |{}", " ---: |".repeat(run.sizes.len()))?;
    let list = |figure: &Figure| figure.name.split(", by ").next().unwrap_or_default().to_owned();
    let mut names: Vec<String> = Vec::new();
    for figure in run.sizes.iter().flat_map(|size| of(size, group)) {
        let name = list(figure);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    for name in names {
        write!(text, "| {name} |")?;
        for size in &run.sizes {
            let pages: Vec<&Figure> = of(size, group).filter(|figure| list(figure) == name).collect();
            let times = pages.iter().map(|figure| figure.ours.median);
            let (least, most) = (times.clone().reduce(f64::min), times.reduce(f64::max));
            let ratio = pages.iter().filter_map(|figure| figure.ratio()).reduce(f64::max);
            match (least, most, ratio) {
                (Some(least), Some(most), Some(ratio)) => {
                    write!(text, " {least:.2} to {most:.2} ms, {ratio:.2} times bare |")?;
                }
                (Some(least), Some(most), None) => write!(text, " {least:.2} to {most:.2} ms |")?,
                // Too short for a whole page there.
                _ => text.push_str(" |"),
            }
        }
        text.push('\n');
    }
    text.push('\n');
    Ok(())
}

fn spread(spread: Spread) -> String {
    format!("{:.2} / {:.2}", spread.median, spread.p95)
}

/// What can be told of the machine.
fn machine() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let model = |text: &str| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let processor = model(&read("/proc/cpuinfo")).unwrap_or_else(|| "an unknown processor".to_owned());
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let memory = read("/proc/meminfo");
    let kilobytes: f64 = memory
        .split_whitespace()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or_default();
    let kernel = Command::new("uname").arg("-sr").output().ok();
    let kernel = kernel
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .unwrap_or_default();
    format!(
        "{processor}, {cores} cores, {:.0} GB of memory, {kernel}",
        kilobytes / 1024.0 / 1024.0
    )
}
