//! What acts can be done with, as pages offer it: steps, people, points and fields.

use super::action::{ActionView, actions};
use super::person::{PersonView, user};
use super::task::Around;
use crate::words::Text;
use ordain_app::case::side_run::run_of;
use ordain_app::case::world::House;
use ordain_app::case::{Added, Case, SignerAt, Task, choices};
use ordain_app::query::person::of_user;
use ordain_app::rights::{Caller, Permission};
use ordain_flow::doc::{Node, Outcome};
use ordain_flow::run::WayBack;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = StepChoice)]
pub struct StepView {
    pub node_id: String,
    pub name: Text,
}

/// A step in which a run waits.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = WaitingStep)]
pub struct WaitingStepView {
    pub node_id: String,
    pub name: Text,
    /// The stay, and the run that it belongs to: several runs may wait in one step.
    pub visit: u32,
    pub run: u32,
}

/// An earlier step that the order can be returned to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReturnChoice)]
pub struct ReturnView {
    pub node_id: String,
    pub name: Text,
    /// How it can come back: `step_by_step`, `direct` or either.
    pub ways: Vec<&'static str>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ChecklistPoint)]
pub struct PointView {
    pub text: Text,
    pub ticked: bool,
}

/// How a signer came to be asked beside what the flow says.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AddedSigner)]
pub struct AddedView {
    pub by: Option<PersonView>,
    /// `before`, `parallel` or `after`.
    pub at: &'static str,
    pub counts: bool,
}

/// A step to come whose people somebody chooses.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PeopleChoice)]
pub struct PeopleView {
    pub node_id: String,
    pub name: Text,
    pub among: Vec<PersonView>,
    /// Logins.
    pub chosen: Vec<String>,
}

/// What the process admin can do with the order by hand.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ByHand)]
pub struct ByHandView {
    pub actions: Vec<ActionView>,
    pub jump_to: Vec<StepView>,
    pub skip: Vec<WaitingStepView>,
    pub rerun: Vec<WaitingStepView>,
    /// For `end`: `rejected` and `cancelled`, as far as they fit.
    pub outcomes: Vec<&'static str>,
    /// Ids of the findings that can be set aside.
    pub findings: Vec<String>,
    /// Ids of the exceptions of which each holds something that the caller can agree to.
    pub agree: Vec<String>,
}

fn step(node: &Node) -> StepView {
    StepView { node_id: node.id.clone(), name: Text::from(&node.name) }
}

fn waiting(found: &choices::WaitingStep<'_>) -> WaitingStepView {
    let StepView { node_id, name } = step(found.node);
    WaitingStepView { node_id, name, visit: found.visit, run: run_of(found.visit) }
}

/// Where the caller can send the order back to from a task of their own.
pub fn returns(around: &Around<'_>, task: &Task, acts: &[ActionView]) -> Vec<ReturnView> {
    let may = acts.iter().any(|act| act.name == "return" && act.allowed);
    if !may {
        return Vec::new();
    }
    let way = |way: &WayBack| match way {
        WayBack::StepByStep => "step_by_step",
        WayBack::Direct => "direct",
    };
    let view = |choice: choices::ReturnChoice<'_>| ReturnView {
        node_id: choice.node.id.clone(),
        name: Text::from(&choice.node.name),
        ways: choice.ways.iter().map(way).collect(),
    };
    choices::returns(around.whole, task, around.house, around.now_ms).into_iter().map(view).collect()
}

pub fn checklist(node: Option<&Node>, task: &Task) -> Vec<PointView> {
    let points = (0u32..).zip(node.map_or(&[][..], Node::checklist));
    points
        .map(|(number, point)| PointView { text: Text::from(point), ticked: task.ticked.contains(&number) })
        .collect()
}

pub fn added(added: &Added, house: &House) -> AddedView {
    let at = match added.at {
        SignerAt::Before => "before",
        SignerAt::Parallel => "parallel",
        SignerAt::After => "after",
    };
    AddedView { by: user(&house.people, added.by), at, counts: added.counts }
}

pub fn people(case: &Case, house: &House) -> Vec<PeopleView> {
    let view = |choice: choices::PeopleChoice<'_>| PeopleView {
        node_id: choice.node.id.clone(),
        name: Text::from(&choice.node.name),
        among: choice.among.into_iter().map(|user| of_user(user).into()).collect(),
        chosen: choice.chosen.to_vec(),
    };
    choices::people(case, house).into_iter().map(view).collect()
}

/// None for whoever may not intervene.
pub fn by_hand(case: &Case, house: &House, caller: &Caller, now_ms: i64) -> Option<ByHandView> {
    if !caller.may(Permission::Intervene) {
        return None;
    }
    let found = choices::by_hand(case, house, caller.user().map(|user| user.id), now_ms);
    let steps = |nodes: Vec<&Node>| nodes.into_iter().map(step).collect();
    let outcome = |outcome: &Outcome| match outcome {
        Outcome::Rejected => "rejected",
        _ => "cancelled",
    };
    Some(ByHandView {
        actions: actions(found.acts),
        jump_to: steps(found.jump_to),
        skip: found.skip.iter().map(waiting).collect(),
        rerun: found.rerun.iter().map(waiting).collect(),
        outcomes: found.outcomes.iter().map(outcome).collect(),
        findings: found.findings,
        agree: found.agree.iter().map(Uuid::to_string).collect(),
    })
}
