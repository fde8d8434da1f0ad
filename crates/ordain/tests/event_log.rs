//! The event log outside: valid by the schemas of its forms, and read by pm4py with the same numbers as ours.

#![allow(clippy::unwrap_used, clippy::expect_used)] // helpers of tests

use ordain_app::event_log::{Span, tell_orders};
use ordain_app::gate::load_house;
use ordain_store::Store;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const ORG: i64 = 1;

fn ordain(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ordain")).args(args).env("LC_ALL", "en").output().unwrap()
}

fn done(output: Output) -> Vec<u8> {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn python() -> PathBuf {
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.venv/bin/python");
    let python = std::env::var_os("ORDAIN_TEST_PYTHON").map_or(usual, PathBuf::from);
    assert!(python.exists(), "no Python with pm4py at {}: `cargo xtask test` makes it", python.display());
    python
}

/// What pm4py finds in the three forms of the log.
fn read_by_pm4py(logs: [&Path; 3]) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/event_log");
    let output = Command::new(python()).arg(folder.join("read.py")).arg(&folder).args(logs).output().unwrap();
    serde_json::from_slice(&done(output)).unwrap()
}

/// How often one thing directly followed another in an order, by the names that tell things apart.
fn follows<'a>(traces: impl Iterator<Item = &'a Vec<String>>) -> Value {
    let mut pairs: BTreeMap<String, u64> = BTreeMap::new();
    for pair in traces.flat_map(|trace| trace.windows(2)) {
        *pairs.entry(format!("{} > {}", pair[0], pair[1])).or_default() += 1;
    }
    json!(pairs)
}

#[test]
fn s060_pm4py_finds_the_cycle_times_and_the_order_of_steps_that_we_find() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let data = folder.path().to_str().unwrap();
    done(ordain(&["demo", "--days", "0", "--seed", "test", "--no-serve", "--json", "--data", data]));
    let database = format!("sqlite:{}", path("ordain.db").display());
    let export = |args: &[&str], file: &Path| {
        let file = file.to_str().unwrap();
        ordain(&[&["export"], args, &[file, "--database", &database]].concat())
    };
    let (as_json, as_sqlite, as_xes) = (path("log.json"), path("log.sqlite"), path("log.xes"));
    done(export(&["ocel"], &as_json));
    done(export(&["ocel", "--form", "sqlite"], &as_sqlite));
    done(export(&["xes"], &as_xes));
    let again = export(&["xes"], &as_xes);
    assert!(!again.status.success(), "nothing is overwritten");
    assert!(String::from_utf8_lossy(&again.stderr).contains("is not overwritten"));

    let store = Store::open_reader(path("ordain.db").as_path()).unwrap();
    let house = load_house(&store, ORG).unwrap();
    let (mut activities, mut kinds) = (Vec::new(), Vec::new());
    let span = Span::now(&store, ORG, (0, i64::MAX)).unwrap();
    tell_orders(&store, &house, ORG, span, |trace| {
        activities.push(trace.events.iter().map(|event| event.activity.clone()).collect::<Vec<_>>());
        kinds.push(trace.events.iter().map(|event| event.kind()).collect::<Vec<_>>());
        Ok(())
    })
    .unwrap();
    let mut cycles = BTreeMap::new();
    for row in store.orders_since(ORG, 0, None, 10_000).unwrap() {
        cycles.extend(row.confirmed_at_ms.map(|at| (row.number, at - row.created_at_ms)));
    }
    assert!(activities.len() >= 1_000 && cycles.len() > 100, "{} of {}", cycles.len(), activities.len());

    let found = read_by_pm4py([&as_json, &as_sqlite, &as_xes]);
    let events: usize = activities.iter().map(Vec::len).sum();
    assert_eq!(found["xes"]["orders"], activities.len());
    assert_eq!(found["xes"]["events"], events);
    assert_eq!(found["xes"]["follows"], follows(activities.iter()));
    assert_eq!(found["cycles_ms"], json!(cycles));
    for form in ["json", "sqlite"] {
        assert_eq!(found[form]["objects"]["order"], activities.len(), "{form}");
        assert_eq!(found[form]["events"], events, "{form}");
        assert_eq!(found[form]["follows"], follows(kinds.iter()), "{form}");
    }
}
