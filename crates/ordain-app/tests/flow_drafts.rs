//! Drafts under time: who holds one, when somebody else can take over, and what publishing leaves behind.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]
#![allow(dead_code, reason = "the shared world is used in part")]

#[path = "admin_world/mod.rs"]
mod world;

use ordain_app::admin::{AdminCommand, AdminDone, DraftText, IDLE_MS, Release, SaveDraft};
use ordain_app::case::Refusal;
use ordain_app::case::world::STANDARD_FLOW;
use ordain_app::gate::GateError;
use ordain_app::setup::STANDARD;
use ordain_domain::actor::Actor;
use world::{MONDAY_MS, ORG, World};

async fn save(world: &World, who: &str, expected: i64) -> Result<i64, GateError> {
    let text = DraftText { doc: serde_json::from_str(STANDARD).unwrap(), cases: Vec::new() };
    let save = SaveDraft { key: STANDARD_FLOW.to_owned(), expected, text };
    match world.app.admin(ORG, Actor::system(who), AdminCommand::SaveDraft(Box::new(save))).await? {
        AdminDone::DraftSaved { revision } => Ok(revision),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_draft_is_taken_over_after_five_idle_minutes_and_not_before() {
    let world = World::bare().await;
    assert_eq!(save(&world, "wang", 0).await, Ok(1));
    let locked = || Err(GateError::Refused(Refusal::DraftLocked { by: "wang".to_owned() }));
    world.clock.set_ms(MONDAY_MS + IDLE_MS - 1);
    assert_eq!(save(&world, "li", 1).await, locked());
    // Every save of the editor begins the time anew.
    assert_eq!(save(&world, "wang", 1).await, Ok(2));
    world.clock.set_ms(MONDAY_MS + IDLE_MS);
    assert_eq!(save(&world, "li", 2).await, locked());
    world.clock.set_ms(MONDAY_MS + 2 * IDLE_MS);
    assert_eq!(save(&world, "li", 2).await, Ok(3));
    let stale = Err(GateError::Refused(Refusal::Stale { current: 3 }));
    world.clock.set_ms(MONDAY_MS + 4 * IDLE_MS);
    assert_eq!(save(&world, "wang", 2).await, stale);
}

#[tokio::test]
async fn a_version_number_is_never_used_again() {
    let world = World::bare().await;
    let release = |restore| {
        let (key, note) = (STANDARD_FLOW.to_owned(), "as it was before".to_owned());
        AdminCommand::ReleaseFlow(Release {
            key,
            expected: None,
            note,
            acknowledged: Vec::new(),
            restore,
            effective_at: None,
        })
    };
    for expected in 2..5 {
        match world.admin(release(Some(1))).await.unwrap() {
            AdminDone::Published { version, .. } => assert_eq!(version, expected),
            other => panic!("{other:?}"),
        }
    }
    let unknown = world.admin(release(Some(99))).await.unwrap_err();
    assert_eq!(unknown, GateError::Refused(Refusal::UnknownVersion));
    assert_eq!(world.admin(release(None)).await.unwrap_err(), GateError::Refused(Refusal::NotFound));
    let house = world.app.gate.houses().get(ORG).unwrap();
    assert_eq!(house.active.get(STANDARD_FLOW), Some(&4));
}
