//! Tasks and their queues.

use std::collections::BTreeSet;

use ordain_store::{Changes, DepartmentLoad, Id, Keys, TaskFilter, TaskRow};

use super::fixture::{ORG, World, id, task};

const LI: Id = [7; 16];

fn queue(world: &World, filter: &TaskFilter) -> Vec<u8> {
    world.store.list_tasks(ORG, filter, None, 10).unwrap().iter().map(|task| task.id[15]).collect()
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
    assert_eq!(queue(&world, &TaskFilter::Open { department: None }), [1, 3, 4, 2]);
    assert_eq!(queue(&world, &TaskFilter::Open { department: Some("finance".into()) }), [1, 3, 2]);
    assert_eq!(queue(&world, &TaskFilter::Done { user: LI }), [7, 5]);
    assert_eq!(world.store.tasks_of_order(ORG, id(2)).unwrap().len(), 4);
}

#[test]
fn queues_have_pages_and_counts() {
    let world = with_tasks();
    for filter in [TaskFilter::Open { department: None }, TaskFilter::Done { user: LI }] {
        let all = world.store.list_tasks(ORG, &filter, None, 10).unwrap();
        let mut paged = Vec::new();
        while let Some(task) =
            world.store.list_tasks(ORG, &filter, paged.last().map(TaskRow::place), 1).unwrap().pop()
        {
            paged.push(task);
        }
        assert_eq!(paged, all);
    }
    let open = TaskFilter::Open { department: None };
    assert_eq!(world.store.count_tasks(ORG, &open, 104).unwrap(), (4, 2));
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
