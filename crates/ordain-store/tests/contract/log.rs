//! The log, its seals, and the heads the Gate starts from.

use ordain_store::{AuditFilter, Changes, CounterRow, Heads, LogRow, SealRow};

use super::fixture::{ORG, World, id, log};

fn seqs(rows: &[LogRow]) -> Vec<i64> {
    rows.iter().map(|row| row.seq).collect()
}

fn with_log() -> World {
    let mut world = World::new();
    let mut rows =
        vec![log(1, None, 1), log(2, Some(1), 1), log(3, Some(2), 1), log(4, Some(1), 2), log(5, None, 2)];
    rows[3].command = "cancel_order".into();
    rows[3].actor = "{\"user\":\"wang\"}".into();
    rows[2].at_ms = 1;
    world.writer.commit(&Changes { log: rows, ..Changes::default() }).unwrap();
    world
}

#[test]
fn the_log_is_read_in_order_by_order_and_by_page() {
    let world = with_log();
    assert_eq!(seqs(&world.store.log_range(ORG, 0, 3).unwrap()), [1, 2, 3]);
    assert_eq!(seqs(&world.store.log_range(ORG, 3, 3).unwrap()), [4, 5]);
    assert_eq!(seqs(&world.store.log_of_order(ORG, id(1), None, 10).unwrap()), [4, 2]);
    assert_eq!(seqs(&world.store.log_of_order(ORG, id(1), Some(2), 10).unwrap()), [2]);
    assert_eq!(world.store.log_range(ORG, 3, 1).unwrap()[0].actor, "{\"user\":\"wang\"}");
}

#[test]
fn the_audit_search_filters_and_pages() {
    let world = with_log();
    let all = AuditFilter::default();
    let found = |filter: &AuditFilter, before| seqs(&world.store.search_log(ORG, filter, before, 3).unwrap());
    assert_eq!(found(&all, None), [5, 4, 2], "the clock had gone back at 3");
    assert_eq!(found(&all, Some((1_002, 2))), [1, 3]);
    assert_eq!(found(&AuditFilter { order_id: Some(id(1)), ..all.clone() }, None), [4, 2]);
    assert_eq!(found(&AuditFilter { actor: Some("\"wang\"".into()), ..all.clone() }, None), [4]);
    assert_eq!(found(&AuditFilter { command: Some("cancel_order".into()), ..all.clone() }, None), [4]);
    let left_out = |names: &[&str]| AuditFilter {
        commands_left_out: names.iter().map(ToString::to_string).collect(),
        ..all.clone()
    };
    assert_eq!(found(&left_out(&["cancel_order"]), None), [5, 2, 1]);
    assert_eq!(found(&left_out(&["cancel_order", "submit_order"]), None), [0; 0]);
    let window = AuditFilter { from_ms: Some(1_002), to_ms: Some(1_005), ..all };
    assert_eq!(found(&window, None), [4, 2]);
}

#[test]
fn heads_say_where_numbering_goes_on() {
    let mut world = with_log();
    let counter = |day: &str, n| CounterRow { org: ORG, name: "order".into(), day: day.into(), n };
    let seal = |n| SealRow {
        org: ORG,
        n,
        from_seq: n,
        to_seq: n,
        at_ms: 1,
        root: [1; 32],
        prev_root: [0; 32],
        signature: vec![1],
        public_key: vec![2],
    };
    for counters in [vec![counter("20261123", 7)], vec![counter("20261124", 1)]] {
        world.writer.commit(&Changes { counters, ..Changes::default() }).unwrap();
    }
    world.writer.commit(&Changes { seals: vec![seal(1), seal(2)], ..Changes::default() }).unwrap();
    let mut world = world.reopened();
    let heads = world.writer.heads().unwrap();
    assert_eq!(heads.log[&ORG].seq, 5);
    assert_eq!(heads.org_log[&ORG].subject_seq, 2);
    assert_eq!(heads.seals[&ORG], seal(2));
    assert_eq!(heads.counters[&(ORG, "order".to_owned())], counter("20261124", 1));
    assert_eq!(world.store.seals(ORG, 1, 10).unwrap(), [seal(2)]);

    let fresh = World::new().writer.heads().unwrap();
    assert_eq!(Heads { orgs: Vec::new(), ..fresh }, Heads::default());
}
