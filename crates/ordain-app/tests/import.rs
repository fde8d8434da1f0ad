//! Files of orders and master data.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

#[path = "admin_world/mod.rs"]
mod world;

use ordain_app::import::{
    ImportFile, ImportOptions, ImportRefusal, ImportReport, RowStatus, import_master, import_orders,
};
use ordain_connect::mapping::Kind;
use ordain_store::OrderFilter;
use world::{ORG, World, actor};

const HEAD: &str = "Order No,Customer,PO,Currency,Delivery Date,Terms,Ship To,Phone,Address,Bill To,Tax No,\
                    Invoice Type,SKU,Qty,Unit,Unit Price,Colour\n";

fn row(key: &str, po: &str, date: &str, quantity: &str) -> String {
    format!(
        "{key},C1,{po},CNY,{date},NET30,Li,139,Road 1,East,91310000DEM000001H,vat_special,P1,{quantity},pcs,12.50,red\n"
    )
}

fn file(name: &str, text: &str) -> ImportFile {
    ImportFile { name: name.into(), bytes: text.as_bytes().to_vec(), mapping: None }
}

async fn orders(world: &World, text: &str, options: ImportOptions) -> ImportReport {
    import_orders(&world.app, ORG, actor(), &file("orders.csv", text), options).await.unwrap()
}

async fn master(world: &World, kind: Kind, text: &str, options: ImportOptions) -> ImportReport {
    import_master(&world.app, ORG, actor(), kind, &file("master.csv", text), options).await.unwrap()
}

fn statuses(report: &ImportReport) -> Vec<(u32, RowStatus)> {
    report.rows.iter().map(|row| (row.row, row.status)).collect()
}

fn codes(report: &ImportReport, row: u32) -> Vec<&str> {
    let rows = report.rows.iter().filter(|of| of.row == row);
    rows.flat_map(|of| of.findings.iter().map(|fault| fault.code.as_str())).collect()
}

fn count(world: &World) -> usize {
    world.app.store.list_orders(ORG, &OrderFilter::default(), None, 200).unwrap().len()
}

const FILL: ImportOptions = ImportOptions { dry_run: false, fill_defaults: true, partial: false };
const DRY: ImportOptions = ImportOptions { dry_run: true, fill_defaults: false, partial: false };
const PARTIAL: ImportOptions = ImportOptions { dry_run: false, fill_defaults: false, partial: true };

#[tokio::test]
async fn all_orders_are_taken_and_the_faulty_ones_wait_for_their_sender() {
    let world = World::stocked().await;
    let text = format!(
        "{HEAD}{}{}{}{}",
        row("A", "PO-1", "2026-12-01", "10"),
        row("A", "PO-1", "2026-12-01", "5"),
        row("B", "PO-2", "soon", "ten"),
        row("C", "PO-3", "2026-12-01", "1")
    );
    let report = orders(&world, &text, ImportOptions::default()).await;
    use RowStatus::{Created, Incomplete};
    assert_eq!(statuses(&report), [(2, Created), (3, Created), (4, Incomplete), (5, Created)]);
    assert_eq!(report.rows[0].order, report.rows[1].order);
    assert!(codes(&report, 4).contains(&"not_a_decimal") && codes(&report, 4).contains(&"not_a_date"));
    let stored =
        world.app.store.order_by_number(ORG, report.rows[2].order.as_ref().unwrap()).unwrap().unwrap();
    assert_eq!((stored.status.as_str(), stored.channel.as_str()), ("incomplete", "excel"));
    let body: serde_json::Value = serde_json::from_str(&stored.body).unwrap();
    let extra = &body["order"]["content"]["extra"];
    assert_eq!(
        (&extra["Qty"], &extra["Delivery Date"], &extra["Colour"]),
        (&"ten".into(), &"soon".into(), &"red".into())
    );
    assert_eq!(body["order"]["source"]["rows"], serde_json::json!([4]));
    let first =
        world.app.store.order_by_number(ORG, report.rows[0].order.as_ref().unwrap()).unwrap().unwrap();
    assert_eq!(first.status, "confirmed");
}

