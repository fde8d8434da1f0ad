//! Backups taken while orders come in, brought back on either engine, and a company that moves from one to the other.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

// The test kit is built on parts of this program's crates with more features.
#[path = "../../ordain-testkit/src/cluster.rs"]
#[allow(dead_code)] // others use the rest of it
mod cluster;
#[allow(dead_code)] // others use the rest of it
mod node;

use cluster::cluster;
use node::{Node, program, run};
use ordain_store::{Database, Store};
use serde_json::Value;
use std::path::Path;
use std::process::Output;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Backups of one run; each is brought back.
const ROUNDS: usize = 4;

fn url(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

fn copied(said: &str) -> Value {
    serde_json::from_str(said).unwrap()
}

/// Which of the orders a database does not have.
fn missing(database: Database<'_>, numbers: &[String]) -> Vec<String> {
    let store = Store::open_reader(database).unwrap();
    let absent = |number: &&String| store.order_by_number(1, number).unwrap().is_none();
    numbers.iter().filter(absent).cloned().collect()
}

async fn until(acknowledged: &Mutex<Vec<String>>, orders: usize) {
    while acknowledged.lock().unwrap().len() < orders {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

/// A reader within a transaction: what is committed from now on can only be read from the log beside the file.
fn standing(live: &Path) -> rusqlite::Connection {
    let reader = rusqlite::Connection::open(live).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema").unwrap();
    reader
}

/// A company with customer and product, and a token for whoever serves it.
fn company(folder: &Path, database: &str) -> String {
    run(folder, database, &["init", "--company", "Kept Ltd"]);
    run(folder, database, &["token", "create", "--role", "admin", "--name", "shop"])
}

#[tokio::test(flavor = "multi_thread")]
async fn s067_r05_a_backup_under_load_comes_back_with_every_order_acknowledged_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let (folder, live) = (folder.path(), folder.path().join("ordain.db"));
    let token = company(folder, &url(&live));
    let node = Node::start(folder, &url(&live), &token);
    node.furnish().await;
    let (acknowledged, done) = (Mutex::new(Vec::new()), AtomicBool::new(false));
    let load = async {
        let mut n = 0;
        while !done.load(Ordering::SeqCst) {
            n += 1;
            let order = node.place(&format!("PO-{n}")).await;
            acknowledged.lock().unwrap().push(order["number"].as_str().unwrap().to_owned());
        }
    };
    let keep = async {
        for round in 0..ROUNDS {
            until(&acknowledged, (round + 1) * 10).await;
            let before = acknowledged.lock().unwrap().clone();
            let (file, back) =
                (folder.join(format!("kept-{round}.db")), folder.join(format!("back-{round}.db")));
            let (kept, at) = (file.clone(), folder.to_owned());
            let (from, to) = (url(&live), url(&back));
            let said = tokio::task::spawn_blocking(move || {
                let kept = kept.to_str().unwrap();
                [run(&at, &from, &["backup", kept, "--json"]), run(&at, &to, &["restore", kept, "--json"])]
            });
            let said = said.await.unwrap();
            assert_eq!(copied(&said[0]), copied(&said[1]), "both hold the same");
            assert!(copied(&said[0])["orders"].as_u64().unwrap() >= before.len() as u64);
            assert_eq!(missing(Database::from(&back), &before), [""; 0]);
            let beside = std::fs::metadata(folder.join(format!("kept-{round}.db-wal")));
            assert_eq!(beside.map_or(0, |wal| wal.len()), 0, "all of it is in one file");
            let checked = run(folder, &url(&back), &["audit", "verify"]);
            assert!(!checked.is_empty());
        }
        // What this test would say of a file that is copied by itself, without what was not written back into it.
        // A reader that stays where it is keeps all that comes after it out of the file.
        let reader = standing(&live);
        let written = acknowledged.lock().unwrap().len();
        until(&acknowledged, written + 10).await;
        let (before, torn) = (acknowledged.lock().unwrap().clone(), folder.join("torn.db"));
        std::fs::copy(&live, &torn).unwrap();
        drop(reader);
        let known = std::panic::catch_unwind(|| missing(Database::from(&torn), &before).is_empty());
        assert!(!known.unwrap_or(false), "a torn copy passes");
        done.store(true, Ordering::SeqCst);
    };
    tokio::join!(load, keep);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_moves_to_a_server_and_back_with_everything_it_had() {
    let folder = tempfile::tempdir().unwrap();
    let (folder, file, server) = (folder.path(), url(&folder.path().join("ordain.db")), cluster().fresh());
    let token = company(folder, &file);
    let number = {
        let node = Node::start(folder, &file, &token);
        node.furnish().await;
        let Output { status, stderr, .. } = migrate(folder, &file, &server);
        assert_eq!(status.code(), Some(1), "somebody works there: {}", String::from_utf8_lossy(&stderr));
        node.place("PO-1").await["number"].as_str().unwrap().to_owned()
    };
    let first = moved(folder, &file, &server);
    assert_eq!(missing(Database::Postgres(&server), std::slice::from_ref(&number)), [""; 0]);
    let second = {
        let node = Node::start(folder, &server, &token);
        node.place("PO-2").await["number"].as_str().unwrap().to_owned()
    };
    let kept = folder.join("kept.db");
    run(folder, &server, &["backup", kept.to_str().unwrap()]);
    let back = url(&folder.join("back.db"));
    let again = moved(folder, &server, &back);
    assert_eq!((&first["orders"], &again["orders"]), (&Value::from(1), &Value::from(2)));
    assert_eq!(missing(Database::from(&folder.join("back.db")), &[number, second.clone()]), [""; 0]);
    assert_eq!(missing(Database::from(&kept), &[second]), [""; 0]);
    let third = Node::start(folder, &back, &token).place("PO-3").await;
    assert!(third["number"].is_string(), "it goes on");
}

fn migrate(folder: &Path, from: &str, to: &str) -> Output {
    program(folder, &["migrate-store", "--from", from, "--to", to, "--json"]).output().unwrap()
}

fn moved(folder: &Path, from: &str, to: &str) -> Value {
    let Output { status, stdout, stderr } = migrate(folder, from, to);
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    copied(&String::from_utf8(stdout).unwrap())
}

#[test]
fn a_copy_overwrites_nothing_and_needs_something_to_copy() {
    let folder = tempfile::tempdir().unwrap();
    let (folder, live) = (folder.path(), url(&folder.path().join("ordain.db")));
    company(folder, &live);
    let there = folder.join("there.db");
    std::fs::write(&there, "something else").unwrap();
    let server = cluster().fresh();
    run(folder, &server, &["init", "--company", "Other Ltd"]);
    for (args, why) in [
        (["backup", "there.db", "--database", &live], "exists already"),
        (["backup", "nowhere/kept.db", "--database", &live], "unable to open"),
        (["backup", "kept.db", "--database", "sqlite:nothing.db"], "nothing.db"),
        (["restore", "nothing.db", "--database", "sqlite:new.db"], "nothing.db"),
        (["restore", "there.db", "--database", "sqlite:new.db"], "not a database"),
        (["restore", "ordain.db", "--database", &server], "already holds a company"),
    ] {
        let Output { status, stderr, .. } = program(folder, &args).output().unwrap();
        let said = String::from_utf8(stderr).unwrap();
        assert_eq!(status.code(), Some(1), "{args:?}: {said}");
        assert!(said.contains(why) && said.trim().lines().count() == 1, "{args:?}: {said}");
        assert!(!folder.join("new.db").exists() && !folder.join("kept.db").exists());
    }
    assert_eq!(std::fs::read(&there).unwrap(), b"something else");
    let left: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("partial")), "{left:?}");
}
