//! Tasks and their queues.

use std::collections::BTreeSet;

use ordain_store::{
    AmountRange, Changes, DepartmentLoad, Id, Keys, OrderRow, OrderTraits, StepKey, TaskFilter, TaskNarrow,
    TaskRow,
};

use super::fixture::{ORG, World, held, id, order, task};

const LI: Id = [7; 16];

fn queue(world: &World, filter: &TaskFilter) -> Vec<u8> {
    world
        .store
        .list_tasks(ORG, filter, &TaskNarrow::default(), None, 10)
        .unwrap()
        .iter()
        .map(|task| task.id[15])
        .collect()
}

fn with_tasks() -> World {
    let mut world = World::new();
    let tasks = vec![
        TaskRow { assignee: Some(LI), ..task(1, 1) },
        TaskRow { claimed_by: Some(LI), due_at_ms: None, ..task(2, 1) },
        task(3, 1),
        TaskRow { department: Some("warehouse".into()), role: None, ..task(4, 2) },
        TaskRow { state: "done".into(), decided_by: Some(LI), decided_at_ms: Some(8), ..task(5, 2) },
        TaskRow { state: "closed".into(), ..task(6, 2) },
        TaskRow { state: "done".into(), decided_by: Some(LI), decided_at_ms: Some(9), ..task(7, 2) },
    ];
    world.writer.commit(&Changes { tasks, ..Changes::default() }).unwrap();
    world
}

#[test]
fn each_queue_shows_its_tasks() {
    let world = with_tasks();
    assert_eq!(queue(&world, &TaskFilter::Mine { user: LI }), [1, 2], "without a due time comes last");
    let pool = |departments: &[&str], roles: &[&str]| TaskFilter::Pool {
        departments: departments.iter().map(ToString::to_string).collect(),
        roles: roles.iter().map(ToString::to_string).collect(),
    };
    assert_eq!(queue(&world, &pool(&[], &["finance"])), [3]);
    let departments = pool(&["warehouse", "finance"], &[]);
    assert_eq!(queue(&world, &departments), [4], "what a role holds is not for its whole department");
    assert_eq!(queue(&world, &pool(&[], &[])), [0; 0]);
    assert_eq!(queue(&world, &TaskFilter::Open), [1, 3, 4, 2]);
    assert_eq!(queue(&world, &TaskFilter::Done { user: LI }), [7, 5]);
    assert_eq!(world.store.tasks_of_order(ORG, id(2)).unwrap().len(), 4);
}

/// A queue read row by row.
fn paged(world: &World, filter: &TaskFilter, narrow: &TaskNarrow) -> Vec<TaskRow> {
    let mut found: Vec<TaskRow> = Vec::new();
    let next = |last: Option<&TaskRow>| {
        world.store.list_tasks(ORG, filter, narrow, last.map(TaskRow::place), 1).unwrap().pop()
    };
    while let Some(task) = next(found.last()) {
        found.push(task);
    }
    found
}

