//! Among whom somebody may be chosen who is to get a task, to work on it, or to sign beside it: the one rule behind
//! what is offered and what is taken.

use super::people::User;
use super::side_run::run_of;
use super::who::{excluded, process_admin};
use super::world::House;
use super::{Case, Task};
use ordain_flow::doc::{Node, Party, PersonSettings, Range, Source, TaskAction};
use std::collections::BTreeSet;
use uuid::Uuid;

fn settings<'h>(case: &Case, house: &'h House, task: &Task) -> Option<&'h PersonSettings> {
    case.node_at(house, task.visit, &task.node).and_then(Node::person)
}

/// Those who may not decide the step of a task.
fn kept_out(settings: &PersonSettings, case: &Case, task: &Task) -> BTreeSet<Uuid> {
    excluded(settings, run_of(task.visit), case)
}

/// Whether the person who acts may choose somebody.
pub fn may_choose(
    (case, house, task): (&Case, &House, &Task),
    action: TaskAction,
    actor: Option<&User>,
    chosen: &User,
) -> bool {
    let settings = settings(case, house, task);
    // Whoever may decide nothing, or is kept out by the four-eyes rule, cannot be of any help.
    if chosen.disabled
        || !house.people.may_decide(chosen)
        || settings.is_some_and(|settings| kept_out(settings, case, task).contains(&chosen.id))
    {
        return false;
    }
    match (settings.and_then(|settings| settings.ranges.get(&action)), action) {
        (Some(Range::Anyone), _) | (None, TaskAction::AddSigner) => true,
        (Some(Range::SameDepartment), _) => {
            chosen.department.is_some() && actor.is_some_and(|actor| actor.department == chosen.department)
        }
        (Some(range), _) => range.party().is_some_and(|party| chosen.belongs_to(&party)),
        (None, _) => circles(case, house, task).iter().any(|circle| chosen.belongs_to(circle)),
    }
}

/// Whether somebody of a party is there who may decide tasks and whom the four-eyes rule of a step does not keep out:
/// work is given to nobody else, or it would stand still.
pub fn may_answer(
    (case, run): (&Case, u32),
    house: &House,
    settings: Option<&PersonSettings>,
    party: &Party,
) -> bool {
    let out = settings.map(|settings| excluded(settings, run, case)).unwrap_or_default();
    house.people.deciders(party).iter().any(|user| !out.contains(&user.id))
}

/// Those among whom a task changes hands where the step says nothing: those whom it asks, its backup, colleagues where
/// single people are asked, and the process admin.
pub fn circles(case: &Case, house: &House, task: &Task) -> Vec<Party> {
    let settings = settings(case, house, task);
    let named = settings.into_iter().flat_map(|settings| &settings.assignee).filter_map(Source::party);
    let mut circles: Vec<Party> = named.collect();
    if circles.iter().all(|party| matches!(party, Party::User(_)))
        && let Party::User(login) = &task.holder
    {
        let holder = house.people.by_login(login);
        circles.extend(holder.and_then(|user| user.department.clone()).map(Party::Department));
    }
    circles.extend(settings.and_then(|settings| settings.backup.clone()));
    circles.push(process_admin(case, house));
    circles
}
