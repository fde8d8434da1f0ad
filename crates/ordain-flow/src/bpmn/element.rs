//! Which element of BPMN a step is.

use super::{EVENT, GATEWAY};
use crate::doc::{Join, Node, NodeKind};
use crate::picture::Drawn;
use crate::sop::side_key;

pub(super) struct Element {
    pub tag: &'static str,
    pub attributes: Vec<(&'static str, &'static str)>,
    /// What an event waits for or throws.
    pub definition: Option<&'static str>,
    /// The event on the border of a step that may go wrong, and its word.
    pub border: Option<(&'static str, &'static str)>,
    /// Its side in the diagram, where it is not drawn as a card.
    pub side: Option<i32>,
    /// Takes one or several of its ways by condition.
    pub chooses: bool,
}

const TIMER: &str = "bpmn:timerEventDefinition";
const MESSAGE: &str = "bpmn:messageEventDefinition";
const ERROR: &str = "bpmn:errorEventDefinition";

impl Element {
    fn plain(tag: &'static str) -> Self {
        Self { tag, attributes: Vec::new(), definition: None, border: None, side: None, chooses: false }
    }

    fn event(tag: &'static str, definition: Option<&'static str>) -> Self {
        Self { definition, side: Some(EVENT), ..Self::plain(tag) }
    }

    fn gateway(tag: &'static str, direction: &'static str) -> Self {
        let chooses = direction == "Diverging" && tag != PARALLEL;
        Self {
            attributes: vec![("gatewayDirection", direction)],
            side: Some(GATEWAY),
            chooses,
            ..Self::plain(tag)
        }
    }
}

const PARALLEL: &str = "bpmn:parallelGateway";
const EXCLUSIVE: &str = "bpmn:exclusiveGateway";
const INCLUSIVE: &str = "bpmn:inclusiveGateway";
/// Goes on before all its ways have come in.
const COMPLEX: &str = "bpmn:complexGateway";

pub(super) fn element(drawn: &Drawn<'_>) -> Element {
    match drawn {
        Drawn::Step(node) => step(node),
        Drawn::Joint(node) => joint(node),
    }
}

fn step(node: &Node) -> Element {
    match &node.kind {
        NodeKind::Start(_) => Element::event("bpmn:startEvent", None),
        NodeKind::End { .. } => Element::event("bpmn:endEvent", None),
        NodeKind::Review(_) | NodeKind::Task(_) | NodeKind::CustomerConfirmation(_) => {
            Element::plain("bpmn:userTask")
        }
        NodeKind::Cc { .. } | NodeKind::Notify { .. } => Element::plain("bpmn:sendTask"),
        NodeKind::UpdateData { .. } => Element::plain("bpmn:serviceTask"),
        NodeKind::AutoCheck { .. } | NodeKind::ConnectorCall(_) => bordered(node, ERROR, "bpmn:serviceTask"),
        // A catching event can have no event on its border, a receiving task can.
        NodeKind::WaitEvent(_) | NodeKind::Delay(_) if node.side_lane().is_some() => {
            bordered(node, TIMER, "bpmn:receiveTask")
        }
        NodeKind::WaitEvent(_) => Element::event("bpmn:intermediateCatchEvent", Some(MESSAGE)),
        NodeKind::Delay(_) => Element::event("bpmn:intermediateCatchEvent", Some(TIMER)),
        NodeKind::Subflow(_) => bordered(node, ERROR, "bpmn:callActivity"),
        NodeKind::Parallel { .. } => Element::gateway(PARALLEL, "Diverging"),
        NodeKind::Exclusive { .. } => Element::gateway(EXCLUSIVE, "Diverging"),
        NodeKind::GoTo { .. } => Element { chooses: true, ..Element::gateway(EXCLUSIVE, "Unspecified") },
        NodeKind::Inclusive { .. } => Element::gateway(INCLUSIVE, "Diverging"),
    }
}

/// A step with what may happen to it on its border, where a lane begins there.
fn bordered(node: &Node, event: &'static str, tag: &'static str) -> Element {
    Element { border: node.side_lane().map(|_| (event, side_key(node))), ..Element::plain(tag) }
}

fn joint(node: &Node) -> Element {
    let tag = match &node.kind {
        NodeKind::Parallel { join: Join::All, .. } => PARALLEL,
        NodeKind::Inclusive { join: Join::All, .. } => INCLUSIVE,
        NodeKind::Parallel { .. } | NodeKind::Inclusive { .. } => COMPLEX,
        _ => EXCLUSIVE,
    };
    Element { chooses: false, ..Element::gateway(tag, "Converging") }
}
