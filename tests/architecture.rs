//! The arrows of ARCHITECTURE.md, read off the source as text.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test's helpers fail as the test does"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use neural_playground::data::Kind;
use neural_playground::session::Catalog;
use serde_json::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// `formula` and `config` share one type: a row chosen by id is what the tables resolve and what configs hold.
const SHARED: (&str, &str, &str) = ("formula", "config", "Choice");

const RUST_LINES: usize = 500;
const TYPESCRIPT_LINES: usize = 300;
/// Longer files, and why. Tables of formulas (`src/formula`) and tests at the end of a file are not counted at all.
const LONG_FILES: &[(&str, &str)] = &[
    (
        "src/session/mod.rs",
        "every command's entry stands in one place",
    ),
    (
        "src/backend/cpu/interpreter.rs",
        "one interpreter: every Op is an arm of one match",
    ),
    (
        "src/backend/cpu/simd.rs",
        "the only file with unsafe code: its loops, and what makes them sound, stand together",
    ),
    ("www/engine/types.ts", "generated"),
    (
        "www/engine/engine.ts",
        "the public API, half of it documentation",
    ),
];

/// Path from the root, and text, of every file below `folder` with that ending.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    fn walk(at: &Path, ending: &str, found: &mut Vec<(String, String)>) {
        let mut entries: Vec<_> = fs::read_dir(at)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(&path, ending, found);
            } else if path
                .extension()
                .is_some_and(|extension| extension == ending)
            {
                let name = path
                    .strip_prefix(ROOT)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .replace('\\', "/");
                // Built files are not source.
                if !name.starts_with("www/wasm/") && !name.starts_with("www/public/") {
                    found.push((name, fs::read_to_string(&path).unwrap()));
                }
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(ROOT).join(folder), ending, &mut found);
    assert!(!found.is_empty(), "no {ending} below {folder}");
    found
}

/// Number and text of the lines that are not wholly comment.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(line, text)| (line + 1, text))
        .filter(|(_, text)| {
            let text = text.trim_start();
            !(text.starts_with("//") || text.starts_with("/*") || text.starts_with('*'))
        })
}

fn report(name: &str, offences: &[String]) {
    assert!(offences.is_empty(), "{name}:\n{}", offences.join("\n"));
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Whether `text` has `word` with no letter, digit or `_` on either side.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(is_word) && !text[at + word.len()..].starts_with(is_word)
    })
}

fn module(path: &str) -> &str {
    let inside = path.strip_prefix("src/").unwrap();
    inside.split('/').next().unwrap().trim_end_matches(".rs")
}

