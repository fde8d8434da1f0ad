//! The company's own data through the Gate: founding, master data, people, ways in, mail and timers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

#[path = "admin_world/mod.rs"]
mod world;

use ordain_app::admin::{
    AdminCommand, AdminDone, PriceItem, StockItem, UserItem, WarehouseItem, put_users, recheck_waiting,
};
use ordain_app::gate::GateError;
use ordain_app::mail::deliver_outbox;
use ordain_app::outbox::{Carriers, Deliveries};
use ordain_app::reconcile::{fire_due_timers, run_reconcilers, seal_all};
use ordain_app::session::{
    SESSION_MS, SignInRefusal, authenticate_session, authenticate_token, create_token, sign_in, sign_out,
};
use ordain_app::setup::STANDARD;
use ordain_connect::channel::{Channel, Delivered, Delivery, DeliveryFailure, Message};
use ordain_domain::master::CompanyRules;
use ordain_domain::order::Status;
use std::sync::{Arc, Mutex};
use world::{MONDAY_MS, ORG, World, actor, clean, customer, product};

fn faults(error: GateError) -> Vec<(String, String)> {
    let GateError::Invalid(faults) = error else { panic!("{error:?}") };
    faults.into_iter().map(|fault| (fault.code, fault.path)).collect()
}

#[tokio::test]
async fn a_clean_order_is_confirmed_right_after_the_founding() {
    let world = World::stocked().await;
    let case = world.place(clean("PO-1", "10")).await;
    assert_eq!(case.order.status, Status::Confirmed, "{:?}", case.order.checked.findings);
    assert_eq!(case.order.number, "SO-20261123-000001");
    let house = world.app.gate.houses().get(ORG).unwrap();
    assert_eq!(house.people.departments.len(), 5);
    assert_eq!(house.warehouses, ["SH"]);
    let second = ordain_app::setup::init_company(&world.app, ordain_app::setup::InitOptions::new("West"));
    assert_eq!(second.await.unwrap().org, 2);
}

#[tokio::test]
async fn every_bad_field_is_named_and_nothing_is_written() {
    let world = World::bare().await;
    let mut bad = customer("C1");
    bad.credit_limit = Some("1e5".into());
    bad.currency = Some("XYZ".into());
    bad.payment_terms = Some("SOON".into());
    let mut nameless = customer("C1");
    nameless.name = None;
    let before = world.commands().len();
    let error =
        world.admin(AdminCommand::PutCustomers(vec![customer("C0"), bad, nameless])).await.unwrap_err();
    let expected = [
        ("unknown_currency", "items[1].currency"),
        ("unknown_payment_terms", "items[1].payment_terms"),
        ("not_a_decimal", "items[1].credit_limit"),
        ("duplicate_code", "items[2].code"),
        ("missing_field", "items[2].name"),
    ];
    assert_eq!(faults(error), expected.map(|(code, path)| (code.to_owned(), path.to_owned())));
    assert_eq!(world.commands().len(), before);
    assert!(world.app.store.customer(ORG, "C0").unwrap().is_none());

    let mut dear = product("P1");
    dear.tax_rate = Some("13".into());
    dear.list_price = Some("-1".into());
    let error = world.admin(AdminCommand::PutProducts(vec![dear])).await.unwrap_err();
    assert_eq!(faults(error).len(), 2);
    let price = PriceItem { product: "P9".into(), customer: Some("C9".into()), ..PriceItem::default() };
    let error = world.admin(AdminCommand::PutPrices(vec![price])).await.unwrap_err();
    let codes: Vec<String> = faults(error).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["unknown_product", "unknown_customer", "missing_field"]);
}