#[test]
fn a_queue_holds_what_is_asked_for_page_by_page() {
    let mut world = World::new();
    let new_orders = vec![
        order(1),
        OrderRow { customer: Some("C002".into()), total_minor: Some(99_900), ..order(2) },
        OrderRow { currency: Some("USD".into()), ..order(3) },
    ];
    let of = |flow: &str, node: &str, n, order| TaskRow {
        flow: (!flow.is_empty()).then(|| flow.into()),
        node: node.into(),
        ..task(n, order)
    };
    let tasks = vec![
        of("standard", "review", 1, 1),
        of("large", "review", 2, 2),
        of("", "review", 3, 3),
        TaskRow { department: Some("sales".into()), ..of("standard", "sign", 4, 2) },
        TaskRow { due_at_ms: None, ..of("standard", "review", 5, 2) },
        TaskRow { state: "done".into(), ..of("old", "gone", 6, 1) },
    ];
    let reservations = vec![held(1, &["W1"]), held(2, &["W1", "W2"])];
    world.writer.commit(&Changes { new_orders, tasks, reservations, ..Changes::default() }).unwrap();
    let found = |narrow: TaskNarrow| {
        let rows = paged(&world, &TaskFilter::Open, &narrow);
        rows.iter().map(|task| task.id[15]).collect::<Vec<_>>()
    };
    let at = |steps: &[(Option<&str>, &str)]| {
        let key = |(flow, node): &(Option<&str>, &str)| StepKey {
            flow: flow.map(Into::into),
            node: (*node).into(),
        };
        TaskNarrow { steps: steps.iter().map(key).collect(), ..TaskNarrow::default() }
    };
    assert_eq!(found(TaskNarrow::default()), [1, 2, 3, 4, 5]);
    assert_eq!(found(at(&[(None, "review")])), [1, 2, 3, 5]);
    assert_eq!(found(at(&[(Some("large"), "review")])), [2, 3], "an old row is of any flow");
    assert_eq!(found(at(&[(Some("large"), "review"), (Some("standard"), "sign")])), [2, 3, 4]);
    assert_eq!(found(at(&[(Some("large"), "sign")])), [0; 0]);
    let department = Some("sales".into());
    assert_eq!(found(TaskNarrow { department, ..TaskNarrow::default() }), [4]);
    assert_eq!(found(TaskNarrow { due_before_ms: Some(103), ..TaskNarrow::default() }), [1, 2]);
    let of_order = |order: OrderTraits| TaskNarrow { order, ..TaskNarrow::default() };
    let customer = OrderTraits { customer: Some("C002".into()), ..OrderTraits::default() };
    assert_eq!(found(of_order(customer.clone())), [2, 4, 5]);
    let amount =
        AmountRange { currency: "CNY".into(), home: "CNY".into(), from_minor: None, to_minor: Some(50_000) };
    let small = OrderTraits { amount: Some(amount), ..OrderTraits::default() };
    assert_eq!(found(of_order(small)), [1]);
    let warehouse = |code: &str| OrderTraits { warehouse: Some(code.into()), ..OrderTraits::default() };
    assert_eq!(found(of_order(warehouse("W1"))), [1, 2, 4, 5], "once, however many lines are held there");
    assert_eq!(found(of_order(warehouse("W3"))), [0; 0]);
    let all = TaskNarrow {
        due_before_ms: Some(200),
        order: OrderTraits { warehouse: Some("W2".into()), ..customer },
        ..at(&[(Some("large"), "review"), (Some("standard"), "review")])
    };
    assert_eq!(found(all), [2]);
    let mut open = world.store.open_steps(ORG).unwrap();
    open.sort();
    let names: Vec<_> = open.iter().map(|step| (step.flow.as_deref(), step.node.as_str())).collect();
    let standard = Some("standard");
    assert_eq!(
        names,
        [(None, "review"), (Some("large"), "review"), (standard, "review"), (standard, "sign")]
    );
}

#[test]
fn queues_have_pages_and_counts() {
    let world = with_tasks();
    for filter in [TaskFilter::Open, TaskFilter::Done { user: LI }] {
        let all = world.store.list_tasks(ORG, &filter, &TaskNarrow::default(), None, 10).unwrap();
        assert_eq!(paged(&world, &filter, &TaskNarrow::default()), all);
    }
    assert_eq!(world.store.count_tasks(ORG, &TaskFilter::Open, 104).unwrap(), (4, 2));
    let load =
        |department: &str, open, overdue| DepartmentLoad { department: department.into(), open, overdue };
    let expected = [load("finance", 3, 2), load("warehouse", 1, 0)];
    assert_eq!(world.store.department_loads(ORG, 104).unwrap(), expected);
}

#[test]
fn a_task_is_loaded_by_id_and_with_its_order_and_replaced_by_id() {
    let mut world = with_tasks();
    let keys = Keys {
        tasks: BTreeSet::from([(ORG, id(5))]),
        open_tasks_of: BTreeSet::from([(ORG, id(2))]),
        ..Keys::default()
    };
    let loaded: Vec<_> = world.writer.load(&keys).unwrap().tasks.into_keys().collect();
    assert_eq!(loaded, [(ORG, id(4)), (ORG, id(5))]);

    let decided = TaskRow { state: "done".into(), decision: Some("approve".into()), ..task(3, 1) };
    world.writer.commit(&Changes { tasks: vec![decided.clone()], ..Changes::default() }).unwrap();
    assert_eq!(world.store.task(ORG, id(3)).unwrap(), Some(decided));
}