/// The modules in the order of the table in `src/lib.rs`.
fn order() -> Vec<String> {
    let text = fs::read_to_string(Path::new(ROOT).join("src/lib.rs")).unwrap();
    text.lines()
        .filter_map(|line| line.strip_prefix("//! | "))
        .filter_map(|row| row.split('`').nth(1))
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_module_uses_only_what_stands_above_it() {
    let order = order();
    let place = |module: &str| order.iter().position(|known| known == module);
    let mut offences = Vec::new();
    let mut arrows = 0;
    for (path, text) in files("src", "rs") {
        let from = module(&path).to_owned();
        if from == "lib" {
            continue;
        }
        let own =
            place(&from).unwrap_or_else(|| panic!("src/lib.rs does not tell where {from} stands"));
        for (line, code) in code(&text) {
            for (at, _) in code.match_indices("crate::") {
                let rest = &code[at + "crate::".len()..];
                let to: String = rest
                    .chars()
                    .take_while(|character| is_word(*character))
                    .collect();
                let Some(target) = place(&to) else {
                    continue;
                };
                let shared = (from.as_str(), to.as_str()) == (SHARED.0, SHARED.1)
                    && rest[to.len()..]
                        .strip_prefix("::")
                        .is_some_and(|rest| has_word(rest, SHARED.2));
                arrows += usize::from(target != own);
                if target > own && !shared {
                    offences.push(format!("{path}:{line}: {}", code.trim()));
                }
            }
        }
    }
    assert!(
        order.len() >= 13 && arrows > 50,
        "{order:?}, {arrows} arrows: the table or the source is not read"
    );
    report("against the arrows", &offences);
}

#[test]
fn only_the_boundary_knows_the_browser_and_only_its_backend_the_gpu() {
    let mut offences = Vec::new();
    let mut met = BTreeSet::new();
    for (path, text) in files("src", "rs") {
        for (line, code) in code(&text) {
            for (name, allowed) in [
                ("wasm_bindgen", "src/web.rs"),
                ("js_sys", "src/web.rs"),
                ("web_sys", "src/web.rs"),
                ("wgpu", "src/backend/gpu"),
            ] {
                if !has_word(code, name) {
                    continue;
                }
                met.insert(name);
                // Each of the two modules has its boundary, and both hand out the same objects.
                let boundary = ["src/web_gpu.rs", "src/web_objects.rs"].contains(&path.as_str());
                let known = allowed == "src/web.rs" && boundary;
                if !path.starts_with(allowed) && !known {
                    offences.push(format!("{path}:{line}: {}", code.trim()));
                }
            }
        }
    }
    assert!(met.contains("wasm_bindgen"), "the boundary is not read");
    report("named outside their place", &offences);
}

/// The arms (first line of each) of every `match` in `text`, with the line of the `match`.
fn matches_of(text: &str) -> Vec<(usize, Vec<String>)> {
    let mut open: Vec<(usize, usize, Vec<String>)> = Vec::new();
    let mut done = Vec::new();
    let mut depth = 0;
    for (line, code) in code(text) {
        let code = code.split("//").next().unwrap_or_default();
        let trimmed = code.trim();
        if let Some((at, _, arms)) = open.last_mut()
            && depth == *at
            && !trimmed.is_empty()
        {
            arms.push(trimmed.to_owned());
        }
        let opens = code.matches('{').count();
        let closes = code.matches('}').count();
        if has_word(code, "match") && trimmed.ends_with('{') {
            open.push((depth + opens - closes.min(depth + opens), line, Vec::new()));
        }
        depth = (depth + opens).saturating_sub(closes);
        while open.last().is_some_and(|(at, _, _)| depth < *at) {
            let (_, line, arms) = open.pop().unwrap();
            done.push((line, arms));
        }
    }
    done
}

#[test]
fn a_new_op_breaks_every_interpreter_until_it_is_thought_of() {
    let mut offences = Vec::new();
    let mut met = 0;
    for folder in ["src/backend", "src/plan"] {
        for (path, text) in files(folder, "rs") {
            for (line, arms) in matches_of(&text) {
                let on_op = arms
                    .iter()
                    .any(|arm| arm.trim_start_matches("| ").starts_with("Op::"));
                met += usize::from(on_op);
                let catches_all = |arm: &String| {
                    let pattern = arm.split("=>").next().unwrap_or_default().trim();
                    arm.contains("=>")
                        && (pattern == "_"
                            || pattern.starts_with("_ if")
                            || (!pattern.is_empty()
                                && pattern.chars().all(|c| c.is_lowercase() || c == '_')))
                };
                if on_op && let Some(arm) = arms.iter().find(|arm| catches_all(arm)) {
                    offences.push(format!("{path}:{line}: {arm}"));
                }
            }
        }
    }
    assert!(met >= 3, "{met}: the matches on Op are not read");
    report("a match on Op that would swallow a new one", &offences);
    let probe = "fn f() {\n    match op {\n        Op::Gather { .. } => {\n            1\n        }\n        _ => 0,\n    }\n}";
    assert!(
        matches_of(probe)[0]
            .1
            .iter()
            .any(|arm| arm.starts_with("_ =>")),
        "the reader reads nothing"
    );
}

fn catalog() -> Value {
    serde_json::to_value(Catalog::new()).unwrap()
}

fn ids(rows: &Value) -> Vec<String> {
    rows.as_array()
        .unwrap()
        .iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_page_has_no_list_of_what_the_tables_hold() {
    let catalog = catalog();
    let mut offences = Vec::new();
    for (path, text) in files("www", "ts") {
        if path.starts_with("www/dev/")
            || path == "www/engine/types.ts"
            || path == "www/engine/references.ts"
        {
            continue;
        }
        for table in ["activations", "optimizers", "losses"] {
            let named: Vec<String> = ids(&catalog[table])
                .into_iter()
                .filter(|id| {
                    code(&text).any(|(_, code)| {
                        ['"', '\'', '`']
                            .iter()
                            .any(|quote| code.contains(&format!("{quote}{id}{quote}")))
                    })
                })
                .collect();
            // One or two are a default or a special case; three are a list.
            if named.len() > 2 {
                offences.push(format!("{path}: {table} {named:?}"));
            }
        }
    }
    report("lists that belong to the catalog", &offences);
}

#[test]
fn what_data_can_do_is_asked_of_one_table() {
    let kinds: Vec<String> = Kind::ALL.iter().map(|kind| format!("{kind:?}")).collect();
    let mut offences = Vec::new();
    let mut tables = 0;
    for (path, text) in files("src", "rs") {
        // What declares a kind: the rows of the tables.
        if ["kind", "mod", "features"]
            .map(|name| format!("src/data/{name}.rs"))
            .contains(&path)
        {
            tables += 1;
            continue;
        }
        for (line, code) in code(&text) {
            if kinds
                .iter()
                .any(|kind| has_word(code, &format!("Kind::{kind}")))
            {
                offences.push(format!("{path}:{line}: {}", code.trim()));
            }
        }
    }
    for (path, text) in files("www", "ts") {
        if path == "www/engine/data-kinds.ts" {
            tables += 1;
            continue;
        }
        for (line, code) in code(&text) {
            let compares = kinds.iter().any(|kind| {
                ["===", "!==", "case"]
                    .iter()
                    .any(|by| code.contains(&format!("{by} \"{}\"", kind.to_lowercase())))
            });
            if compares {
                offences.push(format!("{path}:{line}: {}", code.trim()));
            }
        }
    }
    assert_eq!(tables, 4, "the tables are not where they were");
    report(
        "a comparison of kinds of data beside their table",
        &offences,
    );
}

/// The first literal colour of a line: `#hex`, or a colour function of numbers.
fn literal_colour(code: &str, stylesheet: bool) -> Option<String> {
    for (at, _) in code.match_indices('#') {
        let before = code[..at].chars().next_back().unwrap_or(' ');
        let hex: String = code[at + 1..]
            .chars()
            .take_while(|character| is_word(*character))
            .collect();
        let starts = if stylesheet {
            !is_word(before) && before != '&'
        } else {
            ['"', '\'', '`'].contains(&before)
        };
        if starts
            && [3, 4, 6, 8].contains(&hex.len())
            && hex.chars().all(|character| character.is_ascii_hexdigit())
        {
            return Some(format!("#{hex}"));
        }
    }
    [
        "rgb(", "rgba(", "hsl(", "hsla(", "oklch(", "oklab(", "lab(", "lch(", "hwb(",
    ]
    .iter()
    .find_map(|function| {
        code.match_indices(function)
            .find(|(at, _)| {
                !code[..*at].ends_with(is_word)
                    && code[at + function.len()..]
                        .trim_start()
                        .starts_with(|c: char| c.is_ascii_digit() || c == '.')
            })
            .map(|(at, _)| code[at..].chars().take(24).collect())
    })
}

#[test]
fn colours_are_tokens() {
    let mut offences = Vec::new();
    for (ending, stylesheet) in [("css", true), ("ts", false)] {
        for (path, text) in files("www", ending) {
            if path == "www/style/tokens.css" || path.starts_with("www/dev/") {
                continue;
            }
            for (line, code) in code(&text) {
                if let Some(colour) = literal_colour(code, stylesheet) {
                    offences.push(format!("{path}:{line}: {colour}"));
                }
            }
        }
    }
    report("literal colours outside www/style/tokens.css", &offences);
    let tokens = fs::read_to_string(Path::new(ROOT).join("www/style/tokens.css")).unwrap();
    assert!(
        tokens
            .lines()
            .any(|line| literal_colour(line, true).is_some()),
        "the reader sees no colour at all"
    );
}

#[test]
fn files_are_short_enough_to_be_read() {
    let mut offences = Vec::new();
    let mut long = BTreeSet::new();
    let mut check = |path: &str, lines: usize, limit: usize| {
        if lines <= limit {
            return;
        }
        match LONG_FILES.iter().find(|(known, _)| *known == path) {
            Some((known, _)) => {
                long.insert(*known);
            }
            None => offences.push(format!("{path}: {lines} lines of at most {limit}")),
        }
    };
    for (path, text) in files("src", "rs") {
        if !path.starts_with("src/formula/") {
            let tests = text.lines().position(|line| line == "#[cfg(test)]");
            let tests = tests.filter(|at| {
                text.lines()
                    .nth(at + 1)
                    .is_some_and(|line| line.starts_with("mod tests {"))
            });
            check(
                &path,
                tests.unwrap_or_else(|| text.lines().count()),
                RUST_LINES,
            );
        }
    }
    for (path, text) in files("www", "ts") {
        check(&path, text.lines().count(), TYPESCRIPT_LINES);
    }
    report("too long", &offences);
    let stale: Vec<String> = LONG_FILES
        .iter()
        .filter(|(path, _)| !long.contains(path))
        .map(|(path, _)| (*path).to_owned())
        .collect();
    report("exceptions that are none any more", &stale);
}

#[test]
fn every_id_has_its_label_and_its_help_in_both_languages() {
    let catalog = catalog();
    let mut keys = BTreeSet::new();
    for (table, singular) in [
        ("activations", "activation"),
        ("losses", "loss"),
        ("optimizers", "optimizer"),
        ("schedules", "schedule"),
        ("penalties", "penalty"),
        ("clips", "clip"),
        ("initializers", "initializer"),
        ("scalings", "scaling"),
        ("metrics", "metric"),
        ("datasets", "dataset"),
        ("features", "feature"),
    ] {
        let rows = &catalog[table];
        keys.extend(ids(rows).iter().map(|id| format!("{singular}.{id}")));
        for row in rows.as_array().unwrap() {
            let params = row["params"].as_array().into_iter().flatten();
            keys.extend(params.map(|param| format!("param.{}", param["id"].as_str().unwrap())));
        }
    }
    let fields = catalog["fields"].as_array().unwrap();
    keys.extend(
        fields
            .iter()
            .map(|field| format!("field.{}", field["path"].as_str().unwrap())),
    );
    assert!(keys.len() > 150, "{}", keys.len());
    let mut offences = Vec::new();
    for language in ["en", "zh-CN"] {
        let path = format!("www/i18n/{language}.json");
        let words: Value =
            serde_json::from_str(&fs::read_to_string(Path::new(ROOT).join(&path)).unwrap())
                .unwrap();
        for key in keys
            .iter()
            .flat_map(|key| [key.clone(), format!("{key}.help")])
        {
            if words[&key]
                .as_str()
                .is_none_or(|text| text.trim().is_empty())
            {
                offences.push(format!("{path}: {key}"));
            }
        }
    }
    report("words that are missing", &offences);
}

#[test]
fn every_file_of_tests_is_compiled() {
    let main = fs::read_to_string(Path::new(ROOT).join("tests/main.rs")).unwrap();
    let missing: Vec<String> = files("tests", "rs")
        .into_iter()
        .filter_map(|(path, _)| {
            let name = path.strip_prefix("tests/")?.strip_suffix(".rs")?.to_owned();
            let is_named = name == "main" || main.contains(&format!("\nmod {name};\n"));
            (!name.contains('/') && !is_named)
                .then(|| format!("{path} has no mod in tests/main.rs"))
        })
        .collect();
    report("tests that nobody runs", &missing);
}
