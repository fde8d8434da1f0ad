//! What only a server can show: which ones are refused, and that nodes do not get in each other's way.

use std::collections::BTreeSet;
use std::sync::Mutex;

use ordain_store::{Changes, Database, OutboxFinish, OutboxRow, Store, StoreError};

use super::fixture::{ORG, World, id, log, message, order, stock, take};
use crate::cluster::cluster;

fn unavailable(opened: Result<impl Sized, StoreError>) -> String {
    match opened.err() {
        Some(StoreError::Unavailable(reason)) => reason,
        Some(StoreError::Unusable(why)) => why.to_string(),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

fn psql(world: &World, sql: &str) -> String {
    let name = world.place.url.rsplit('/').next().unwrap();
    cluster().psql(name, sql).unwrap()
}

#[test]
fn a_server_that_cannot_be_used_is_named_with_the_reason() {
    let port = cluster().port;
    let refusal = |url: &str| {
        let reason = unavailable(Store::open(Database::Postgres(url)));
        assert!(!reason.contains('\n') && !reason.contains("secret"), "{reason}");
        assert_eq!(unavailable(Store::open_reader(Database::Postgres(url))), reason);
        reason
    };
    let wrong = refusal(&format!("postgres://ordain:wrong@127.0.0.1:{port}/postgres"));
    assert!(wrong.contains("password authentication failed") && wrong.contains(&port.to_string()), "{wrong}");
    let unknown = refusal(&format!("postgres://ordain:secret@127.0.0.1:{port}/nowhere"));
    assert!(unknown.contains("\"nowhere\" does not exist"), "{unknown}");
    let nobody = refusal("postgres://ordain:secret@127.0.0.1:1/ordain");
    assert!(nobody.contains("Connection refused") && nobody.contains("port 1"), "{nobody}");
    assert!(refusal("postgres://ordain@127.0.0.1:none/ordain").contains("cannot be read"));
}

#[test]
fn a_newer_schema_and_a_changed_one_are_refused() {
    let world = World::new();
    psql(&world, "INSERT INTO schema_migration VALUES (99, 'future', '\\x00')");
    assert!(unavailable(Store::open(world.place.database())).contains("newer"));
    assert!(unavailable(Store::open_reader(world.place.database())).contains("newer"));
    psql(&world, "DELETE FROM schema_migration WHERE version = 99");
    psql(&world, "UPDATE schema_migration SET checksum = decode(repeat('00', 32), 'hex')");
    assert!(unavailable(Store::open(world.place.database())).contains("changed"));
}

#[test]
fn somebody_elses_database_is_left_alone() {
    let url = cluster().fresh();
    let name = url.rsplit('/').next().unwrap();
    cluster().psql(name, "CREATE TABLE theirs (x bigint)").unwrap();
    assert!(unavailable(Store::open(Database::Postgres(&url))).contains("not a database of Ordain"));
    assert!(unavailable(Store::open_reader(Database::Postgres(&url))).contains("not a database of Ordain"));
    assert_eq!(
        cluster().psql(name, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").unwrap(),
        "1"
    );
}

#[test]
fn nodes_that_open_an_empty_database_at_once_make_its_schema_once() {
    let url = cluster().fresh();
    std::thread::scope(|scope| {
        let opening = (0..4).map(|_| scope.spawn(|| Store::open(Database::Postgres(&url)).map(|_| ())));
        opening.collect::<Vec<_>>().into_iter().for_each(|opened| opened.join().unwrap().unwrap());
    });
}

#[test]
fn whoever_reports_sees_one_company() {
    let mut world = World::new();
    let other = ordain_store::OrderRow { org: 2, ..order(2) };
    world.writer.commit(&Changes { new_orders: vec![order(1), other], ..Changes::default() }).unwrap();
    psql(&world, "CREATE ROLE reports; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reports");
    let seen = |set: &str| psql(&world, &format!("SET ROLE reports; {set} SELECT count(*) FROM orders"));
    assert_eq!(seen(""), "0");
    assert_eq!(seen("SET ordain.org = 2;"), "1");
    let unguarded = "SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE a.attname = 'org_id' AND c.relkind = 'r' AND NOT c.relrowsecurity";
    assert_eq!(psql(&world, unguarded), "0");
}

/// Messages enough that the workers meet.
fn due(round: u8) -> Vec<OutboxRow> {
    let row = |n: u16| {
        let mut row = message(0, None);
        row.id = [&[round; 14][..], &n.to_be_bytes()].concat().try_into().unwrap();
        row
    };
    (0..400).map(row).collect()
}

#[test]
fn r14_eight_nodes_claim_every_message_once() {
    let mut world = World::new();
    for round in 1..=10 {
        world.writer.commit(&Changes { outbox: due(round), ..Changes::default() }).unwrap();
        let seen = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let (_store, mut writer) = Store::open(world.place.database()).unwrap();
                    let mut idle = 0;
                    while idle < 3 {
                        let rows = writer.claim_outbox("mail", 10, 30, 7).unwrap();
                        // What another holds just now is passed over, so an empty hand is no proof.
                        idle = if rows.is_empty() { idle + 1 } else { 0 };
                        seen.lock().unwrap().extend(rows.into_iter().map(|row| row.id));
                    }
                });
            }
        });
        let seen = seen.into_inner().unwrap();
        assert_eq!(seen.len(), 400, "round {round}");
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 400, "round {round}");
    }
}

