//! The fixture itself: a story that leaves something lying fails.

use ordain_testkit::world::{World, order_of};

async fn confirmed(world: &World) {
    world.place("sales1", order_of("PO-1", &[("P-1", "1", "12.50")])).await;
}

#[tokio::test]
#[should_panic(expected = "the story did not end its world")]
async fn a_story_that_does_not_end_fails() {
    World::open().await;
}

#[tokio::test]
#[should_panic(expected = "1 mails are queued")]
async fn a_mail_that_did_not_leave_fails_the_story() {
    let mut world = World::open().await;
    confirmed(&world).await;
    world.mail_server(&["--fail-permille=1000"], 1);
    world.end().await;
}

#[tokio::test]
#[should_panic(expected = "Altered")]
async fn a_log_that_was_changed_fails_the_story() {
    let world = World::open().await;
    confirmed(&world).await;
    let sql =
        "UPDATE log SET actor = replace(actor, 'SALES1', 'SALES2') WHERE actor LIKE '%SALES1%' RETURNING 1";
    assert!(world.home.tamper(sql) > 0);
    world.end().await;
}
