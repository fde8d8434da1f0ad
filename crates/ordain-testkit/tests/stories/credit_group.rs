//! Customers that owe together, each in its own currency; and what is owed, counted anew from the orders alone.

use crate::findings;
use ordain_app::admin::{AdminCommand, CreditGroupItem, CustomerItem, PriceItem, RateItem, recheck_credit};
use ordain_app::case::Case;
use ordain_app::case::decide::{ChangeAsked, Fulfil, OrderCommand, ShipLine};
use ordain_app::gate::GateError;
use ordain_app::query::credit::credit;
use ordain_domain::order::{Content, Origin, Status};
use ordain_testkit::company::decimal;
use ordain_testkit::sim::rng::Rng;
use ordain_testkit::sim::truth::gross;
use ordain_testkit::world::{World, customer, order_of};
use uuid::Uuid;

const OVER: &str = "group_credit_exceeded:totals.gross";

async fn group(world: &World, limit: &str, members: &[&str]) {
    let item = CreditGroupItem {
        code: "HD".into(),
        name: Some("华东集团".into()),
        limit: Some(limit.into()),
        members: Some(members.iter().map(|code| (*code).to_owned()).collect()),
        ..CreditGroupItem::default()
    };
    world.put(AdminCommand::PutCreditGroups(vec![item])).await;
}

async fn rate(world: &World, on: &str, rate: &str) {
    let item = RateItem { currency: "USD".into(), on: on.into(), rate: Some(rate.into()) };
    world.put(AdminCommand::PutRates(vec![item])).await;
}

/// C001 in yuan and C009 in dollars, neither with a limit of its own.
async fn furnish(world: &World) {
    let own = |code: &str, currency: &str| CustomerItem {
        credit_limit: Some(String::new()),
        currency: Some(currency.into()),
        ..customer(code)
    };
    world.put(AdminCommand::PutCustomers(vec![own("C001", "CNY"), own("C009", "USD")])).await;
    let price = PriceItem {
        product: "P-1".into(),
        customer: Some("C009".into()),
        price: Some("2.00".into()),
        ..PriceItem::default()
    };
    world.put(AdminCommand::PutPrices(vec![price])).await;
}

fn dollars(po: &str, pieces: &str) -> Content {
    Content {
        customer: Some("C009".into()),
        currency: Some("USD".into()),
        ..order_of(po, &[("P-1", pieces, "2.00")])
    }
}

fn yuan(po: &str, pieces: &str) -> Content {
    order_of(po, &[("P-1", pieces, "12.50")])
}

