//! The program over a PostgreSQL database: several nodes at once, and what it says where it cannot work.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

// The test kit is built on parts of this program's crates with more features.
#[path = "../../ordain-testkit/src/cluster.rs"]
#[allow(dead_code)] // others use the rest of it
mod cluster;

#[allow(dead_code)] // others use the rest of it
mod node;

use cluster::cluster;
use node::{Node, ordain, run};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::Output;
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread")]
async fn any_node_of_a_database_takes_any_order_and_all_hear_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let (folder, database) = (folder.path(), cluster().fresh());
    run(folder, &database, &["init", "--company", "Two Nodes Ltd"]);
    let token = run(folder, &database, &["token", "create", "--role", "admin", "--name", "shop"]);
    let nodes = [Node::start(folder, &database, &token), Node::start(folder, &database, &token)];

    nodes[0].furnish().await;
    // Fewer pieces than orders ask for.
    let item = json!([{ "product": "P-1", "warehouse": "SH", "on_hand": "30" }]);
    nodes[0].put("/stock/feed", &json!({ "as_of": "2026-01-01T00:00:00Z", "items": item })).await;

    let mut events = nodes[1].request(Method::GET, "/events").send().await.unwrap();
    let placed = futures::future::join_all((0..40).map(|n| {
        let node = &nodes[n % 2];
        async move { node.place(&format!("PO-{n}")).await }
    }));
    let placed = placed.await;
    let numbers: BTreeSet<&str> = placed.iter().map(|order| order["number"].as_str().unwrap()).collect();
    assert_eq!(numbers.len(), 40, "each number once, whichever node gave it");
    let confirmed = placed.iter().filter(|order| order["status"] == "confirmed").count();
    assert_eq!(confirmed, 30, "each piece once: {:?}", placed[0]["findings"]);

    // An order that one node has taken is answered by the other under its key.
    let again = nodes[1].place("PO-0").await;
    assert!(numbers.contains(again["number"].as_str().unwrap()));
    let id = again["id"].as_str().unwrap();
    let read = nodes[1].request(Method::GET, &format!("/orders/{id}")).send().await.unwrap();
    assert_eq!(read.status(), 200);

    // The feed of one node tells of what the other commits.
    let committed = nodes[0].place("PO-live").await;
    let (number, since) = (committed["number"].as_str().unwrap().to_owned(), Instant::now());
    let mut heard = String::new();
    while !heard.contains(&number) {
        let left = Duration::from_secs(2).saturating_sub(since.elapsed());
        let chunk = tokio::time::timeout(left, events.chunk()).await;
        let chunk = chunk.unwrap_or_else(|_| panic!("{number} is not among {heard}")).unwrap().unwrap();
        heard.push_str(&String::from_utf8_lossy(&chunk));
    }
    drop(nodes);
    let verified = run(folder, &database, &["audit", "verify", "--json"]);
    assert_eq!(serde_json::from_str::<Value>(&verified).unwrap()["orders"], 41, "{verified}");
}

#[test]
fn a_database_that_cannot_be_used_is_one_clear_line() {
    let folder = tempfile::tempdir().unwrap();
    let made = cluster().fresh();
    run(folder.path(), &made, &["init", "--company", "Ltd"]);
    let port = cluster().port;
    let newer = cluster().copy_of(&made);
    let name = newer.rsplit('/').next().unwrap();
    cluster().psql(name, "INSERT INTO schema_migration VALUES (999, 'future', '\\x00')").unwrap();
    for (database, why) in [
        ("postgres://ordain:secret@127.0.0.1:1/ordain".to_owned(), "Connection refused"),
        (format!("postgres://ordain:wrong@127.0.0.1:{port}/postgres"), "password authentication failed"),
        (format!("postgres://ordain:secret@127.0.0.1:{port}/nowhere"), "does not exist"),
        (cluster().fresh(), ""),
        (newer.clone(), "newer"),
    ] {
        for args in [&["audit", "verify"][..], &["serve", "--listen", "127.0.0.1:0"]] {
            if why.is_empty() && args[0] == "serve" {
                continue;
            }
            let Output { status, stderr, .. } = ordain(folder.path(), &database, args).output().unwrap();
            let said = String::from_utf8(stderr).unwrap();
            assert_eq!(status.code(), Some(1), "{database} {args:?}: {said}");
            assert!(said.contains(why) && said.trim().lines().count() == 1, "{database} {args:?}: {said}");
            assert!(!said.contains("secret"), "{said}");
        }
    }
    let tables = "SELECT count(*) FROM schema_migration WHERE version = 999";
    assert_eq!(cluster().psql(name, tables).unwrap(), "1", "nothing is changed");
}
