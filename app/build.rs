//! Makes the site's one stylesheet and a module of class names.
//!
//! Each `src/**/*.css` is scoped by the stylers engine under a class named after its path, so a rule of one component
//! cannot reach another. The result and the global sheets of `style/` become one text in the program, named by its
//! content: a page and its stylesheet cannot disagree.

use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

/// In this order: later sheets may rely on earlier ones.
const GLOBAL: [&str; 4] = ["tokens", "reset", "layout", "print"];

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    let source = root.join("src");
    println!("cargo::rerun-if-changed=src");

    let mut sheet = String::new();
    for name in GLOBAL {
        let path = root.join("../style").join(name).with_extension("css");
        println!("cargo::rerun-if-changed={}", path.display());
        sheet.push_str(&read(&path));
    }
    let mut paths = Vec::new();
    collect(&source, &mut paths);
    paths.sort();
    let mut classes = String::new();
    for path in &paths {
        let relative = path
            .strip_prefix(&source)
            .expect("collected below it")
            .with_extension("");
        let class = relative.to_string_lossy().replace(['/', '_'], "-");
        let scoped = stylers_core::from_str(&read(path), &stylers_core::Class::new(class.clone()));
        sheet.push_str(&scoped);
        for component in components(&read(path)) {
            let name = component.replace('-', "_").to_uppercase();
            classes.push_str(&format!(
                "/// `.{component}` of `{}.css`, with its scope.\npub const {name}: &str = \"{component} {class}\";\n",
                relative.display()
            ));
        }
    }

    let sheet = compact(&sheet);
    let mut hasher = DefaultHasher::new();
    sheet.hash(&mut hasher);
    classes.push_str(&format!(
        "/// Address of the site's stylesheet; changes with its content.\npub const STYLESHEET: &str = \"/assets/site.{:016x}.css\";\n",
        hasher.finish()
    ));
    fs::write(out.join("site.css"), sheet).expect("OUT_DIR is writable");
    fs::write(out.join("css.rs"), classes).expect("OUT_DIR is writable");
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the crate") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|e| e == "css") {
            into.push(path);
        }
    }
}

/// The classes that a sheet's outermost rules begin with, each once: its components. What is nested in them needs no
/// scope of its own.
fn components(sheet: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut depth = 0_usize;
    let mut selector = String::new();
    for c in without_comments(sheet).chars() {
        match c {
            '{' => {
                let name: String = selector
                    .trim()
                    .strip_prefix('.')
                    .unwrap_or_default()
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
                    .collect();
                if depth == 0 && !name.is_empty() && !names.contains(&name) {
                    names.push(name);
                }
                depth += 1;
                selector.clear();
            }
            '}' => {
                depth = depth.saturating_sub(1);
                selector.clear();
            }
            _ if depth == 0 => selector.push(c),
            _ => {}
        }
    }
    names
}

/// Drops comments and runs of blanks. Strings in our sheets hold neither.
fn compact(sheet: &str) -> String {
    without_comments(sheet)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

fn without_comments(sheet: &str) -> String {
    let mut text = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some(start) = rest.find("/*") {
        text.push_str(&rest[..start]);
        rest = rest[start..]
            .find("*/")
            .map_or("", |end| &rest[start + end + 2..]);
    }
    text.push_str(rest);
    text
}