#[tokio::test]
async fn s014_customers_of_one_owner_share_a_limit_whatever_currency_they_order_in() {
    let world = World::open().await;
    furnish(&world).await;
    group(&world, "1000.00", &["C001", "C009"]).await;
    rate(&world, "2026-01-01", "7.12345678").await;
    let first = world.place("sales1", yuan("K-1", "40")).await;
    assert_eq!(first.order.status, Status::Confirmed, "500.00 of 1,000.00");
    // 80.00 dollars are 569.88.
    let second = world.place("sales1", dollars("K-2", "40")).await;
    assert_eq!((second.order.status, findings(&second)), (Status::InReview, vec![OVER.to_owned()]));
    let facts = &second.order.checked.findings[0].facts;
    let of = |name: &str| facts[name].as_str();
    assert_eq!((of("exposure"), of("order"), of("over")), ("500.00", "569.88", "69.88"));
    let house = world.house();
    let today = house.calendar.date_at(world.now_ms());
    let now = credit(&world.app.store, world.org, &house, "C009", today, 981).unwrap();
    let known = now.group.unwrap();
    assert_eq!((known.limit_minor, known.exposure_minor), (100_000, Ok(50_000)));
    assert_eq!(now.waiting[0].needs_minor, Some(982), "69.88 are 9.81 dollars, and never a cent too little");
    assert!(!now.waiting[0].goes);
    let sister = credit(&world.app.store, world.org, &house, "C001", today, 6_988).unwrap();
    let [other] = sister.waiting.as_slice() else { panic!("{:?}", sister.waiting) };
    assert_eq!((other.customer.as_str(), other.needs_minor, other.goes), ("C009", Some(6_988), true));
    // The sister pays, and the order goes by itself.
    let pay = Fulfil::Pay { reference: "B-1".into(), amount: decimal("69.88"), on: None, method: None };
    world.command("fin1", Some(first.order.id), OrderCommand::Fulfil(Box::new(pay))).await.unwrap();
    recheck_credit(&world.app, world.org, "C001").await.unwrap();
    assert_eq!(world.status(second.order.id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s014_an_amount_without_a_rate_is_a_finding_and_a_rate_lets_the_order_go() {
    let world = World::open().await;
    furnish(&world).await;
    group(&world, "1000.00", &["C001", "C009"]).await;
    rate(&world, "2099-01-01", "7").await;
    let id = world.place("sales1", dollars("K-1", "10")).await.order.id;
    assert_eq!(findings(&world.case(id)), ["rate_missing:currency"]);
    let house = world.house();
    let today = house.calendar.date_at(world.now_ms());
    let known = credit(&world.app.store, world.org, &house, "C001", today, 0).unwrap().group.unwrap();
    assert_eq!(known.exposure_minor, Ok(0), "what cannot be told takes nothing");
    let sister = credit(&world.app.store, world.org, &house, "C001", today, 0).unwrap();
    let [other] = sister.waiting.as_slice() else { panic!("{:?}", sister.waiting) };
    assert_eq!((other.needs_minor, other.goes), (None, false), "and no payment is named that would help");
    rate(&world, "2026-01-01", "7.1").await;
    assert_eq!(world.status(id), Status::Confirmed);
    // Finance may release what is over, with a reason.
    let id = world.place("sales1", yuan("K-2", "90")).await.order.id;
    assert_eq!(findings(&world.case(id)), [OVER]);
    world.accept("fin1", id, "finance_review", &[(OVER, "母公司担保")]).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s041_groups_and_rates_that_cannot_be_are_refused_with_every_fault() {
    let world = World::open().await;
    furnish(&world).await;
    group(&world, "1000.00", &["C001"]).await;
    let by = || ordain_domain::actor::Actor::system("test");
    let faults = async |command| match world.app.admin(world.org, by(), command).await {
        Err(GateError::Invalid(faults)) => {
            faults.iter().map(|fault| format!("{}:{}", fault.code, fault.path)).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    let other = CreditGroupItem {
        code: "X".into(),
        name: Some("X".into()),
        currency: Some("ZZZ".into()),
        limit: Some("-1".into()),
        members: Some(vec!["C001".into(), "NOBODY".into()]),
        ..CreditGroupItem::default()
    };
    assert_eq!(
        faults(AdminCommand::PutCreditGroups(vec![other])).await,
        [
            "unknown_currency:items[0].currency",
            "negative_number:items[0].limit",
            "missing_field:items[0].limit",
            "in_other_group:items[0].members[0]",
            "unknown_customer:items[0].members[1]"
        ]
    );
    let wrong = |currency: &str, on: &str, rate: &str| RateItem {
        currency: currency.into(),
        on: on.into(),
        rate: Some(rate.into()),
    };
    assert_eq!(
        faults(AdminCommand::PutRates(vec![
            wrong("CNY", "2026-01-01", "1"),
            wrong("USD", "soon", "0"),
            wrong("EUR", "2026-01-01", "7.123456789"),
        ]))
        .await,
        [
            "own_currency:items[0].currency",
            "invalid_date:items[1].on",
            "not_positive:items[1].rate",
            "too_precise:items[2].rate"
        ]
    );
    world.end().await;
}

/// What every customer owes, by nothing but the contents of its live orders and the payments recorded.
fn recount(world: &World, ids: &[Uuid]) -> i64 {
    let owes = |case: &Case| {
        let order = &case.order;
        let live = order.status.holds_credit();
        // While a change is looked at, the larger of the two is owed; what does not fit owes nothing yet, unless the whole
        // owed it before a part was split off.
        let looked_at = !order.status.is_firm() || order.is_changing();
        let is_part = order.family.as_ref().is_some_and(|family| !family.older.is_empty());
        let fits = is_part || !looked_at || !order.waits_for_credit();
        let contents =
            [fits.then_some(&order.content), order.standing.as_ref().map(|stands| &stands.content)];
        let most = contents.into_iter().flatten().filter_map(gross).max().unwrap_or(0);
        let most = i64::try_from(most).unwrap();
        let paid: i64 = order.fulfilment.payments.iter().map(|payment| payment.minor).sum();
        let paid = paid - order.fulfilment.passed_on_minor;
        if live { (most - paid).max(0) } else { 0 }
    };
    ids.iter().map(|id| owes(&world.case(*id))).sum()
}

#[tokio::test]
async fn s014_exposure_equals_an_independent_recount_after_whatever_happens() {
    let world = World::open().await;
    world.goods("P-1", "SH", "100000").await;
    let item = CustomerItem { credit_limit: Some("9000.00".into()), ..customer("C001") };
    world.put(AdminCommand::PutCustomers(vec![item])).await;
    let mut rng = Rng::new(14);
    let (mut ids, mut seen) = (Vec::new(), std::collections::HashSet::new());
    for n in 0..260 {
        let pieces = ["1", "40", "99.5", "400"][rng.below(4)];
        if ids.is_empty() || rng.chance(20) {
            ids.push(world.place("sales1", yuan(&format!("PO-{n}"), pieces)).await.order.id);
        } else {
            let id = ids[rng.below(ids.len())];
            let (login, command) = act(&mut rng, &world.case(id), n, pieces);
            if let Ok(case) = world.command(login, Some(id), command.clone()).await {
                seen.insert(std::mem::discriminant(&command));
                let parts = case.order.family.iter().flat_map(|family| &family.parts);
                let found = parts.map(|number| world.app.store.order_by_number(world.org, number).unwrap());
                let new: Vec<Uuid> = found.map(|row| Uuid::from_bytes(row.unwrap().id)).collect();
                ids.extend(new.into_iter().filter(|new| !ids.contains(new)).collect::<Vec<_>>());
            }
        }
        let known = world.app.store.customer(world.org, "C001").unwrap().unwrap().exposure_minor;
        assert_eq!(known, recount(&world, &ids), "after {n}");
    }
    assert!(seen.len() >= 5, "{} kinds of acts got somewhere", seen.len());
    world.end().await;
}

fn act(rng: &mut Rng, case: &Case, n: usize, pieces: &str) -> (&'static str, OrderCommand) {
    let fulfil = |act| OrderCommand::Fulfil(Box::new(act));
    match rng.below(7) {
        0 => ("sales1", OrderCommand::Cancel { reason: "不要了".into(), code: None }),
        1 | 2 => {
            let po = case.order.content.customer_po.clone().unwrap_or_default();
            let asked = ChangeAsked {
                content: yuan(&po, pieces),
                reason: "改数量".into(),
                origin: Origin::Customer,
                direct: true,
            };
            ("sales1", OrderCommand::RequestChange(Box::new(asked)))
        }
        3 => {
            let (reference, amount) = (format!("B-{n}"), decimal(["12.50", "500", "99999"][rng.below(3)]));
            ("fin1", fulfil(Fulfil::Pay { reference, amount, on: None, method: None }))
        }
        4 => {
            let lines = vec![ShipLine { line: Some(1), quantity: decimal("1"), warehouse: None }];
            ("wh1", fulfil(Fulfil::Ship { revision: case.order.revision, lines, carrier: None, note: None }))
        }
        5 => {
            let lines = vec![ordain_app::case::decide::SplitLine { line: Some(1), quantity: decimal("1") }];
            ("sales1", OrderCommand::Split { lines, reason: "分批".into() })
        }
        _ => {
            let task = case.open_tasks().next().map(|(_, task)| task.id).unwrap_or_default();
            let accept = case.order.open_findings().map(|found| (found.id(), "特批".to_owned())).collect();
            let decision = if rng.chance(70) {
                ordain_flow::run::Decision::Approve
            } else {
                ordain_flow::run::Decision::Reject
            };
            ("fin1", OrderCommand::Decide { task, decision, reason: Some("看过".into()), accept })
        }
    }
}
