//! Master data, people, flows, receipts, notices, the intake journal and settings.

use std::collections::BTreeSet;

use ordain_store::{
    Changes, CustomerRow, DepartmentRow, FlowPendingRow, FlowRow, IntakeRow, Keys, NoticeRow, PriceRow,
    ProductRow, Purge, ReceiptRow, SessionRow, SettingRow, SignedOut, StoreError, TokenRow, UserRow,
    WarehouseRow,
};

use super::fixture::{ORG, World, customer, id};

fn user(n: u8, login: &str) -> UserRow {
    UserRow {
        org: ORG,
        id: id(n),
        login: login.into(),
        name: "Li".into(),
        department: Some("sales".into()),
        roles: "sales,service".into(),
        email: None,
        password_hash: Some("x".into()),
        password_once: false,
        disabled: false,
        lang: "zh".into(),
        version: 1,
        failed_logins: 0,
        locked_until_ms: None,
    }
}

fn session(n: u8, of: u8, expires_at_ms: i64) -> SessionRow {
    SessionRow {
        org: ORG,
        hash: [n; 32],
        user_id: id(of),
        csrf: "c".into(),
        created_at_ms: 1,
        expires_at_ms,
        viewer_id: None,
    }
}

#[test]
fn customers_and_products_are_listed_by_code_and_part_of_name() {
    let mut world = World::new();
    let product = |code: &str| ProductRow {
        org: ORG,
        code: code.into(),
        name: "螺丝 M6".into(),
        unit: "pcs".into(),
        tax_rate_e4: Some(1_300),
        list_price_e4: None,
        body: "{}".into(),
        version: 1,
        updated_at_ms: 1,
    };
    let changes = Changes {
        customers: ["C1", "C2", "D3"].map(customer).to_vec(),
        products: ["P1", "P2"].map(product).to_vec(),
        ..Changes::default()
    };
    world.writer.commit(&changes).unwrap();
    let codes = |q, after| -> Vec<String> {
        let rows = world.store.list_customers(ORG, q, after, 2).unwrap();
        rows.into_iter().map(|row| row.code).collect()
    };
    assert_eq!(codes("", ""), ["C1", "C2"]);
    assert_eq!(codes("", "C2"), ["D3"]);
    assert_eq!(codes("customer d", ""), ["D3"]);
    assert_eq!(codes("cd", ""), Vec::<String>::new());
    let products = |q: &str| -> Vec<String> {
        let rows = world.store.list_products(ORG, q, "", 9).unwrap();
        rows.into_iter().map(|row| row.code).collect()
    };
    assert_eq!(
        (products("ls"), products("lsm"), products("sl")),
        (vec!["P1".into(), "P2".into()], vec!["P1".into(), "P2".into()], vec![])
    );
    assert_eq!(world.store.list_products(ORG, "螺丝", "P1", 9).unwrap(), [product("P2")]);
    assert_eq!(world.store.product(ORG, "P1").unwrap(), Some(product("P1")));
}

