//! Nodes of one PostgreSQL database that die, come back and do not hear of each other: one repetition under the same
//! key is enough for whoever asks, and nothing is lost or done twice.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

// The test kit is built on parts of this program's crates with more features.
#[path = "../../ordain-testkit/src/cluster.rs"]
#[allow(dead_code)] // others use the rest of it
mod cluster;

#[allow(dead_code)] // others use the rest of it
mod node;

use cluster::cluster;
use node::{Door, Node, ordain, run};
use reqwest::Method;
use serde_json::Value;
use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// One node dies at a time, and is back before the next one does.
const DEATHS: usize = 9;
const BETWEEN: Duration = Duration::from_millis(700);
const CLIENTS: usize = 6;
/// What a client waits before it asks the next node.
const PAUSE: Duration = Duration::from_millis(250);

/// A company in a database of its own: its address, and a token.
fn company(folder: &Path) -> (String, String) {
    let database = cluster().fresh();
    run(folder, &database, &["init", "--company", "Many Nodes Ltd"]);
    let token = run(folder, &database, &["token", "create", "--role", "admin", "--name", "shop"]);
    (database, token)
}

fn at(folder: &Path, database: &str, token: &str, address: &str) -> Node {
    Node::of(&mut ordain(folder, database, &["serve", "--listen", address]), token)
}

/// An order put to a node and, if that one gives no answer, once more to the next.
async fn with_one_retry(doors: &[Door], first: usize, key: &str) -> Value {
    for door in [&doors[first % doors.len()], &doors[(first + 1) % doors.len()]] {
        if let Some(order) = door.try_place(key).await {
            return order;
        }
        tokio::time::sleep(PAUSE).await;
    }
    panic!("{key} was answered by neither of two nodes");
}

#[tokio::test(flavor = "multi_thread")]
async fn r18_while_nodes_die_one_retry_is_enough_and_nothing_is_done_twice() {
    let folder = tempfile::tempdir().unwrap();
    let (database, token) = company(folder.path());
    let free =
        || format!("127.0.0.1:{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port());
    let addresses = [free(), free(), free()];
    let mut nodes: Vec<Node> =
        addresses.iter().map(|address| at(folder.path(), &database, &token, address)).collect();
    nodes[0].furnish().await;
    let doors: Vec<Door> = nodes.iter().map(|node| Door::clone(node)).collect();

    let over = AtomicBool::new(false);
    let load = futures::future::join_all((0..CLIENTS).map(|client| {
        let (doors, over) = (&doors, &over);
        async move {
            let mut own = Vec::new();
            while !over.load(Ordering::SeqCst) {
                let n = own.len();
                let order = with_one_retry(doors, client + n, &format!("PO-{client}-{n}")).await;
                own.push(order["number"].as_str().unwrap().to_owned());
            }
            own
        }
    }));
    let deaths = async {
        for death in 0..DEATHS {
            tokio::time::sleep(BETWEEN).await;
            tokio::task::block_in_place(|| {
                let at_node = death % addresses.len();
                nodes.remove(at_node).die();
                nodes.insert(at_node, at(folder.path(), &database, &token, &addresses[at_node]));
            });
        }
        over.store(true, Ordering::SeqCst);
    };
    let (loaded, ()) = tokio::join!(load, deaths);
    let numbers: Vec<String> = loaded.into_iter().flatten().collect();
    assert!(numbers.len() > DEATHS * CLIENTS, "{} orders only", numbers.len());
    assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len(), "each number once");
    drop(nodes);
    let verified = run(folder.path(), &database, &["audit", "verify", "--json"]);
    let verified: Value = serde_json::from_str(&verified).unwrap();
    assert_eq!(verified["orders"].as_u64().unwrap(), numbers.len() as u64, "{verified}");
}

#[tokio::test(flavor = "multi_thread")]
async fn r20_nodes_that_cannot_call_each_other_hear_of_it_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (database, token) = company(folder.path());
    let nodes =
        [Node::start(folder.path(), &database, &token), Node::start(folder.path(), &database, &token)];
    nodes[0].furnish().await;
    let mut events = nodes[1].request(Method::GET, "/events").send().await.unwrap();

    // Whoever listens or calls is cut off, over and over.
    let over = AtomicBool::new(false);
    let cutting = async {
        let name = database.rsplit('/').next().unwrap();
        let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
            WHERE datname = current_database() AND query SIMILAR TO '(LISTEN|NOTIFY)%'";
        let mut ended = 0;
        while !over.load(Ordering::SeqCst) {
            ended +=
                tokio::task::block_in_place(|| cluster().psql(name, cut)).unwrap().parse::<u32>().unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        ended
    };
    let hearing = async {
        for n in 0..5 {
            let order = nodes[0].place(&format!("PO-{n}")).await;
            let (number, since) = (order["number"].as_str().unwrap().to_owned(), Instant::now());
            let mut heard = String::new();
            while !heard.contains(&number) {
                let left = Duration::from_secs(2).saturating_sub(since.elapsed());
                let chunk = tokio::time::timeout(left, events.chunk()).await;
                let chunk =
                    chunk.unwrap_or_else(|_| panic!("{number} is not among {heard}")).unwrap().unwrap();
                heard.push_str(&String::from_utf8_lossy(&chunk));
            }
        }
        over.store(true, Ordering::SeqCst);
    };
    let (ended, ()) = tokio::join!(cutting, hearing);
    assert!(ended >= 2, "somebody was cut off: {ended}");
}
