//! The outbox: claimed once, in order per order and channel, finished only under the latest token.

use std::collections::BTreeSet;
use std::sync::Mutex;

use ordain_store::{Changes, OutboxFinish, OutboxRow, StoreError};

use super::fixture::{ORG, World, id, message};

fn with_messages(outbox: Vec<OutboxRow>) -> World {
    let mut world = World::new();
    world.writer.commit(&Changes { outbox, ..Changes::default() }).unwrap();
    world
}

fn finished(row: &OutboxRow, state: &str) -> Changes {
    let finish = OutboxFinish {
        org: row.org,
        id: row.id,
        lease_token: row.lease_token,
        state: state.into(),
        next_at_ms: 50,
        sent_at_ms: (state == "sent").then_some(10),
        last_error: None,
    };
    Changes { outbox_finished: vec![finish], ..Changes::default() }
}

fn claimed(world: &mut World, now_ms: i64) -> Vec<u8> {
    let mut ids: Vec<u8> =
        world.writer.claim_outbox("mail", now_ms, 30, 100).unwrap().iter().map(|row| row.id[15]).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn eight_workers_claim_every_message_once() {
    let world = with_messages((0..200).map(|n| message(n, None)).collect());
    let World { writer, .. } = &world;
    assert!(writer.is_sound());
    let world = Mutex::new(world);
    let seen = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                loop {
                    let rows = world.lock().unwrap().writer.claim_outbox("mail", 10, 30, 7).unwrap();
                    if rows.is_empty() {
                        break;
                    }
                    seen.lock().unwrap().extend(rows.into_iter().map(|row| row.id));
                }
            });
        }
    });
    let seen = seen.into_inner().unwrap();
    assert_eq!(seen.len(), 200);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 200);
}

#[test]
fn no_more_are_claimed_than_were_asked_for() {
    let mut world = with_messages((1..=4).map(|n| message(n, Some(n))).collect());
    for left in [4, 3, 2, 1] {
        assert_eq!(world.writer.claim_outbox("mail", 10, 30, 1).unwrap().len(), 1, "{left} are left");
    }
    assert_eq!(claimed(&mut world, 10), [0; 0]);
}

#[test]
fn only_the_latest_lease_may_finish() {
    let mut world = with_messages(vec![message(1, Some(1))]);
    let first = world.writer.claim_outbox("mail", 10, 30, 5).unwrap().remove(0);
    assert_eq!((first.attempts, first.lease_token, first.lease_until_ms), (1, 1, 40));
    assert_eq!(world.store.next_outbox_at().unwrap(), Some(40));
    assert_eq!(claimed(&mut world, 39), [0; 0]);
    let second = world.writer.claim_outbox("mail", 40, 30, 5).unwrap().remove(0);
    assert_eq!(second.lease_token, 2);

    let refused = Err(StoreError::Conflict("outbox_lease"));
    assert_eq!(world.writer.commit(&finished(&first, "sent")), refused, "a stalled worker comes too late");
    world.writer.commit(&finished(&second, "sent")).unwrap();
    assert_eq!(world.writer.commit(&finished(&second, "sent")), refused);
    assert_eq!(claimed(&mut world, 1_000), [0; 0]);
    assert_eq!(world.store.outbox_count(ORG, "sent").unwrap(), 1);
    assert_eq!(world.store.next_outbox_at().unwrap(), None);
}

#[test]
fn messages_of_one_order_and_channel_leave_one_after_the_other() {
    let mut other_channel = message(3, Some(1));
    other_channel.channel = "in_app".into();
    // Written later under an earlier id: what counts is the order of writing.
    let world =
        with_messages(vec![message(9, Some(1)), message(2, Some(1)), other_channel, message(4, Some(2))]);
    let mut world = world;
    let rows = world.writer.claim_outbox("mail", 10, 30, 100).unwrap();
    let mut ids: Vec<u8> = rows.iter().map(|row| row.id[15]).collect();
    ids.sort_unstable();
    assert_eq!(ids, [4, 9]);
    let beside = world.writer.claim_outbox("in_app", 10, 30, 100).unwrap();
    assert_eq!(beside.iter().map(|row| row.id).collect::<Vec<_>>(), [id(3)], "each channel goes its own way");
    assert_eq!(claimed(&mut world, 11), [0; 0], "2 waits for 9, which is being sent");

    let nine = rows.iter().find(|row| row.id == id(9)).unwrap();
    world.writer.commit(&finished(nine, "queued")).unwrap();
    assert_eq!(claimed(&mut world, 12), [0; 0], "2 waits for 9, which is to be tried again");
    let nine =
        world.writer.claim_outbox("mail", 60, 30, 100).unwrap().into_iter().find(|row| row.id == id(9));
    world.writer.commit(&finished(&nine.unwrap(), "failed")).unwrap();
    assert!(claimed(&mut world, 61).contains(&2), "what was given up holds nobody back");
    assert_eq!(world.store.outbox_of_order(ORG, id(1)).unwrap().len(), 3);
}

#[test]
fn nothing_is_claimed_before_its_time() {
    let mut later = message(1, None);
    later.next_at_ms = 500;
    let mut world = with_messages(vec![later]);
    assert_eq!(claimed(&mut world, 499), [0; 0]);
    assert_eq!(claimed(&mut world, 500), [1]);
}