#[test]
fn r14_whoever_slept_for_two_leases_finishes_nothing_that_another_took() {
    const LEASE_MS: i64 = 30;
    let mut world = World::new();
    let (_store, mut sleeper) = Store::open(world.place.database()).unwrap();
    let sent = |row: &OutboxRow| {
        let finish = OutboxFinish {
            org: row.org,
            id: row.id,
            lease_token: row.lease_token,
            state: "sent".into(),
            next_at_ms: 0,
            sent_at_ms: Some(1),
            last_error: None,
        };
        Changes { outbox_finished: vec![finish], ..Changes::default() }
    };
    for stop in 1..=200 {
        let row = message(stop, None);
        world.writer.commit(&Changes { outbox: vec![row], ..Changes::default() }).unwrap();
        let before = sleeper.claim_outbox("mail", 0, LEASE_MS, 1).unwrap().remove(0);
        assert!(world.writer.claim_outbox("mail", LEASE_MS - 1, LEASE_MS, 1).unwrap().is_empty());
        let after = world.writer.claim_outbox("mail", 2 * LEASE_MS, LEASE_MS, 1).unwrap().remove(0);
        assert_eq!((after.id, after.lease_token), (before.id, before.lease_token + 1), "stop {stop}");
        assert_eq!(sleeper.commit(&sent(&before)), Err(StoreError::Conflict("outbox_lease")), "stop {stop}");
        world.writer.commit(&sent(&after)).unwrap();
        assert!(sleeper.commit(&sent(&before)).is_err(), "stop {stop}: once more, when it is done");
    }
    assert_eq!(world.store.outbox_count(ORG, "sent").unwrap(), 200);
}

#[test]
fn whoever_takes_a_turn_learns_what_others_wrote() {
    let mut world = World::new();
    let (_store, mut other) = Store::open(world.place.database()).unwrap();
    let entry = |seq| Changes { log: vec![log(seq, None, seq)], ..Changes::default() };
    let seq = |heads: &ordain_store::Heads| heads.log.get(&ORG).map_or(0, |row| row.seq);

    assert_eq!(world.writer.take_turn().unwrap(), None, "nobody else wrote");
    world.writer.commit(&entry(1)).unwrap();
    assert_eq!(world.writer.take_turn().unwrap(), None, "it has the turn already");
    world.writer.pass_turn();
    assert_eq!(other.take_turn().unwrap().map(|heads| seq(&heads)), Some(1));
    other.commit(&entry(2)).unwrap();
    other.pass_turn();
    assert_eq!(world.writer.take_turn().unwrap().map(|heads| seq(&heads)), Some(2));
    world.writer.pass_turn();
    assert_eq!(other.take_turn().unwrap(), None, "reading writes nothing");
}

#[test]
fn nodes_that_decide_in_their_turn_never_promise_a_piece_twice() {
    const NODES: i64 = 4;
    let mut world = World::new();
    world.writer.commit(&Changes { stock: vec![stock("A", 40)], ..Changes::default() }).unwrap();
    let numbered = Mutex::new(BTreeSet::new());
    std::thread::scope(|scope| {
        for _ in 0..NODES {
            scope.spawn(|| {
                let (store, mut writer) = Store::open(world.place.database()).unwrap();
                let mut seq = 0;
                for _ in 0..15 {
                    if let Some(heads) = writer.take_turn().unwrap() {
                        seq = heads.log.get(&ORG).map_or(0, |row| row.seq);
                    }
                    let free = store.stock_of_product(ORG, "A").unwrap()[0].reserved_milli < 40;
                    if free {
                        let changes = Changes {
                            log: vec![log(seq + 1, None, seq + 1)],
                            stock_moves: vec![take("A", 1)],
                            ..Changes::default()
                        };
                        writer.commit(&changes).unwrap();
                        seq += 1;
                        assert!(numbered.lock().unwrap().insert(seq));
                    }
                    writer.pass_turn();
                }
            });
        }
    });
    assert_eq!(world.store.stock_of_product(ORG, "A").unwrap()[0].reserved_milli, 40);
    assert_eq!(numbered.into_inner().unwrap(), (1..=40).collect());
}

#[test]
fn a_lost_connection_loses_the_turn_and_what_was_staged_and_is_made_again() {
    let mut world = World::new();
    let (_store, mut other) = Store::open(world.place.database()).unwrap();
    world.writer.take_turn().unwrap();
    world.writer.stage(&Changes { new_orders: vec![order(1)], ..Changes::default() }).unwrap();
    psql(
        &world,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()
        AND state = 'idle in transaction' AND datname = current_database()",
    );
    unavailable(world.writer.settle());
    assert!(other.take_turn().is_ok(), "nobody waits for a node that is gone");
    other.commit(&Changes { new_orders: vec![order(2)], ..Changes::default() }).unwrap();
    other.pass_turn();
    assert!(world.writer.take_turn().unwrap().is_some());
    world.writer.commit(&Changes { new_orders: vec![order(3)], ..Changes::default() }).unwrap();
    world.writer.pass_turn();
    let there = |n| world.store.order_by_id(ORG, id(n)).unwrap().is_some();
    assert_eq!([1, 2, 3].map(there), [false, true, true]);
}

#[test]
fn readers_survive_a_restart_of_their_connections() {
    let world = World::new();
    assert_eq!(world.store.orgs().unwrap().len(), 1);
    psql(
        &world,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND datname = current_database()",
    );
    std::thread::sleep(std::time::Duration::from_millis(100));
    assert_eq!(world.store.orgs().unwrap().len(), 1);
}
