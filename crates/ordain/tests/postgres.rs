//! The program over a PostgreSQL database: several nodes at once, and what it says where it cannot work.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

// The test kit is built on parts of this program's crates with more features.
#[path = "../../ordain-testkit/src/cluster.rs"]
#[allow(dead_code)] // others use the rest of it
mod cluster;

#[allow(dead_code)] // others use the rest of it
mod node;

use cluster::{cluster, own_cluster};
use node::{Node, body, ordain, run};
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
    let theirs = cluster().fresh();
    cluster().psql(theirs.rsplit('/').next().unwrap(), "CREATE TABLE theirs (x bigint)").unwrap();
    let empty = tempfile::tempdir().unwrap();
    for (database, why, en, zh) in [
        (
            "postgres://ordain:secret@127.0.0.1:1/ordain".to_owned(),
            "Connection refused",
            "see that it runs",
            "连接不上",
        ),
        (
            format!("postgres://ordain:wrong@127.0.0.1:{port}/postgres"),
            "password authentication failed",
            "check user and password",
            "用户名和密码",
        ),
        (
            format!("postgres://ordain:secret@127.0.0.1:{port}/nowhere"),
            "does not exist",
            "create it",
            "没有这个数据库",
        ),
        (theirs, "not a database of Ordain", "an empty database", "不是 Ordain 的数据库"),
        (newer.clone(), "schema 999", "use the newer program", "较新版本"),
    ] {
        for args in [
            &["audit", "verify"][..],
            &["serve", "--listen", "127.0.0.1:0"],
            &["serve", "--read-only", "--listen", "127.0.0.1:0"],
        ] {
            for (lang, words) in [("en_US.UTF-8", [why, en]), ("zh_CN.UTF-8", [zh, ""])] {
                let mut command = ordain(empty.path(), &database, args);
                let Output { status, stderr, .. } = command.env("LC_ALL", lang).output().unwrap();
                let said = String::from_utf8(stderr).unwrap();
                assert_eq!(status.code(), Some(1), "{database} {args:?}: {said}");
                assert!(words.iter().all(|word| said.contains(word)), "{database} {args:?}: {said}");
                assert!(said.trim().lines().count() == 1 && !said.contains("secret"), "{said}");
            }
        }
    }
    assert_eq!(std::fs::read_dir(empty.path()).unwrap().count(), 0, "nothing is made beside them");
    let tables = "SELECT count(*) FROM schema_migration WHERE version = 999";
    assert_eq!(cluster().psql(name, tables).unwrap(), "1", "nothing is changed");
}

/// Puts an order until it is acknowledged; whatever came of an attempt is settled under its key.
async fn acknowledged(node: &Node, key: &str) -> String {
    let since = Instant::now();
    loop {
        if let Some(order) = node.try_place(key).await {
            return order["number"].as_str().unwrap().to_owned();
        }
        assert!(since.elapsed() < Duration::from_secs(60), "{key} is never acknowledged");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r17_s067_an_acknowledged_order_survives_its_server_and_the_standby_is_read_meanwhile() {
    let primary = own_cluster();
    let url = primary.fresh();
    let name = url.rsplit('/').next().unwrap().to_owned();
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &url, &["init", "--company", "Two Servers Ltd"]);
    let token = run(folder.path(), &url, &["token", "create", "--role", "admin", "--name", "shop"]);
    let standby = primary.standby();
    let both =
        format!("postgres://ordain:secret@127.0.0.1:{},127.0.0.1:{}/{name}", primary.port, standby.port);
    let node = Node::start(folder.path(), &both, &token);
    node.furnish().await;
    let mut numbers = vec![acknowledged(&node, "PO-first").await];

    // The standby is shown, and nothing can be changed there.
    let reading = {
        let args = ["serve", "--read-only", "--listen", "127.0.0.1:0"];
        Node::of(&mut ordain(folder.path(), &standby.url(&name), &args), &token)
    };
    let since = Instant::now();
    loop {
        let shown = reading.request(Method::GET, "/orders").send().await.unwrap();
        if body(shown).await["items"][0]["number"] == numbers[0].as_str() {
            break;
        }
        assert!(since.elapsed() < Duration::from_secs(10), "the standby does not follow");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let refused = reading.request(Method::POST, "/orders").json(&json!({})).send().await.unwrap();
    assert_eq!(body(refused).await["code"], "read_only");
    drop(reading);

    // Under load the server dies, and the standby takes over.
    let load = futures::future::join_all((0..8).map(|client| {
        let node = &node;
        async move {
            let mut own = Vec::new();
            for n in 0..25 {
                own.push(acknowledged(node, &format!("PO-{client}-{n}")).await);
            }
            own
        }
    }));
    let fail_over = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        tokio::task::block_in_place(|| {
            primary.die();
            standby.promote();
        });
    };
    let (loaded, ()) = tokio::join!(load, fail_over);
    numbers.extend(loaded.into_iter().flatten());
    let twice = numbers.len() - numbers.iter().collect::<BTreeSet<_>>().len();
    assert_eq!((numbers.len(), twice), (201, 0));
    drop(node);
    let store = ordain_store::Store::open_reader(ordain_store::Database::Postgres(&both)).unwrap();
    let lost: Vec<_> = numbers.iter().filter(|n| store.order_by_number(1, n).unwrap().is_none()).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    let verified = run(folder.path(), &both, &["audit", "verify", "--json"]);
    assert_eq!(serde_json::from_str::<Value>(&verified).unwrap()["orders"], 201, "{verified}");
}
