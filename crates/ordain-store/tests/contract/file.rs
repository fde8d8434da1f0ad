//! What only a file can show: a newer or foreign one is refused, a copy is whole, damage stops the writer.

use std::io::{Seek, SeekFrom, Write};

use ordain_store::{Changes, OpenOptions, Store, StoreError};
use rusqlite::Connection;

use super::fixture::{ORG, World, id, log, order};

fn unavailable(opened: Result<impl Sized, StoreError>) -> String {
    match opened.err() {
        Some(StoreError::Unavailable(reason)) => reason,
        Some(StoreError::Unusable(why)) => why.to_string(),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn the_schema_has_its_newest_version() {
    let mut world = World::new();
    world.writer.commit(&Changes { new_orders: vec![order(1)], ..Changes::default() }).unwrap();
    let world = world.reopened().reopened();
    assert_eq!(world.store.stats().unwrap().schema_version, 28);
    assert!(world.store.order_by_id(ORG, id(1)).unwrap().is_some());
}

#[test]
fn a_newer_schema_and_a_changed_one_are_refused() {
    let world = World::new();
    let path = world.place.file.clone();
    drop(world.writer);
    let raw = Connection::open(&path).unwrap();
    raw.execute("INSERT INTO schema_migration VALUES (99, 'future', x'00')", ()).unwrap();
    assert!(unavailable(Store::open(&OpenOptions::new(&path))).contains("newer"));
    assert!(unavailable(Store::open_reader(&path)).contains("newer"));
    raw.execute("DELETE FROM schema_migration WHERE version = 99", ()).unwrap();
    raw.execute("UPDATE schema_migration SET checksum = zeroblob(32)", ()).unwrap();
    assert!(unavailable(Store::open(&OpenOptions::new(&path))).contains("changed"));
}

#[test]
fn somebody_elses_file_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("other.db");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap();
    let before = std::fs::read(&path).unwrap();
    Store::recognise(&path).unwrap_err();
    assert!(unavailable(Store::open(&OpenOptions::new(&path))).contains("not a database of Ordain"));
    assert!(unavailable(Store::open_reader(&path)).contains("not a database of Ordain"));
    assert!(!unavailable(Store::open_reader(&dir.path().join("none.db"))).is_empty());
    assert!(!dir.path().join("none.db").exists());
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn a_backup_under_way_of_writing_is_whole() {
    let mut world = World::new();
    let changes = Changes { new_orders: vec![order(1)], log: vec![log(1, Some(1), 1)], ..Changes::default() };
    world.writer.commit(&changes).unwrap();
    let target = world.place.file.with_file_name("backup.db");
    world.store.backup_to(&target).unwrap();
    let (copy, mut writer) = Store::open(&OpenOptions::new(&target)).unwrap();
    assert_eq!(copy.integrity_check().unwrap(), Vec::<String>::new());
    assert_eq!(copy.order_by_id(ORG, id(1)).unwrap(), Some(order(1)));
    writer.commit(&Changes { new_orders: vec![order(2)], ..Changes::default() }).unwrap();
    assert!(world.store.backup_to(&target).is_err(), "an existing file is never overwritten");
}

#[test]
fn after_damage_met_while_writing_nothing_more_is_committed() {
    let world = World::new();
    let path = world.place.file.clone();
    drop((world.writer, world.store.clone()));
    let raw = Connection::open(&path).unwrap();
    let page: i64 = raw
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'receipt'", (), |row| row.get(0))
        .unwrap();
    let size: i64 = raw.pragma_query_value(None, "page_size", |row| row.get(0)).unwrap();
    raw.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(())).unwrap();
    drop(raw);
    let mut file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.seek(SeekFrom::Start(u64::try_from((page - 1) * size).unwrap())).unwrap();
    file.write_all(&vec![0xff; usize::try_from(size).unwrap()]).unwrap();
    drop(file);

    let (store, mut writer) = Store::open(&OpenOptions::new(&path)).unwrap();
    let receipt = ordain_store::ReceiptRow {
        org: ORG,
        caller: "a".into(),
        key: "k".into(),
        fingerprint: [1; 32],
        status: 201,
        body: String::new(),
        at_ms: 1,
    };
    let hit = Changes { new_orders: vec![order(1)], receipts: vec![receipt], ..Changes::default() };
    assert!(matches!(writer.commit(&hit), Err(StoreError::Damaged(_))));
    assert!(!writer.is_sound());
    let harmless = Changes { new_orders: vec![order(2)], ..Changes::default() };
    assert!(unavailable(writer.commit(&harmless)).contains("before"));
    assert!(unavailable(writer.claim_outbox("mail", 0, 0, 1)).contains("before"));
    assert_eq!(store.order_by_id(ORG, id(1)).unwrap(), None);
    assert!(!store.integrity_check().unwrap().is_empty());
}

#[test]
fn what_was_not_committed_is_gone_and_what_was_is_there() {
    let mut world = World::new();
    world.writer.commit(&Changes { new_orders: vec![order(1)], ..Changes::default() }).unwrap();
    // As far as it came when the disk took it: the copy is what a crash would leave behind.
    let copy = world.place.file.with_file_name("crashed.db");
    std::fs::copy(&world.place.file, &copy).unwrap();
    std::fs::copy(world.place.file.with_extension("db-wal"), copy.with_extension("db-wal")).unwrap();
    let (crashed, _writer) = ordain_store::Store::open(&ordain_store::OpenOptions::new(&copy)).unwrap();
    assert!(crashed.order_by_id(ORG, id(1)).unwrap().is_some());
    assert_eq!(crashed.integrity_check().unwrap(), Vec::<String>::new());

    let world = world.reopened();
    assert!(world.store.order_by_id(ORG, id(1)).unwrap().is_some());
}

#[test]
fn a_second_writer_is_refused_and_breaks_nothing() {
    let mut world = World::new();
    let (_other, mut second) = Store::open(&OpenOptions::new(&world.place.file)).unwrap();
    let raw = Connection::open(&world.place.file).unwrap();
    raw.execute_batch("BEGIN IMMEDIATE").unwrap();
    let changes = Changes { new_orders: vec![order(1)], ..Changes::default() };
    assert!(matches!(second.commit(&changes), Err(StoreError::Unavailable(_))));
    assert!(second.is_sound(), "a held lock says nothing about the disk");
    raw.execute_batch("ROLLBACK").unwrap();
    world.writer.commit(&changes).unwrap();
}