#[tokio::test]
async fn a_file_that_comes_again_makes_no_second_order() {
    let world = World::stocked().await;
    let text = format!("{HEAD}{}{}", row("A", "PO-1", "2026-12-01", "10"), row("B", "", "2026-12-01", "1"));
    let first = orders(&world, &text, ImportOptions::default()).await;
    assert_eq!((first.created, count(&world)), (2, 2));
    // Long after the idempotency keys are gone.
    world.clock.set_ms(world::MONDAY_MS + 40 * 86_400_000);
    let again = orders(&world, &text, ImportOptions::default()).await;
    assert_eq!((again.repeated, again.created, again.applied, count(&world)), (2, 0, false, 2));
    let numbers = |report: &ImportReport| report.rows.iter().map(|row| row.order.clone()).collect::<Vec<_>>();
    assert_eq!(numbers(&first), numbers(&again));
    // The same order in another file is known by customer and PO, one without a PO is not.
    let other = orders(&world, &format!("{text}\n"), ImportOptions::default()).await;
    assert_eq!(other.rows[0].status, RowStatus::Repeated);
    assert_eq!(count(&world), 3);
}

#[tokio::test]
async fn two_imports_of_one_file_at_once_make_one_order_each() {
    let world = World::stocked().await;
    let rows: String = (0..60).map(|n| row(&format!("K{n}"), "", "2026-12-01", "1")).collect();
    let text = format!("{HEAD}{rows}");
    let options = ImportOptions::default();
    let (one, two) = tokio::join!(orders(&world, &text, options), orders(&world, &text, options));
    assert_eq!((one.created + two.created, one.repeated + two.repeated), (60, 60));
    assert_eq!(count(&world), 60);
    let numbers = |report: &ImportReport| report.rows.iter().map(|row| row.order.clone()).collect::<Vec<_>>();
    assert_eq!(numbers(&one), numbers(&two));
}

#[tokio::test]
async fn what_cannot_be_read_is_kept_in_the_intake_journal_once() {
    let world = World::stocked().await;
    let text = format!(
        "{HEAD}{}X,\"broken,PO\n{}",
        row("A", "PO-1", "2026-12-01", "1"),
        row("B", "PO-2", "2026-12-01", "1")
    );
    let report = orders(&world, &text, ImportOptions::default()).await;
    let unreadable: Vec<u32> =
        report.rows.iter().filter(|row| row.status == RowStatus::Unreadable).map(|row| row.row).collect();
    assert_eq!(unreadable.len(), 1);
    orders(&world, &text, ImportOptions::default()).await;
    let intake = world.app.store.list_intake(ORG, None, 10).unwrap();
    assert_eq!((intake.len(), intake[0].door.as_str()), (1, "import"));
    let nonsense = file("x.xlsx", "nonsense");
    let nonsense = import_orders(&world.app, ORG, actor(), &nonsense, ImportOptions::default());
    assert!(matches!(nonsense.await, Err(ImportRefusal::Sheet(_))));
    assert_eq!(world.app.store.list_intake(ORG, None, 10).unwrap().len(), 2);
    let strange = file("x.csv", "a,b\n1,2\n");
    let strange = import_orders(&world.app, ORG, actor(), &strange, DRY);
    assert!(matches!(strange.await, Err(ImportRefusal::NoColumnKnown(_))));
}

#[tokio::test]
async fn a_dry_run_says_what_would_happen_and_writes_nothing() {
    let world = World::stocked().await;
    let text =
        format!("{HEAD}{}{}", row("A", "PO-1", "2026-12-01", "1"), row("B", "PO-2", "2020-01-01", "1"));
    let before = world.commands().len();
    let report = orders(&world, &text, DRY).await;
    assert_eq!(statuses(&report), [(2, RowStatus::Created), (3, RowStatus::Incomplete)]);
    assert_eq!(codes(&report, 3), ["date_past"]);
    assert_eq!((world.commands().len(), count(&world)), (before, 0));
}

