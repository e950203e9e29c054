//! Writes where the fuzzers begin, from the engine's own tables: `corpus/<target>/` and `words.dict`.
//!
//! Every id and limit of the catalog and every word of the wire is in the dictionary; every golden config, every data set,
//! every row of every table and every command is a seed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use neural_playground::session::{Catalog, Session};
use serde_json::{Value, json};

const WIRE: &str = include_str!("../../www/engine/types.ts");
const GOLDEN: &str = include_str!("../../tests/golden/hashes.json");

/// Every name, word and number of `value`.
fn words(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (name, inner) in map {
                into.insert(format!("\"{name}\":"));
                words(inner, into);
            }
        }
        Value::Array(items) => items.iter().for_each(|inner| words(inner, into)),
        Value::Null => {}
        Value::String(_) | Value::Number(_) | Value::Bool(_) => {
            into.insert(value.to_string());
        }
    }
}

fn write(target: &str, name: &str, content: &[u8]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("seed-{name}")), content).unwrap();
}

fn configs(catalog: &Value) -> Vec<Value> {
    let golden: Value = serde_json::from_str(GOLDEN).unwrap();
    let mut all: Vec<Value> = golden["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| case["config"].clone())
        .collect();
    let ids = |table: &str| -> Vec<String> {
        let rows = catalog[table].as_array().unwrap().iter();
        rows.map(|row| row["id"].as_str().unwrap().to_owned())
            .collect()
    };
    for id in ids("activations") {
        all.push(json!({"network": {"hidden": [{"units": 3, "activation": {"id": id}}], "output": {"activation": {"id": id}}}}));
    }
    for (table, field) in [
        ("losses", "loss"),
        ("optimizers", "optimizer"),
        ("schedules", "schedule"),
        ("penalties", "penalty"),
        ("clips", "clip"),
    ] {
        all.extend(
            ids(table)
                .into_iter()
                .map(|id| json!({"training": {field: {"id": id}}})),
        );
    }
    for id in ids("metrics") {
        all.push(json!({"training": {"early_stopping": {"metric": id, "patience": 2}}, "data": {"split": {"train": 60, "validation": 20, "test": 20}}}));
    }
    for id in ids("datasets") {
        all.push(json!({"data": {"dataset": id, "samples": 50, "scaling": {"id": "standard"}}}));
    }
    all.push(catalog["defaults"].clone());
    all.push(json!({"mode": "tf_playground", "training": {"penalty": {"id": "l1"}}}));
    all
}

fn main() {
    let catalog = serde_json::to_value(Catalog::new()).unwrap();
    let mut found = BTreeSet::new();
    words(&catalog, &mut found);
    // Quoted words of the wire: names of commands, modes, events.
    for (place, word) in WIRE.split('"').enumerate() {
        let plain = word
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        if place % 2 == 1 && plain && !word.is_empty() {
            found.insert(format!("\"{word}\""));
        }
    }
    for edge in [
        "null",
        "-1",
        "1e308",
        "-0.0",
        "4294967296",
        "9007199254740993",
        "1e-320",
        "[[",
        "{}",
        "[]",
    ] {
        found.insert(edge.to_owned());
    }
    let escaped = |word: &String| word.replace('\\', "\\\\").replace('"', "\\\"");
    let lines: Vec<String> = found
        .iter()
        .filter(|word| word.is_ascii() && word.len() <= 60)
        .map(|word| format!("\"{}\"\n", escaped(word)))
        .collect();
    let dictionary = Path::new(env!("CARGO_MANIFEST_DIR")).join("words.dict");
    fs::write(dictionary, lines.concat()).unwrap();

    for (place, config) in configs(&catalog).iter().enumerate() {
        let text = config.to_string();
        for target in ["config", "link"] {
            write(target, &place.to_string(), text.as_bytes());
        }
        let lines = [
            format!("{{\"type\":\"configure\",\"config\":{text}}}"),
            r#"{"type":"step","count":2}"#.to_owned(),
            r#"?{"maps":{"resolution":6,"hidden":true},"output":{"resolution":4},"history":true,"weights":true}"#.to_owned(),
            r#"{"type":"reveal_test"}"#.to_owned(),
        ];
        write("wire", &place.to_string(), lines.join("\n").as_bytes());
        let mut session = Session::new().unwrap();
        session.handle(&lines[0], &|| 0.0);
        session.handle(&lines[1], &|| 0.0);
        let snapshot = session.snapshot();
        // The target adds the digest itself.
        write(
            "snapshot",
            &place.to_string(),
            &snapshot[..snapshot.len() - 8],
        );
    }
    let commands = [
        r#"{"type":"choose_dataset","dataset":"spiral"}"#,
        r#"{"type":"new_seed","which":["init","data","split","batches"]}"#,
        r#"{"type":"train","steps":2}"#,
        r#"{"type":"train","epochs":1}"#,
        r#"{"type":"play","steps_per_second":100}"#,
        r#"{"type":"play","epochs_per_second":1}"#,
        r#"{"type":"pause"}"#,
        r#"{"type":"epoch","count":1}"#,
        r#"{"type":"set_parameter","layer":0,"unit":0,"input":1,"value":0.5}"#,
        r#"{"type":"set_parameter","layer":0,"unit":0,"value":-1}"#,
        r#"{"type":"patch","patch":{"training":{"batch_size":3}}}"#,
        r#"{"type":"reset"}"#,
        r#"?{"activations":1,"gradients":true,"maps":{"resolution":3,"hidden":false,"units":[[0]]}}"#,
        r#"~{"id":"elu","alpha":2}"#,
        "!moons",
        "#x_squared",
    ];
    write("wire", "commands", commands[..11].join("\n").as_bytes());
    write("wire", "looks", commands[11..].join("\n").as_bytes());
}
