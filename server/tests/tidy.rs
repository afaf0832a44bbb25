//! What no compiler checks: headers, lengths, the one wrapper around server functions, files that must agree.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// Longest file; one that must be longer says why in its header.
const LONGEST: usize = 400;

fn root() -> PathBuf {
    // At run time: a compiled test may serve several checkouts.
    let package = env::var_os("CARGO_MANIFEST_DIR").expect("cargo runs the tests");
    Path::new(&package).parent().expect("the workspace").to_owned()
}

fn collect(folder: &Path, ending: &str, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable tree") {
        let path = entry.expect("a readable tree").path();
        let name = path
            .file_name()
            .expect("a readable tree")
            .to_string_lossy()
            .into_owned();
        if path.is_dir()
            && !["target", "node_modules", ".git", "site", "data", "mockups"].contains(&name.as_str())
        {
            collect(&path, ending, into);
        } else if name.ends_with(ending) {
            into.push(path);
        }
    }
}

fn sources() -> Vec<(PathBuf, String)> {
    let mut paths = Vec::new();
    for folder in ["domain", "documents", "backend", "app", "frontend", "server"] {
        collect(&root().join(folder), ".rs", &mut paths);
    }
    paths.sort();
    paths
        .into_iter()
        .map(|path| (path.clone(), fs::read_to_string(path).expect("a readable tree")))
        .collect()
}

#[test]
fn every_module_says_what_it_is_for() {
    let bare: Vec<_> = sources()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//!"))
        .map(|(path, _)| path)
        .collect();
    assert!(bare.is_empty(), "no header: {bare:#?}");
}

#[test]
fn no_file_is_longer_than_a_reader_likes() {
    let long: Vec<_> = sources()
        .into_iter()
        .filter(|(_, text)| text.lines().count() > LONGEST)
        .filter(|(_, text)| {
            !text
                .lines()
                .take_while(|line| line.starts_with("//!"))
                .any(|line| line.contains("one file"))
        })
        .map(|(path, text)| format!("{} has {} lines", path.display(), text.lines().count()))
        .collect();
    assert!(
        long.is_empty(),
        "split by idea, or say in the header why it is one file: {long:#?}"
    );
}

#[test]
fn every_server_function_goes_through_the_wrapper_under_a_name_of_its_own() {
    let mut wrong = Vec::new();
    for (path, text) in sources()
        .into_iter()
        .filter(|(path, _)| path.starts_with(root().join("app/src")))
    {
        // Arguments may have an attribute of the same name.
        let text = text.replace("#[server(default)]", "");
        for part in text.split("#[server(").skip(1) {
            let attribute = part.split(")]").next().unwrap_or_default();
            let body = part.split("\n}\n").next().unwrap_or_default();
            if !attribute.contains("endpoint = ") || attribute.contains("Get") {
                wrong.push(format!("{}: {attribute}", path.display()));
            }
            if !body.contains("    serve(") && !body.contains("    serve_form(") {
                wrong.push(format!(
                    "{}: the function of ({attribute}) does not go through serve",
                    path.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_view_writes_raw_html_or_inline_styles() {
    // Drawings and scripts that are constants, and the viewer as JSON with `</` taken apart.
    let known = [
        "app/src/ui/icon.rs",
        "app/src/ui/paper.rs",
        "app/src/payment_methods/enter.rs",
        "app/src/workbench/bench.rs",
        "app/src/site.rs",
    ]
    .map(|path| root().join(path));
    let wrong: Vec<_> = sources()
        .into_iter()
        .filter(|(path, _)| path.starts_with(root().join("app/src")) && !known.contains(path))
        .filter(|(_, text)| {
            ["inner_html", " style=", " style:"]
                .iter()
                .any(|word| text.contains(word))
        })
        .map(|(path, _)| path)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_site_is_described_twice_in_the_same_words() {
    let read = |name: &str| {
        fs::read_to_string(root().join(name))
            .unwrap()
            .parse::<toml::Table>()
            .unwrap()
    };
    let leptos = read("Leptos.toml");
    let run_time = leptos["package"]["metadata"]["leptos"].as_table().unwrap();
    let cargo = read("Cargo.toml");
    let build_time = cargo["workspace"]["metadata"]["leptos"][0].as_table().unwrap();
    for key in [
        "output-name",
        "site-root",
        "site-pkg-dir",
        "site-addr",
        "reload-port",
        "hash-files",
    ] {
        assert_eq!(run_time[key], build_time[key], "{key}");
    }
}

#[test]
fn the_rules_depend_on_next_to_nothing() {
    let manifest: toml::Table = fs::read_to_string(root().join("domain/Cargo.toml"))
        .unwrap()
        .parse()
        .unwrap();
    let names: Vec<_> = manifest["dependencies"]
        .as_table()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(names, ["chrono", "iso_currency", "rust_decimal", "serde", "uuid"]);
}

#[test]
fn the_project_stands_alone() {
    let mut paths = Vec::new();
    for ending in [".rs", ".md", ".toml", ".ts", ".css", ".json", "Makefile"] {
        collect(&root(), ending, &mut paths);
    }
    let outside = concat!("../", "shared");
    let wrong: Vec<_> = paths
        .into_iter()
        .filter(|path| fs::read_to_string(path).is_ok_and(|text| text.contains(outside)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_library_is_named_with_its_sum_and_comes_from_its_registry() {
    let read = |name: &str| fs::read_to_string(root().join(name)).unwrap();
    let crates: toml::Table = read("Cargo.lock").parse().unwrap();
    let crates = crates["package"].as_array().unwrap();
    // What has no source is the project's own.
    let foreign = crates.iter().filter(|one| one.get("source").is_some());
    let strange = |one: &&toml::Value| {
        one["source"].as_str() != Some("registry+https://github.com/rust-lang/crates.io-index")
            || one.get("checksum").is_none()
    };
    let strange: Vec<_> = foreign.filter(strange).map(|one| &one["name"]).collect();
    assert!(strange.is_empty(), "{strange:#?}");
    let scripts: serde_json::Value = serde_json::from_str(&read("end2end/package-lock.json")).unwrap();
    let scripts = scripts["packages"].as_object().unwrap().iter();
    let strange = |(name, one): &(&String, &serde_json::Value)| {
        let elsewhere = one["resolved"]
            .as_str()
            .is_some_and(|at| !at.starts_with("https://registry.npmjs.org/"));
        !name.is_empty() && (elsewhere || one["integrity"].is_null())
    };
    let strange: Vec<_> = scripts.filter(strange).map(|(name, _)| name).collect();
    assert!(strange.is_empty(), "{strange:#?}");
}