#[tokio::test]
async fn defaults_fill_what_is_absent_but_never_what_could_not_be_read() {
    let world = World::stocked().await;
    let text =
        "Customer,PO,Delivery Date,SKU,Qty,Price\nC1,PO-1,2026-12-01,P1,2,\nC1,PO-2,2026-12-01,P1,2,cheap\n";
    assert_eq!(orders(&world, text, DRY).await.incomplete, 2);
    let foreseen = orders(&world, text, ImportOptions { dry_run: true, ..FILL }).await;
    let report = orders(&world, text, FILL).await;
    assert_eq!(statuses(&report), [(2, RowStatus::Created), (3, RowStatus::Incomplete)]);
    assert_eq!(statuses(&foreseen), statuses(&report));
    let stored =
        world.app.store.order_by_number(ORG, report.rows[0].order.as_ref().unwrap()).unwrap().unwrap();
    assert_eq!((stored.status.as_str(), stored.total_minor), ("confirmed", Some(2_500)));
}

#[tokio::test]
async fn master_data_is_all_or_nothing_unless_partial() {
    let world = World::bare().await;
    let text = "SKU,Name,Unit,VAT,List Price\nP1,One,pcs,13%,12.50\nP2,,pcs,0.13,x\n";
    let refused = master(&world, Kind::Products, text, ImportOptions::default()).await;
    assert!(!refused.applied);
    assert_eq!(statuses(&refused), [(2, RowStatus::Skipped), (3, RowStatus::Refused)]);
    assert_eq!(codes(&refused, 3).len(), 2);
    assert!(world.app.store.product(ORG, "P1").unwrap().is_none());
    let taken = master(&world, Kind::Products, text, PARTIAL).await;
    assert_eq!((taken.created, statuses(&taken)), (1, vec![(2, RowStatus::Taken), (3, RowStatus::Refused)]));
    let row = world.app.store.product(ORG, "P1").unwrap().unwrap();
    assert_eq!((row.tax_rate_e4, row.list_price_e4), (Some(1_300), Some(125_000)));
    let stock = "SKU,Warehouse,On Hand,As Of\nP1,SH,7,2026/11/23\nP9,SH,1,\n";
    let fed = master(&world, Kind::Stock, stock, ImportOptions::default()).await;
    assert_eq!((fed.created, statuses(&fed)), (1, vec![(2, RowStatus::Taken), (3, RowStatus::Skipped)]));
    assert_eq!(codes(&fed, 3), ["unknown_product"]);
    let prices = "SKU,Tier,Unit Price,Valid From,Valid To\nP1,VIP,8,2026/1/1,2026-12-31\nP1,VIP,9,2027-01-01,2026-01-01\n";
    let taken = master(&world, Kind::Prices, prices, PARTIAL).await;
    assert_eq!(codes(&taken, 3), ["ends_before_start"]);
    let rows = world.app.store.list_prices(ORG, "", None, 10).unwrap();
    let of_level: Vec<_> =
        rows.iter().map(|row| (row.level.as_str(), &*row.valid_from, &*row.valid_to)).collect();
    assert_eq!(of_level, [("VIP", "2026-01-01", "2026-12-31")]);
}

#[tokio::test]
async fn a_table_of_something_else_is_no_table_of_orders() {
    let world = World::stocked().await;
    let shippers = file("shippers.csv", "Customer,Phone\nSpeedy Express,555\nUnited Package,556\n");
    let refused = import_orders(&world.app, ORG, actor(), &shippers, ImportOptions::default()).await;
    let Err(ImportRefusal::NotOrders { missing, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!((missing, count(&world)), (vec!["product", "quantity"], 0));
    let named = file("named.csv", "Customer,Product Name,Qty\nC1,Bolt,5\n");
    import_orders(&world.app, ORG, actor(), &named, DRY).await.unwrap();
}