#[test]
fn customers_are_counted_by_who_answers_for_them() {
    let mut world = World::new();
    let of = |code: &str, body: &str| CustomerRow { body: body.to_owned(), ..customer(code) };
    let customers = vec![of("C1", r#"{"owner":"li"}"#), of("C2", r#"{"owner":"wang"}"#), of("C3", "{}")];
    world.writer.commit(&Changes { customers, ..Changes::default() }).unwrap();
    let count = |owner: &str| world.store.count_customers_of(ORG, owner).unwrap();
    assert_eq!((count("li"), count("wang"), count("")), (1, 1, 0));
    assert_eq!(world.store.count_customers_of(ORG + 1, "li").unwrap(), 0);
}

#[test]
fn prices_are_loaded_for_the_customer_and_for_everybody() {
    let mut world = World::new();
    let price = |customer: &str, min_qty_milli, price_e4| PriceRow {
        org: ORG,
        product: "P1".into(),
        customer: customer.into(),
        level: String::new(),
        currency: String::new(),
        kind: "agreed".into(),
        min_qty_milli,
        valid_from: String::new(),
        valid_to: String::new(),
        price_e4,
    };
    let prices = vec![price("", 10, 90), price("", 0, 100), price("C1", 0, 80), price("C2", 0, 70)];
    world.writer.commit(&Changes { prices, ..Changes::default() }).unwrap();
    let asked = |customer: &str| (ORG, "P1".to_owned(), customer.to_owned());
    let keys = Keys { prices: BTreeSet::from([asked("C1"), asked("C9")]), ..Keys::default() };
    let loaded = world.writer.load(&keys).unwrap().prices;
    assert_eq!(loaded[&asked("")], [price("", 0, 100), price("", 10, 90)]);
    assert_eq!(loaded[&asked("C1")], [price("C1", 0, 80)]);
    assert_eq!(loaded.len(), 2);

    let prices_removed = vec![(ORG, "P1".to_owned(), "C1".to_owned(), 0)];
    world.writer.commit(&Changes { prices_removed, ..Changes::default() }).unwrap();
    let left = world.store.list_prices(ORG, "p1", Some(&price("", 0, 100).place()), 9).unwrap();
    assert_eq!(left, [price("", 10, 90), price("C2", 0, 70)]);
}

#[test]
fn people_tokens_and_sessions_are_found_and_removed() {
    let mut world = World::new();
    let token = TokenRow {
        org: ORG,
        id: id(9),
        name: "erp".into(),
        role: "admin".into(),
        hash: [9; 32],
        created_at_ms: 1,
        revoked: false,
    };
    let department =
        DepartmentRow { org: ORG, code: "sales".into(), name_zh: "销售".into(), name_en: "Sales".into() };
    let warehouse = |code: &str, rank| WarehouseRow { org: ORG, code: code.into(), name: "W".into(), rank };
    let changes = Changes {
        users: vec![user(1, "li"), user(2, "wang")],
        tokens: vec![token.clone()],
        sessions: vec![session(1, 1, 50), session(2, 1, 99), session(3, 2, 99), session(4, 2, 99)],
        departments: vec![department],
        warehouses: vec![warehouse("A", 2), warehouse("B", 1)],
        ..Changes::default()
    };
    world.writer.commit(&changes).unwrap();
    assert_eq!(world.store.user_by_login(ORG, "wang").unwrap(), Some(user(2, "wang")));
    assert_eq!(world.store.token_by_hash([9; 32]).unwrap(), Some(token));
    assert_eq!(world.store.warehouses(ORG).unwrap()[0].code, "B");
    let taken = Changes { users: vec![user(3, "li")], ..Changes::default() };
    assert_eq!(world.writer.commit(&taken), Err(StoreError::Conflict("login")));

    let keys = Keys {
        directories: BTreeSet::from([ORG]),
        logins: BTreeSet::from([(ORG, "li".to_owned())]),
        sessions: BTreeSet::from([[1; 32]]),
        tokens: BTreeSet::from([[9; 32], [8; 32]]),
        ..Keys::default()
    };
    let slice = world.writer.load(&keys).unwrap();
    let found = (slice.users.len(), slice.departments.len(), slice.warehouses.len(), slice.tokens.len());
    assert_eq!(found, (2, 1, 2, 1));
    assert_eq!(slice.sessions[&[1; 32]].user_id, id(1));

    let changes = Changes {
        sessions_removed: vec![(ORG, [4; 32])],
        sessions_of_users_removed: vec![SignedOut { org: ORG, user: id(1), but: None }],
        ..Changes::default()
    };
    world.writer.commit(&changes).unwrap();
    let alive = |n| world.store.session_by_hash([n; 32]).unwrap().is_some();
    assert_eq!([1, 2, 3, 4].map(alive), [false, false, true, false]);
}

#[test]
fn one_release_of_a_flow_waits_until_it_is_taken_away() {
    let mut world = World::new();
    let pending = |body: &str| FlowPendingRow { org: ORG, key: "standard".into(), body: body.into() };
    let at = (ORG, "standard".to_owned());
    for body in ["{}", r#"{"note":"n"}"#] {
        world.writer.commit(&Changes { flow_pendings: vec![pending(body)], ..Changes::default() }).unwrap();
    }
    assert_eq!(world.store.flow_pending(ORG, "standard").unwrap(), Some(pending(r#"{"note":"n"}"#)));
    assert_eq!(world.store.flow_pendings(ORG).unwrap(), [pending(r#"{"note":"n"}"#)]);
    let keys = Keys { flow_pendings: BTreeSet::from([at.clone()]), ..Keys::default() };
    let slice = world.writer.load(&keys).unwrap();
    assert_eq!(slice.flow_pendings.into_values().collect::<Vec<_>>(), [pending(r#"{"note":"n"}"#)]);
    let gone = Changes { flow_pendings_removed: vec![at], ..Changes::default() };
    world.writer.commit(&gone).unwrap();
    assert_eq!(world.store.flow_pending(ORG, "standard").unwrap(), None);
}

#[test]
fn publishing_a_flow_retires_the_one_before() {
    let mut world = World::new();
    let flow = |version, state: &str| FlowRow {
        org: ORG,
        key: "standard".into(),
        version,
        state: state.into(),
        doc: "{}".into(),
        published_at_ms: 1,
        published_by: "li".into(),
    };
    for version in [1, 2] {
        world.writer.commit(&Changes { flows: vec![flow(version, "active")], ..Changes::default() }).unwrap();
    }
    assert_eq!(world.store.flows(ORG).unwrap(), [flow(2, "active"), flow(1, "history")]);
    assert_eq!(world.store.active_flow(ORG, "standard").unwrap(), Some(flow(2, "active")));
    let keys = Keys {
        active_flows: BTreeSet::from([(ORG, "standard".to_owned())]),
        flows: BTreeSet::from([(ORG, "standard".to_owned(), 1)]),
        ..Keys::default()
    };
    let slice = world.writer.load(&keys).unwrap();
    assert_eq!(slice.active_flows.into_values().collect::<Vec<_>>(), [flow(2, "active")]);
    assert_eq!(slice.flows.into_values().collect::<Vec<_>>(), [flow(1, "history")]);
}

#[test]
fn a_receipt_is_kept_per_caller_and_key_until_it_is_purged() {
    let mut world = World::new();
    let receipt = |caller: &str, at_ms| ReceiptRow {
        org: ORG,
        caller: caller.into(),
        key: "k".into(),
        fingerprint: [1; 32],
        status: 201,
        body: "{}".into(),
        at_ms,
    };
    let put = |receipts| Changes { receipts, ..Changes::default() };
    world.writer.commit(&put(vec![receipt("a", 10), receipt("b", 20)])).unwrap();
    assert_eq!(world.writer.commit(&put(vec![receipt("a", 30)])), Err(StoreError::Conflict("receipt")));
    world.writer.commit(&put(vec![receipt("c", 40)])).unwrap();
    world.writer.commit(&put(vec![receipt("c", 40 + 86_400_000)])).unwrap();
    let intake = IntakeRow {
        org: ORG,
        id: id(1),
        at_ms: 10,
        door: "api".into(),
        hash: [1; 32],
        size: 3,
        code: "not_json".into(),
        detail: "{}".into(),
        head: b"abc".to_vec(),
    };
    let journal = vec![intake.clone(), IntakeRow { id: id(2), at_ms: 20, ..intake.clone() }];
    let sessions = vec![session(1, 1, 10), session(2, 1, 20)];
    world.writer.commit(&Changes { intake: journal, sessions, ..Changes::default() }).unwrap();
    assert_eq!(world.store.list_intake(ORG, Some(id(2)), 9).unwrap(), [intake]);

    let purge = Purge {
        receipts_before_ms: 20,
        sessions_before_ms: 20,
        self_checks_before_ms: 20,
        intake_before_ms: 20,
    };
    world.writer.commit(&Changes { purge: Some(purge), ..Changes::default() }).unwrap();
    let asked = |caller: &str| (ORG, caller.to_owned(), "k".to_owned());
    let keys = Keys { receipts: BTreeSet::from([asked("a"), asked("b")]), ..Keys::default() };
    assert_eq!(world.writer.load(&keys).unwrap().receipts.into_keys().collect::<Vec<_>>(), [asked("b")]);
    assert_eq!(world.store.list_intake(ORG, None, 9).unwrap().len(), 1);
    assert!(world.store.session_by_hash([1; 32]).unwrap().is_none());
    assert!(world.store.session_by_hash([2; 32]).unwrap().is_some());
}

#[test]
fn notices_are_listed_newest_first_and_marked_read() {
    let mut world = World::new();
    let notice = |n| NoticeRow {
        org: ORG,
        user_id: id(1),
        id: id(n),
        at_ms: 1,
        kind: "task".into(),
        order_id: None,
        task_id: Some(id(5)),
        body: "{}".into(),
        read: false,
    };
    world.writer.commit(&Changes { notices: vec![notice(1), notice(2)], ..Changes::default() }).unwrap();
    let notices_read = vec![(ORG, id(1), id(2)), (ORG, id(2), id(1))];
    world.writer.commit(&Changes { notices_read, ..Changes::default() }).unwrap();
    assert_eq!(world.store.unread_notices(ORG, id(1)).unwrap(), 1, "one cannot read for another");
    let listed = world.store.notices_of_user(ORG, id(1), None, None, 9).unwrap();
    assert_eq!(listed, [NoticeRow { read: true, ..notice(2) }, notice(1)]);
    assert_eq!(world.store.notices_of_user(ORG, id(1), None, Some(id(2)), 9).unwrap(), [notice(1)]);
    let of = |kind| world.store.notices_of_user(ORG, id(1), Some(kind), None, 9).unwrap().len();
    assert_eq!((of("task"), of("mentioned")), (2, 0));
}

#[test]
fn settings_are_replaced_by_key() {
    let mut world = World::new();
    let setting = |value: &str| SettingRow { org: ORG, key: "company".into(), value: value.into() };
    for value in ["1", "2"] {
        world.writer.commit(&Changes { settings: vec![setting(value)], ..Changes::default() }).unwrap();
    }
    assert_eq!(world.store.setting(ORG, "company").unwrap(), Some(setting("2")));
    assert_eq!(world.store.settings(ORG).unwrap().len(), 1);
    assert_eq!(world.store.orgs().unwrap()[0].name, "Test");
    let keys = Keys { settings: BTreeSet::from([(ORG, "company".to_owned())]), ..Keys::default() };
    assert_eq!(world.writer.load(&keys).unwrap().settings.len(), 1);
}
