//! Damage done to the database behind the product's back is found and named.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

#[path = "admin_world/mod.rs"]
mod world;

use ordain_app::audit::{Problem, ProblemKind, SignedHead, VerifyReport, export_head, verify};
use ordain_app::reconcile::seal_all;
use rusqlite::Connection;
use world::{ORG, World, clean};

/// Three orders, sealed in two stretches, and one order after the last seal.
async fn written() -> (World, Connection) {
    let world = World::stocked().await;
    world.place(clean("PO-1", "10")).await;
    world.place(clean("PO-2", "150")).await;
    seal_all(&world.app).await.unwrap();
    world.place(clean("PO-3", "10")).await;
    world.feed("P1", "500").await;
    ordain_app::admin::recheck_waiting(&world.app, ORG, &["P1".into()], &[]).await.unwrap();
    seal_all(&world.app).await.unwrap();
    world.place(clean("PO-4", "1")).await;
    let file = Connection::open(&world.path).unwrap();
    (world, file)
}

fn check(world: &World, head: Option<&SignedHead>) -> VerifyReport {
    verify(&world.app.store, ORG, false, head, &mut |_| {}).unwrap()
}

fn problem(world: &World, head: Option<&SignedHead>) -> Problem {
    check(world, head).first_problem.expect("damage is found")
}