#[tokio::test]
async fn upserts_count_keep_what_is_left_out_and_log_only_what_differs() {
    let world = World::stocked().await;
    assert_eq!(world.put(AdminCommand::PutCustomers(vec![customer("C1"), customer("C2")])).await, (1, 0, 1));
    world.place(clean("PO-1", "10")).await;
    let mut dearer = customer("C1");
    (dearer.name, dearer.contacts) = (None, None);
    dearer.credit_limit = Some("200".into());
    assert_eq!(world.put(AdminCommand::PutCustomers(vec![dearer])).await, (0, 1, 0));
    let row = world.app.store.customer(ORG, "C1").unwrap().unwrap();
    assert_eq!((row.name.as_str(), row.credit_limit_minor), ("Customer C1", Some(20_000)));
    assert_eq!(row.exposure_minor, 12_500, "what is owed stays");
    let log = world.app.store.log_range(ORG, 0, 5_000).unwrap();
    let last = log.iter().rfind(|row| row.command == "put_customers").unwrap();
    let event: serde_json::Value = serde_json::from_str(&last.events).unwrap();
    let changes = event[0]["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0]["before"], "100000.00");
    assert_eq!(changes[0]["after"], "200.00");
    let mut other = customer("C1");
    other.currency = Some("USD".into());
    let error = world.admin(AdminCommand::PutCustomers(vec![other])).await.unwrap_err();
    assert_eq!(faults(error)[0].0, "currency_in_use");
}

#[tokio::test]
async fn a_feed_replaces_counts_keeps_reservations_and_is_stale_only_if_older() {
    let world = World::stocked().await;
    world.place(clean("PO-1", "10")).await;
    let item = |product: &str, warehouse: &str, on_hand: &str| StockItem {
        product: product.into(),
        warehouse: warehouse.into(),
        on_hand: Some(on_hand.into()),
        as_of: None,
    };
    let feed = |as_of: &str, items| AdminCommand::FeedStock { as_of: Some(as_of.into()), items };
    let second = WarehouseItem { code: "NB".into(), name: Some("Ningbo".into()), rank: None };
    world.admin(AdminCommand::PutWarehouses(vec![second])).await.unwrap();
    let items = vec![item("P1", "SH", "50"), item("P1", "NB", "7"), item("P9", "SH", "1")];
    let done = world.admin(feed("2026-11-23T11:00:00+08:00", items)).await.unwrap();
    let AdminDone::Upserted { created: 1, updated: 1, unchanged: 0, findings, .. } = done else {
        panic!("{done:?}")
    };
    assert_eq!(
        (findings[0].code.as_str(), findings[0].path.as_str()),
        ("unknown_product", "items[2].product")
    );
    let rows = world.app.store.stock_of_product(ORG, "P1").unwrap();
    let sh = rows.iter().find(|row| row.warehouse == "SH").unwrap();
    assert_eq!((sh.on_hand_milli, sh.reserved_milli), (50_000, 10_000));
    assert_eq!(world.app.gate.houses().get(ORG).unwrap().warehouses, ["SH", "NB"]);
    let older = feed("2026-11-23T10:59:59+08:00", vec![item("P1", "SH", "60")]);
    assert_eq!(faults(world.admin(older).await.unwrap_err())[0].0, "stale_feed");
    let again = feed("2026-11-23T11:00:00+08:00", vec![item("P1", "SH", "50")]);
    assert_eq!(world.put(again).await, (0, 0, 1));
}

#[tokio::test]
async fn orders_that_waited_for_goods_or_a_product_go_on() {
    let world = World::stocked().await;
    let short = world.place(clean("PO-1", "150")).await;
    assert_eq!(short.order.status, Status::InReview);
    let mut unknown = clean("PO-2", "1");
    unknown.lines[0].product = Some("P2".into());
    let unknown = world.place(unknown).await;
    assert_eq!(unknown.order.status, Status::Incomplete);
    world.feed("P1", "200").await;
    assert_eq!(recheck_waiting(&world.app, ORG, &["P1".into()], &[]).await.unwrap(), 1);
    let status = |id: uuid::Uuid| world.app.store.order_by_id(ORG, id.into_bytes()).unwrap().unwrap().status;
    assert_eq!(status(short.order.id), "confirmed");
    world.put(AdminCommand::PutProducts(vec![product("P2")])).await;
    assert_eq!(recheck_waiting(&world.app, ORG, &["P2".into()], &[]).await.unwrap(), 1);
    assert_eq!(status(unknown.order.id), "in_review", "its goods are not there");
}

#[tokio::test]
async fn ten_wrong_passwords_lock_and_the_right_one_opens() {
    let world = World::bare().await;
    let app = &world.app;
    let wrong = || sign_in(app, "admin", "wrong".to_owned().into());
    assert_eq!(wrong().await.unwrap_err(), SignInRefusal::WrongPassword { tries_left: 9 });
    let nobody = sign_in(app, "nobody", "wrong".to_owned().into()).await.unwrap_err();
    assert_eq!(nobody, SignInRefusal::WrongPassword { tries_left: 9 });
    let signed_in = sign_in(app, "admin", world.admin_password.clone().into()).await.unwrap();
    for left in (1..10).rev() {
        assert_eq!(wrong().await.unwrap_err(), SignInRefusal::WrongPassword { tries_left: left });
    }
    let until_ms = MONDAY_MS + 600_000;
    assert_eq!(wrong().await.unwrap_err(), SignInRefusal::Locked { until_ms });
    let right = || sign_in(app, "admin", world.admin_password.clone().into());
    assert_eq!(right().await.unwrap_err(), SignInRefusal::Locked { until_ms });
    world.clock.set_ms(until_ms);
    right().await.unwrap();

    let known = authenticate_session(app, &signed_in.token).unwrap().unwrap();
    assert_eq!((known.caller.org, known.csrf), (ORG, signed_in.csrf.clone()));
    assert!(known.viewer.is_none());
    assert!(authenticate_session(app, &signed_in.csrf).unwrap().is_none());
    world.clock.set_ms(MONDAY_MS + SESSION_MS);
    assert!(authenticate_session(app, &signed_in.token).unwrap().is_none(), "expired");
    let again = right().await.unwrap();
    sign_out(app, &again.token).await.unwrap();
    assert!(authenticate_session(app, &again.token).unwrap().is_none());
}

#[tokio::test]
async fn tokens_are_known_until_they_are_revoked() {
    let world = World::bare().await;
    let (_, token) = create_token(&world.app, ORG, actor(), "erp", "admin").await.unwrap();
    let caller = authenticate_token(&world.app, &token).unwrap().unwrap();
    assert!(caller.user().is_none());
    let error = create_token(&world.app, ORG, actor(), "erp", "root").await.unwrap_err();
    assert_eq!(faults(error)[0].0, "unknown_role");
    let hash = ordain_app::password::token_hash(&token);
    world.admin(AdminCommand::RevokeToken { hash }).await.unwrap();
    assert!(authenticate_token(&world.app, &token).unwrap().is_none());
}

fn user(login: &str) -> UserItem {
    UserItem {
        login: login.into(),
        name: Some(login.to_uppercase()),
        department: Some("finance".into()),
        roles: Some(vec!["finance".into()]),
        password: Some("long enough".to_owned().into()),
        ..UserItem::default()
    }
}

#[tokio::test]
async fn people_are_entered_change_and_leave() {
    let world = World::bare().await;
    let app = &world.app;
    put_users(app, ORG, actor(), vec![user("fin1")]).await.unwrap();
    let signed_in = sign_in(app, "fin1", "long enough".to_owned().into()).await.unwrap();
    let log = app.store.log_range(ORG, 0, 5_000).unwrap();
    assert!(log.iter().all(|row| !row.events.contains("argon2") && !row.events.contains("long enough")));
    let bad = UserItem {
        roles: Some(vec!["boss".into()]),
        department: Some("attic".into()),
        email: Some("nobody".into()),
        ..user("fin 2")
    };
    let error = put_users(app, ORG, actor(), vec![bad]).await.unwrap_err();
    assert_eq!(faults(error).len(), 4);
    let short = UserItem { password: Some("short".to_owned().into()), ..user("fin3") };
    let error = put_users(app, ORG, actor(), vec![short]).await.unwrap_err();
    assert_eq!(faults(error), [("password_too_short".to_owned(), "items[0].password".to_owned())]);
    let leave = |login: &str| UserItem { login: login.into(), disabled: Some(true), ..UserItem::default() };
    put_users(app, ORG, actor(), vec![leave("fin1")]).await.unwrap();
    assert!(authenticate_session(app, &signed_in.token).unwrap().is_none());
    assert!(sign_in(app, "fin1", "long enough".to_owned().into()).await.is_err());
    let error = put_users(app, ORG, actor(), vec![leave("admin")]).await.unwrap_err();
    assert_eq!(faults(error)[0].0, "last_admin");
}

#[tokio::test]
async fn settings_and_flows_are_tried_before_they_are_in_force() {
    let world = World::stocked().await;
    let rules = CompanyRules { timezone: "Mars/Olympus".into(), horizon_days: -1, ..CompanyRules::default() };
    let error = world
        .admin(AdminCommand::PutSettings { company: Some(Box::new(rules)), calendar: None })
        .await
        .unwrap_err();
    assert_eq!(faults(error).len(), 2);
    let rules = CompanyRules { price_tolerance_permille: 50, ..CompanyRules::default() };
    world.admin(AdminCommand::PutSettings { company: Some(Box::new(rules)), calendar: None }).await.unwrap();
    assert_eq!(world.app.gate.houses().get(ORG).unwrap().rules.price_tolerance_permille, 50);

    let publish = |doc: String| AdminCommand::PublishFlow { key: "standard".into(), doc };
    assert!(world.admin(publish("{}".into())).await.is_err());
    let mut doc: serde_json::Value = serde_json::from_str(STANDARD).unwrap();
    doc["steps"].as_array_mut().unwrap().pop();
    assert!(world.admin(publish(doc.to_string())).await.is_err(), "a flow without an end");
    let AdminDone::Published { version, .. } = world.admin(publish(STANDARD.into())).await.unwrap() else {
        panic!()
    };
    assert_eq!(version, 1, "the same document is the same version");
    let doc = STANDARD.replace("\"deadline_minutes\": 60", "\"deadline_minutes\": 90");
    let AdminDone::Published { version, .. } = world.admin(publish(doc)).await.unwrap() else { panic!() };
    assert_eq!(version, 2);
    assert_eq!(world.place(clean("PO-1", "1")).await.flow.as_ref().unwrap().version, 2);
}

/// Answers as it is told to and remembers what it was given.
#[derive(Default)]
struct Post {
    taken: Mutex<Vec<Message>>,
    failure: Mutex<Option<bool>>,
}

impl Channel for Post {
    fn deliver<'a>(&'a self, message: &'a Message) -> Delivery<'a> {
        self.taken.lock().unwrap().push(message.clone());
        let failure = *self.failure.lock().unwrap();
        Box::pin(async move {
            match failure {
                None => Ok(Delivered { answer: "250".into() }),
                Some(transient) => Err(DeliveryFailure {
                    transient,
                    code: "refused",
                    detail: "no".into(),
                    retry_after: None,
                }),
            }
        })
    }
}

#[tokio::test]
async fn mail_is_written_from_the_log_and_sent_under_one_id() {
    let world = World::stocked().await;
    let case = world.place(clean("PO-1", "10")).await;
    let post = Arc::new(Post::default());
    let channel: Arc<dyn Channel> = post.clone();
    *post.failure.lock().unwrap() = Some(true);
    let round = deliver_outbox(&world.app, &channel).await.unwrap();
    assert_eq!(round, Deliveries { postponed: 1, ..Deliveries::default() });
    assert_eq!(deliver_outbox(&world.app, &channel).await.unwrap(), Deliveries::default(), "not yet");
    *post.failure.lock().unwrap() = None;
    world.clock.set_ms(MONDAY_MS + 7_000);
    let round = deliver_outbox(&world.app, &channel).await.unwrap();
    assert_eq!(round, Deliveries { sent: 1, ..Deliveries::default() });
    let taken = post.taken.lock().unwrap().clone();
    assert_eq!(taken.len(), 2);
    assert_eq!(taken[0].id, taken[1].id);
    assert_eq!(taken[0].to.address, "li@example.com");
    for fact in [case.order.number.as_str(), "PO-1", "125.00", "East", "2026-12-01"] {
        assert!(taken[0].text.contains(fact), "{fact} is not in {}", taken[0].text);
    }
    let row = world.app.store.order_by_id(ORG, case.order.id.into_bytes()).unwrap().unwrap();
    let case: ordain_app::case::Case = serde_json::from_str(&row.body).unwrap();
    assert!(case.notices.iter().any(|notice| notice.channel == "mail" && notice.sent_ms.is_some()));
}

#[tokio::test]
async fn a_message_that_is_refused_for_good_becomes_work() {
    let world = World::stocked().await;
    let case = world.place(clean("PO-1", "10")).await;
    let post = Arc::new(Post::default());
    let channel: Arc<dyn Channel> = post.clone();
    *post.failure.lock().unwrap() = Some(false);
    let round = deliver_outbox(&world.app, &channel).await.unwrap();
    assert_eq!(round, Deliveries { given_up: 1, ..Deliveries::default() });
    let row = &world.app.store.outbox_of_order(ORG, case.order.id.into_bytes()).unwrap()[0];
    assert_eq!((row.state.as_str(), row.last_error.as_deref()), ("failed", Some("refused: no")));
    let admin = world.app.store.user_by_login(ORG, "admin").unwrap().unwrap();
    let notices = world.app.store.notices_of_user(ORG, admin.id, None, None, 10).unwrap();
    assert!(notices.iter().any(|notice| notice.kind == "notice_failed"));
}

#[tokio::test]
async fn a_message_is_given_up_after_eight_attempts() {
    let world = World::stocked().await;
    world.place(clean("PO-1", "10")).await;
    let post = Arc::new(Post::default());
    let channel: Arc<dyn Channel> = post.clone();
    *post.failure.lock().unwrap() = Some(true);
    let mut rounds = Vec::new();
    for hours in 0..8 {
        world.clock.set_ms(MONDAY_MS + hours * 13 * 3_600_000);
        rounds.push(deliver_outbox(&world.app, &channel).await.unwrap());
    }
    assert!(rounds[..7].iter().all(|round| round.postponed == 1), "{rounds:?}");
    assert_eq!(rounds[7].given_up, 1);
}

#[tokio::test]
async fn due_timers_fire_once_and_unwanted_ones_go() {
    let world = World::stocked().await;
    let case = world.place(clean("PO-1", "150")).await;
    let id = case.order.id.into_bytes();
    assert!(!world.app.store.timers_of_order(ORG, id).unwrap().is_empty());
    world.clock.set_ms(MONDAY_MS + 4 * 3_600_000);
    assert!(fire_due_timers(&world.app).await.unwrap() > 0);
    assert_eq!(fire_due_timers(&world.app).await.unwrap(), 0);
    assert!(world.app.store.due_timers(world.app.clock.now_ms(), 10).unwrap().is_empty());

    // A timer that the order does not know, as an older version of the program might leave behind.
    let file = rusqlite::Connection::open(&world.path).unwrap();
    file.execute(
        "INSERT INTO timer (org_id, id, order_id, kind, key, due_at_ms, body) VALUES (1, ?, ?, 'gap', 'x', 1, '')",
        [&[1u8; 16][..], &id[..]],
    )
    .unwrap();
    assert_eq!(fire_due_timers(&world.app).await.unwrap(), 0);
    assert!(world.app.store.due_timers(world.app.clock.now_ms(), 10).unwrap().is_empty());
    seal_all(&world.app).await.unwrap();
    assert_eq!(world.app.store.seals(ORG, 0, 10).unwrap().len(), 1);
}

#[tokio::test]
async fn the_reconcilers_send_seal_and_end_when_told() {
    let world = World::stocked().await;
    let post = Arc::new(Post::default());
    let carriers = Carriers { mail: Some(post.clone()), calls: None };
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let running = tokio::spawn(run_reconcilers(world.app.clone(), carriers, stopped));
    let case = world.place(clean("PO-1", "10")).await;
    let row = || world.app.store.outbox_of_order(ORG, case.order.id.into_bytes()).unwrap().remove(0);
    for _ in 0..100 {
        if row().state == "sent" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(row().state, "sent");
    stop.send(true).unwrap();
    running.await.unwrap();
    let sealed = world.app.store.seals(ORG, 0, 10).unwrap().last().unwrap().to_seq;
    assert_eq!(sealed, world.commands().len() as i64);
}

#[tokio::test]
async fn what_was_entered_right_before_a_crash_is_noticed_by_the_next_process() {
    let world = World::stocked().await;
    let mut content = clean("PO-1", "1");
    content.lines[0].product = Some("P2".into());
    let case = world.place(content).await;
    assert_eq!(case.order.status, Status::Incomplete);
    // The door that enters a product looks again after its commit; here it died in between.
    world.put(AdminCommand::PutProducts(vec![product("P2")])).await;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let running = tokio::spawn(run_reconcilers(world.app.clone(), Carriers::default(), stopped));
    let status = || world.app.store.order_by_id(ORG, case.order.id.into_bytes()).unwrap().unwrap().status;
    for _ in 0..100 {
        if status() != "incomplete" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(status(), "in_review");
    stop.send(true).unwrap();
    running.await.unwrap();
}

#[tokio::test]
async fn a_count_from_the_future_is_refused() {
    let world = World::stocked().await;
    let item = StockItem {
        product: "P1".into(),
        warehouse: "SH".into(),
        on_hand: Some("-5".into()),
        as_of: Some("2999-01-01T00:00:00Z".into()),
    };
    let command = AdminCommand::FeedStock { as_of: None, items: vec![item] };
    let Err(GateError::Invalid(faults)) = world.admin(command).await else { panic!("it was taken") };
    let codes: Vec<&str> = faults.iter().map(|fault| fault.code.as_str()).collect();
    assert_eq!(codes, ["negative_number", "as_of_in_future"]);
}
