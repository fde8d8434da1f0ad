//! Orders that name somebody or something unknown are seen, and go on when it is known.

use ordain_app::admin::AdminCommand;
use ordain_domain::order::Status;
use ordain_store::OrderFilter;
use ordain_testkit::world::{World, customer, order_of, product};

#[tokio::test]
async fn s077_new_master_data_lets_an_order_go_on_by_itself() {
    let mut world = World::open().await;
    let mut content = order_of("PO-77", &[("P-1", "1", "12.50"), ("N-1", "2", "8.00")]);
    content.customer = Some("C-NEW".into());
    let placed = world.place("sales1", content).await;
    let id = placed.order.id;
    assert_eq!(placed.order.status, Status::Incomplete);
    assert_eq!(
        world.returned_to("sales1"),
        std::slice::from_ref(&placed.order.number),
        "it is never invisible"
    );
    for q in ["c-new", "n-1", "po-77"] {
        let filter = OrderFilter { q: Some(q.into()), ..OrderFilter::default() };
        let found = world.app.store.list_orders(world.org, &filter, None, 10).unwrap();
        assert_eq!(found.len(), 1, "found under {q}");
    }
    // Somebody else's data wakes nobody.
    assert_eq!(world.put(AdminCommand::PutCustomers(vec![customer("C-OTHER")])).await, 0);
    assert_eq!(world.put(AdminCommand::PutCustomers(vec![customer("C-NEW")])).await, 1);
    assert_eq!(world.status(id), Status::Incomplete, "the product is still unknown");
    assert_eq!(world.put(AdminCommand::PutProducts(vec![product("N-1", "8.00", "0.13")])).await, 1);
    assert_eq!((world.status(id), world.open_steps(id)), (Status::InReview, vec!["warehouse_review".into()]));
    assert_eq!(world.goods("N-1", "SH", "2").await, 1);
    assert_eq!(world.status(id), Status::Confirmed);
    assert!(world.returned_to("sales1").is_empty());
    world.deliver().await;
    assert_eq!(world.arrived().len(), 1);
    world.end().await;
}

#[tokio::test]
async fn s077_what_a_person_sent_back_does_not_go_on_by_itself() {
    let world = World::open().await;
    let mut content = order_of("PO-78", &[("P-1", "1", "12.50")]);
    content.special_requests = Some("周末送货".into());
    let id = world.place("sales1", content).await.order.id;
    world.send_back("smgr1", id, "sales_review", "哪个周末?").await;
    world.goods("P-1", "SH", "500").await;
    world.put(AdminCommand::PutCustomers(vec![customer("C001")])).await;
    assert_eq!((world.status(id), world.open_steps(id)), (Status::Incomplete, Vec::<String>::new()));
    assert_eq!(world.returned_to("sales1").len(), 1);
    world.end().await;
}