fn seq_of(file: &Connection, command: &str) -> i64 {
    let sql = "SELECT min(seq) FROM log WHERE command = ?";
    file.query_row(sql, [command], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn s027_an_untouched_log_is_whole() {
    let (world, _) = written().await;
    let report = check(&world, export_head(&world.app.store, ORG).unwrap().as_ref());
    assert_eq!(report.first_problem, None);
    assert_eq!((report.entries, report.orders), (world.commands().len() as i64, 4));
    assert_eq!(report.unsealed, 1, "what came after the last seal is not damage");
    let chain = verify(&world.app.store, ORG, true, None, &mut |_| {}).unwrap();
    assert_eq!((chain.first_problem, chain.orders), (None, 0));
}

#[tokio::test]
async fn s027_a_changed_byte_is_found_and_named() {
    let (world, file) = written().await;
    let seq = seq_of(&file, "recheck_order");
    file.execute("UPDATE log SET events = replace(events, 'P1', 'P7') WHERE seq = ?", [seq]).unwrap();
    let found = problem(&world, None);
    assert_eq!((found.seq, found.kind), (seq, ProblemKind::Altered));
    assert!(found.subject.starts_with("order:"));
}

#[tokio::test]
async fn s027_every_column_of_an_entry_counts() {
    for change in
        ["at_ms = at_ms + 1", "actor = '{}'", "command = 'x'", "reason = 'because'", "order_id = NULL"]
    {
        let (world, file) = written().await;
        let seq = seq_of(&file, "recheck_order");
        file.execute(&format!("UPDATE log SET {change} WHERE seq = {seq}"), ()).unwrap();
        let found = problem(&world, None);
        assert_eq!((found.seq, found.kind), (seq, ProblemKind::Altered), "{change}");
    }
}

#[tokio::test]
async fn s065_a_removed_entry_is_missing() {
    let (world, file) = written().await;
    let seq = seq_of(&file, "recheck_order");
    file.execute("DELETE FROM log WHERE seq = ?", [seq]).unwrap();
    let found = problem(&world, None);
    assert_eq!((found.seq, found.kind), (seq, ProblemKind::Missing));
}

#[tokio::test]
async fn s065_two_exchanged_entries_are_reordered() {
    let (world, file) = written().await;
    let seq = seq_of(&file, "recheck_order");
    for (from, to) in [(seq, -1), (seq - 1, seq), (-1, seq - 1)] {
        file.execute("UPDATE log SET seq = ? WHERE seq = ?", [to, from]).unwrap();
    }
    let found = problem(&world, None);
    assert_eq!((found.seq, found.kind), (seq - 1, ProblemKind::Reordered));
}

#[tokio::test]
async fn s065_a_closed_gap_is_found() {
    let (world, file) = written().await;
    let seq = seq_of(&file, "recheck_order");
    file.execute("DELETE FROM log WHERE seq = ?", [seq]).unwrap();
    file.execute("UPDATE log SET seq = -seq WHERE seq > ?", [seq]).unwrap();
    file.execute("UPDATE log SET seq = -seq - 1 WHERE seq < 0", ()).unwrap();
    let found = problem(&world, None);
    assert_eq!((found.seq, found.kind), (seq, ProblemKind::Reordered));
}

#[tokio::test]
async fn s027_an_entry_written_anew_with_its_hash_breaks_its_seal() {
    let (world, file) = written().await;
    let seq = seq_of(&file, "feed_stock");
    let row = world.app.store.log_range(ORG, seq - 1, 1).unwrap().remove(0);
    let forged = ordain_store::LogRow { actor: r#"{"kind":"system","name":"nobody"}"#.into(), ..row };
    let hash = ordain_domain::audit::entry_hash(&forged.prev, &ordain_app::gate::covered(&forged));
    file.execute("UPDATE log SET actor = ?, hash = ? WHERE seq = ?", (&forged.actor, hash, seq)).unwrap();
    let found = problem(&world, None);
    // The successor in the same chain or the seal over the stretch, whichever comes first.
    assert!(matches!(found.detail, "root_differs" | "predecessor_differs"), "{found:?}");
}

#[tokio::test]
async fn s027_a_forged_seal_is_found() {
    for change in
        ["root = zeroblob(32)", "signature = zeroblob(64)", "at_ms = at_ms + 1", "to_seq = to_seq - 1"]
    {
        let (world, file) = written().await;
        file.execute(&format!("UPDATE seal SET {change} WHERE n = 1"), ()).unwrap();
        assert_eq!(problem(&world, None).kind, ProblemKind::Seal, "{change}");
    }
    let (world, file) = written().await;
    file.execute("DELETE FROM seal WHERE n = 1", ()).unwrap();
    assert_eq!(problem(&world, None).kind, ProblemKind::Seal);
}

#[tokio::test]
async fn s065_a_cut_tail_does_not_fit_the_orders() {
    let (world, file) = written().await;
    let last = world.commands().len() as i64;
    file.execute("DELETE FROM log WHERE seq = ?", [last]).unwrap();
    let found = problem(&world, None);
    assert_eq!((found.seq, found.kind), (last, ProblemKind::Missing));
    file.execute("DELETE FROM log WHERE seq = ?", [last - 1]).unwrap();
    let found = problem(&world, None);
    assert_eq!(
        (found.seq, found.kind, found.detail),
        (last - 1, ProblemKind::Missing, "sealed_entry_is_gone")
    );
}

#[tokio::test]
async fn s065_a_cut_that_covers_its_tracks_is_found_by_the_head() {
    let (world, file) = written().await;
    let head = export_head(&world.app.store, ORG).unwrap().unwrap();
    let kept: i64 = file.query_row("SELECT to_seq FROM seal WHERE n = 1", (), |row| row.get(0)).unwrap();
    file.execute("DELETE FROM seal WHERE n = 2", ()).unwrap();
    file.execute("DELETE FROM log WHERE seq > ?", [kept]).unwrap();
    // The orders are set back to what the shortened log makes of them.
    file.execute(
        "DELETE FROM orders WHERE id NOT IN (SELECT order_id FROM log WHERE order_id IS NOT NULL)",
        (),
    )
    .unwrap();
    let sql = "SELECT id FROM orders WHERE version > 1";
    let ids: Vec<Vec<u8>> =
        file.prepare(sql).unwrap().query_map((), |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    for id in ids {
        restore(&world, &file, &id);
    }
    assert_eq!(check(&world, None).first_problem, None, "by itself it looks whole");
    let found = problem(&world, Some(&head));
    assert_eq!((found.seq, found.kind, found.detail), (kept + 1, ProblemKind::Missing, "cut_before_head"));
    let mut forged = head.clone();
    forged.seq = kept;
    assert_eq!(problem(&world, Some(&forged)).detail, "head_is_not_signed");
}

/// Folds the order's first entry and stores that as its state, as a careful forger would.
fn restore(world: &World, file: &Connection, id: &[u8]) {
    let id: [u8; 16] = id.try_into().unwrap();
    let row = world.app.store.log_of_order(ORG, id, None, 1).unwrap().remove(0);
    let mut case = None;
    for event in serde_json::from_str::<Vec<ordain_app::case::Event>>(&row.events).unwrap() {
        ordain_app::case::apply(&mut case, &event, row.at_ms);
    }
    let mut case = case.unwrap();
    case.version = 1;
    let order = &case.order;
    file.execute(
        "UPDATE orders SET version = 1, head = ?, body = ?, status = ?, confirmed_at_ms = ? WHERE id = ?",
        (row.hash, serde_json::to_string(&case).unwrap(), order.status.name(), order.confirmed_ms, id),
    )
    .unwrap();
}

#[tokio::test]
async fn s027_a_changed_state_is_found_though_the_log_is_whole() {
    let cases = [
        ("status = 'cancelled'", "columns_differ"),
        ("total_minor = total_minor + 1", "columns_differ"),
        ("body = replace(body, '\"12.50\"', '\"1.25\"')", "state_differs"),
        ("head = zeroblob(32)", "head_differs"),
        ("version = version + 1", "entry_is_gone"),
    ];
    for (change, detail) in cases {
        let (world, file) = written().await;
        file.execute(&format!("UPDATE orders SET {change} WHERE customer_po = 'PO-1'"), ()).unwrap();
        assert_eq!(problem(&world, None).detail, detail, "{change}");
    }
    let (world, file) = written().await;
    file.execute("DELETE FROM orders WHERE customer_po = 'PO-3'", ()).unwrap();
    assert_eq!(problem(&world, None).detail, "order_is_gone");
}
