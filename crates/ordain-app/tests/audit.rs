//! Damage done to the database behind the product's back is found and named.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

#[path = "admin_world/mod.rs"]
mod world;

use ordain_app::audit::{
    EvidenceError, Problem, ProblemKind, SignedHead, VerifyReport, check_evidence, export_head, verify,
    write_evidence,
};
use ordain_app::reconcile::seal_all;
use rusqlite::Connection;
use std::io::{Read, Write};
use world::{ORG, World, clean};

/// Two orders, sealed.
async fn begun() -> World {
    let world = World::stocked().await;
    world.place(clean("PO-1", "10")).await;
    world.place(clean("PO-2", "150")).await;
    seal_all(&world.app).await.unwrap();
    world
}

/// Three orders, sealed in two stretches, and one order after the last seal.
async fn written() -> (World, Connection) {
    went_on(begun().await).await
}

async fn went_on(world: World) -> (World, Connection) {
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
async fn s027_an_entry_that_cannot_even_be_read_is_named() {
    let (world, file) = written().await;
    let seq = seq_of(&file, "recheck_order");
    let sql =
        "UPDATE log SET events = CAST(replace(CAST(events AS BLOB), CAST('P1' AS BLOB), x'C331') AS TEXT)
               WHERE seq = ?";
    file.execute(sql, [seq]).unwrap();
    let found = problem(&world, None);
    assert_eq!((found.seq, found.kind, found.detail), (seq, ProblemKind::Altered, "unreadable"));
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
    let world = begun().await;
    let kept = world.commands().len() as i64;
    let copy = world.path.with_file_name("copy.db").display().to_string();
    Connection::open(&world.path).unwrap().execute("VACUUM INTO ?", [&copy]).unwrap();
    let (world, file) = went_on(world).await;
    let head = export_head(&world.app.store, ORG).unwrap().unwrap();
    // A careful forger sets everything back to what it was.
    file.execute("ATTACH ? AS copy", [&copy]).unwrap();
    for table in [
        "log",
        "seal",
        "orders",
        "reservation",
        "task",
        "timer",
        "outbox",
        "notice",
        "exposure",
        "stock",
        "stock_movement",
    ] {
        let sql =
            "DELETE FROM main.t; INSERT INTO main.t SELECT * FROM copy.t".replace(".t", &format!(".{table}"));
        file.execute_batch(&sql).unwrap();
    }
    assert_eq!(check(&world, None).first_problem, None, "by itself it looks whole");
    let found = problem(&world, Some(&head));
    assert_eq!((found.seq, found.kind, found.detail), (kept + 1, ProblemKind::Missing, "cut_before_head"));
    let mut forged = head.clone();
    forged.seal.seq = kept;
    assert_eq!(problem(&world, Some(&forged)).detail, "head_is_not_signed");
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

#[tokio::test]
async fn s027_rows_around_an_order_are_found_to_be_damaged() {
    use ProblemKind::{OutboxMissing, ReservationsDiffer, TasksDiffer, TimersDiffer};
    let cases = [
        ("DELETE FROM reservation", ReservationsDiffer, "row_is_gone"),
        ("UPDATE reservation SET qty_milli = qty_milli + 1", ReservationsDiffer, "row_differs"),
        ("UPDATE reservation SET kind = 'soft'", ReservationsDiffer, "row_differs"),
        ("UPDATE reservation SET warehouse = 'ZZ'", ReservationsDiffer, "row_is_gone"),
        ("UPDATE reservation SET line = 7", ReservationsDiffer, "row_is_gone"),
        ("DELETE FROM task", TasksDiffer, "row_is_gone"),
        ("UPDATE task SET state = 'closed'", TasksDiffer, "row_differs"),
        ("UPDATE task SET node = 'elsewhere'", TasksDiffer, "row_differs"),
        ("UPDATE task SET claimed_by = zeroblob(16)", TasksDiffer, "row_differs"),
        (
            "INSERT INTO task SELECT org_id, zeroblob(16), order_id, node, visit, department, role, assignee,
                claimed_by, 'open', opened_at_ms, due_at_ms, NULL, NULL, NULL, body, flow FROM task LIMIT 1",
            TasksDiffer,
            "row_too_many",
        ),
        ("DELETE FROM timer", TimersDiffer, "row_is_gone"),
        ("UPDATE timer SET due_at_ms = due_at_ms + 1", TimersDiffer, "row_differs"),
        ("DELETE FROM outbox", OutboxMissing, "row_is_gone"),
    ];
    for (sql, kind, detail) in cases {
        let (world, file) = waiting().await;
        assert_eq!(check(&world, None).first_problem, None);
        assert!(file.execute(sql, ()).unwrap() > 0, "{sql} changes something");
        let found = problem(&world, None);
        assert_eq!((found.kind, found.detail), (kind, detail), "{sql}: {found:?}");
        assert!(found.subject.starts_with("order:") && found.differs.is_some(), "{found:?}");
        let chain = verify(&world.app.store, ORG, true, None, &mut |_| {}).unwrap();
        assert_eq!(chain.first_problem, None, "{sql}");
    }
}

/// As written, and one order more than there is stock for, which waits for a person.
async fn waiting() -> (World, Connection) {
    let (world, file) = written().await;
    world.place(clean("PO-5", "5000")).await;
    (world, file)
}

#[tokio::test]
async fn s027_sums_that_do_not_add_up_are_found() {
    use ProblemKind::{ExposureDiffers, MovementsDiffer, StockDiffers};
    let cases = [
        ("UPDATE exposure SET exposure_minor = exposure_minor - 1", ExposureDiffers, "customer:C1"),
        ("DELETE FROM exposure", ExposureDiffers, "customer:C1"),
        ("UPDATE stock SET reserved_milli = 0", StockDiffers, "stock:P1:SH"),
        ("UPDATE stock SET reserved_milli = reserved_milli + 1", StockDiffers, "stock:P1:SH"),
        ("DELETE FROM stock", MovementsDiffer, "stock:P1:SH"),
    ];
    for (sql, kind, subject) in cases {
        let (world, file) = written().await;
        assert!(file.execute(sql, ()).unwrap() > 0, "{sql} changes something");
        let found = problem(&world, None);
        assert_eq!((found.kind, found.subject.as_str()), (kind, subject), "{sql}: {found:?}");
        let differs = found.differs.unwrap();
        assert_ne!(differs.expected, differs.stored);
    }
}

#[tokio::test]
async fn s027_seals_that_are_all_gone_are_missed_once_there_must_have_been_some() {
    let (world, file) = written().await;
    file.execute("DELETE FROM seal", ()).unwrap();
    assert_eq!(check(&world, None).first_problem, None, "so young a log may not have been sealed yet");
    world.clock.set_ms(world.clock.now_ms() + 60 * 60 * 1_000 + 1);
    world.place(clean("PO-6", "1")).await;
    let found = problem(&world, None);
    assert_eq!((found.seq, found.kind, found.subject.as_str()), (1, ProblemKind::SealsMissing, "seal"));
}

fn evidence(world: &World) -> Vec<u8> {
    let mut file = Vec::new();
    write_evidence(&world.app.store, ORG, 0, &mut file).unwrap();
    file
}

/// The lines of a file of evidence as `change` makes them.
fn rewritten(file: &[u8], change: impl FnOnce(&mut Vec<String>)) -> Vec<u8> {
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    change(&mut lines);
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(lines.join("\n").as_bytes()).unwrap();
    out.finish().unwrap()
}

#[tokio::test]
async fn s027_evidence_proves_the_log_without_the_database_and_shows_what_was_done_to_it() {
    let (world, _file) = written().await;
    let file = evidence(&world);
    let checked = |file: &[u8]| check_evidence(file, &mut |_| {}).unwrap();
    let (whole, stored) = (checked(&file), check(&world, None));
    assert_eq!((whole.entries, whole.sealed, &whole.first_problem), (stored.entries, stored.sealed, &None));
    let last = whole.entries;
    let found = |change: fn(&mut Vec<String>)| {
        let problem = checked(&rewritten(&file, change)).first_problem.unwrap();
        (problem.seq, problem.kind, problem.detail)
    };
    let altered = found(|lines| {
        let at = lines.len() - 2;
        lines[at] = lines[at].replacen("\"at_ms\":1", "\"at_ms\":2", 1);
    });
    assert_eq!(altered, (last - 1, ProblemKind::Altered, "hash_differs"));
    let missing = found(|lines| drop(lines.remove(lines.len() - 2)));
    assert_eq!(missing, (last - 1, ProblemKind::Missing, "gap"));
    let cut = found(|lines| drop(lines.pop()));
    assert_eq!((cut.0, cut.1), (last, ProblemKind::Missing));
    let half = found(|lines| lines.last_mut().unwrap().truncate(40));
    assert_eq!((half.0, half.1), (last, ProblemKind::Missing));
    let forged = found(|lines| lines[1] = lines[1].replacen("\"at_ms\":1", "\"at_ms\":2", 1));
    assert_eq!((forged.1, forged.2), (ProblemKind::Seal, "signature_differs"));
    for foreign in [&b"PK"[..], &file[..20], &rewritten(&file, |lines| lines.clear())] {
        let refused = check_evidence(foreign, &mut |_| {});
        assert!(matches!(refused, Err(EvidenceError::Foreign)), "{refused:?}");
    }
}
