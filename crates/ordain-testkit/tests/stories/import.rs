//! Orders that come by other doors keep where they came from.

use ordain_app::import::{ImportFile, ImportOptions, ImportReport, RowStatus, import_orders};
use ordain_domain::order::Status;
use ordain_store::OrderFilter;
use ordain_testkit::world::{World, order_of};
use serde_json::json;
use sha2::{Digest, Sha256};

/// Name, content and encoding as the order keeps it.
const FILES: [(&str, &[u8], Option<&str>, &str); 4] = [
    ("utf8.csv", include_bytes!("files/utf8.csv"), Some("utf-8"), "U8"),
    ("gb18030.csv", include_bytes!("files/gb18030.csv"), Some("gb18030"), "GB"),
    ("utf16.csv", include_bytes!("files/utf16.csv"), Some("utf-16le"), "U16"),
    ("orders.xlsx", include_bytes!("files/orders.xlsx"), None, "XL"),
];

pub async fn hand_in(world: &World, name: &str, bytes: &[u8]) -> ImportReport {
    let file = ImportFile { name: name.into(), bytes: bytes.to_vec(), mapping: None };
    import_orders(&world.app, world.org, world.actor("sales1"), &file, ImportOptions::default())
        .await
        .unwrap()
}

fn count(world: &World) -> usize {
    world.app.store.list_orders(world.org, &OrderFilter::default(), None, 200).unwrap().len()
}

#[tokio::test]
async fn s005_orders_from_a_file_keep_channel_and_source() {
    let world = World::open().await;
    for (at, (name, bytes, encoding, tag)) in FILES.into_iter().enumerate() {
        let report = hand_in(&world, name, bytes).await;
        assert_eq!((report.created, report.incomplete), (1, 1), "{name}: {report:?}");
        assert_eq!(count(&world), 2 * (at + 1));
        let hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        for (row, rows, po, status) in [
            (2, json!([2, 3]), format!("{tag}-1"), Status::Confirmed),
            (4, json!([4]), format!("{tag}-2"), Status::Incomplete),
        ] {
            let number = report.rows.iter().find(|of| of.row == row).unwrap().order.clone().unwrap();
            let stored = world.app.store.order_by_number(world.org, &number).unwrap().unwrap();
            let case = world.case(uuid::Uuid::from_bytes(stored.id));
            assert_eq!((stored.channel.as_str(), case.order.status), ("excel", status), "{name} row {row}");
            let source = case.order.source.as_ref().unwrap();
            assert_eq!((&source["kind"], &source["name"]), (&json!("file"), &json!(name)));
            assert_eq!((&source["hash"], &source["rows"]), (&json!(hash), &rows));
            assert_eq!(source["encoding"].as_str().map(str::to_lowercase).as_deref(), encoding, "{name}");
            let content = &case.order.content;
            assert_eq!(content.customer_po.as_deref(), Some(po.as_str()));
            assert_eq!(content.ship_to.name.as_deref(), Some("张三"), "{name}");
            assert_eq!(content.ship_to.address.as_deref(), Some("上海市浦东新区一号"), "{name}");
        }
    }
    world.end().await;
}

#[tokio::test]
async fn s005_a_file_that_comes_again_makes_no_second_order() {
    let world = World::open().await;
    let [_, (name, bytes, ..), ..] = FILES;
    let first = hand_in(&world, name, bytes).await;
    world.pass_to(9, 10, 0).await;
    let again = hand_in(&world, "renamed.csv", bytes).await;
    assert_eq!((again.repeated, again.created, again.incomplete, count(&world)), (2, 0, 0, 2));
    assert!(again.rows.iter().all(|row| row.status == RowStatus::Repeated), "{:?}", again.rows);
    let numbers = |report: &ImportReport| report.rows.iter().map(|row| row.order.clone()).collect::<Vec<_>>();
    assert_eq!(numbers(&first), numbers(&again), "the sender learns the numbers it already has");
    world.end().await;
}

#[tokio::test]
async fn s005_phone_mail_shop_and_other_systems_keep_their_channel_through_every_edit() {
    let world = World::open().await;
    for (channel, source) in [
        ("phone", json!({ "kind": "call", "from": "13900000000" })),
        ("mail", json!({ "kind": "mail", "message_id": "<1@example.com>" })),
        ("shop", json!({ "kind": "shop", "order": "W-77" })),
        ("api", json!({ "kind": "system", "name": "ERP" })),
    ] {
        let unpriced = order_of(channel, &[("P-9", "1", "12.50")]);
        let placed = world.receive("sales1", channel, Some(source.clone()), unpriced, true).await;
        assert_eq!(placed.order.status, Status::Incomplete);
        let mended = order_of(channel, &[("P-1", "1", "12.50")]);
        let edited = world.edit("sales1", placed.order.id, mended).await.unwrap();
        assert_eq!(edited.order.status, Status::Confirmed);
        let stored = world.case(placed.order.id).order;
        assert_eq!((stored.channel.as_str(), stored.source), (channel, Some(source)));
        let filter = OrderFilter { channel: Some(channel.into()), ..OrderFilter::default() };
        let listed = world.app.store.list_orders(world.org, &filter, None, 10).unwrap();
        assert_eq!(listed.len(), 1, "{channel}");
    }
    world.end().await;
}
