//! The drawing as SVG: no script, no font of its own, nothing fetched from anywhere.

use super::layout::{CARD_W, Drawn, JOINT, Layout, Link, Shape, Via, layout};
use super::wrap::wrap;
use crate::doc::{FlowDoc, Lane, Node, NodeKind};
use crate::words::Speaker;
use crate::xml::Xml;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a step stands in a run. A step without a state has not been reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeState {
    Open,
    Working,
    Done,
    Skipped,
    Returned,
    Transferred,
    Overdue,
    Exception,
    Cancelled,
}

impl NodeState {
    fn word(self) -> &'static str {
        match self {
            Self::Open => "state.open",
            Self::Working => "state.working",
            Self::Done => "state.done",
            Self::Skipped => "state.skipped",
            Self::Returned => "state.returned",
            Self::Transferred => "state.transferred",
            Self::Overdue => "state.overdue",
            Self::Exception => "state.exception",
            Self::Cancelled => "state.cancelled",
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Self::Open => "◔",
            Self::Working => "◑",
            Self::Done => "●",
            Self::Skipped => "↷",
            Self::Returned => "↩",
            Self::Transferred => "⇢",
            Self::Overdue => "⏰",
            Self::Exception => "⚠",
            Self::Cancelled => "✕",
        }
    }

    fn colour(self) -> &'static str {
        match self {
            Self::Open | Self::Working | Self::Transferred => "#1d4ed8",
            Self::Done => "#15803d",
            Self::Skipped | Self::Cancelled => "#64748b",
            Self::Returned => "#b45309",
            Self::Overdue | Self::Exception => "#b91c1c",
        }
    }
}

const INK: &str = "#0f172a";
const QUIET: &str = "#475569";
const LINE: &str = "#94a3b8";
const FONT: &str = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";

/// The flow drawn in the speaker's language; with `states` as the picture of one run.
pub fn svg(doc: &FlowDoc, speaker: &Speaker<'_>, states: &BTreeMap<String, NodeState>) -> String {
    let names = speaker.naming_steps(doc);
    let speaker = Speaker { names: &names, ..*speaker };
    let layout = layout(doc);
    let title = speaker.say("picture.title", &[("name", &speaker.text(&doc.name))]);
    let (width, height) = (layout.width.to_string(), layout.height.to_string());
    let view = format!("0 0 {width} {height}");
    let mut xml = Xml::new();
    let root = [
        ("xmlns", "http://www.w3.org/2000/svg"),
        ("width", width.as_str()),
        ("height", height.as_str()),
        ("viewBox", view.as_str()),
        ("role", "img"),
        ("font-family", FONT),
        ("font-size", "13"),
    ];
    xml.element("svg", &root, |xml| {
        xml.text("title", &[], &title);
        arrow(xml);
        xml.empty("rect", &[("width", "100%"), ("height", "100%"), ("fill", "#ffffff")]);
        for link in &layout.links {
            draw_link(xml, link);
        }
        for link in &layout.links {
            if let (Via::Lane(lane), Some(at)) = (link.via, link.label) {
                draw_lane(xml, &speaker, lane, at);
            }
        }
        draw_shapes(xml, &speaker, &layout, states);
    });
    xml.finish()
}

fn arrow(xml: &mut Xml) {
    let marker = [
        ("id", "arrow"),
        ("viewBox", "0 0 8 8"),
        ("refX", "7"),
        ("refY", "4"),
        ("markerWidth", "8"),
        ("markerHeight", "8"),
        ("orient", "auto"),
    ];
    xml.element("defs", &[], |xml| {
        xml.element("marker", &marker, |xml| xml.empty("path", &[("d", "M0 0L8 4L0 8z"), ("fill", LINE)]));
    });
}

fn draw_link(xml: &mut Xml, link: &Link<'_>) {
    let points: Vec<String> = link.points.iter().map(|(x, y)| format!("{x},{y}")).collect();
    let points = points.join(" ");
    let mut attributes = vec![
        ("points", points.as_str()),
        ("fill", "none"),
        ("stroke", LINE),
        ("stroke-width", "1.5"),
        ("marker-end", "url(#arrow)"),
    ];
    if matches!(link.via, Via::Back) {
        attributes.push(("stroke-dasharray", "5 4"));
    }
    xml.empty("polyline", &attributes);
}

fn draw_lane(xml: &mut Xml, speaker: &Speaker<'_>, lane: &Lane, (x, middle): (i32, i32)) {
    let condition = match &lane.when {
        Some(when) => speaker.when(when),
        None if lane.otherwise => speaker.word("picture.otherwise"),
        None => String::new(),
    };
    let name = speaker.text(&lane.name);
    let mut lines = wrap(&name, CARD_W - 16, 13, 1);
    if condition != name {
        lines.extend(wrap(&condition, CARD_W - 16, 11, 2));
    }
    let top = middle - 24;
    let (left, top_text) = ((x - CARD_W / 2).to_string(), top.to_string());
    let width = CARD_W.to_string();
    let back =
        [("x", left.as_str()), ("y", &top_text), ("width", &width), ("height", "48"), ("fill", "#ffffff")];
    xml.empty("rect", &back);
    for (at, line) in lines.iter().enumerate() {
        let y = top + 14 + 15 * i32::try_from(at).unwrap_or_default();
        let (size, fill) = if at == 0 { ("13", INK) } else { ("11", QUIET) };
        words(xml, line, (x, y), &[("font-size", size), ("fill", fill), ("text-anchor", "middle")]);
    }
}

fn words(xml: &mut Xml, text: &str, (x, y): (i32, i32), more: &[(&str, &str)]) {
    let (x, y) = (x.to_string(), y.to_string());
    let mut attributes = vec![("x", x.as_str()), ("y", y.as_str())];
    attributes.extend(more);
    xml.text("text", &attributes, text);
}

fn draw_shapes(
    xml: &mut Xml,
    speaker: &Speaker<'_>,
    layout: &Layout<'_>,
    states: &BTreeMap<String, NodeState>,
) {
    for shape in &layout.shapes {
        match shape.what {
            Drawn::Joint(node) => draw_joint(xml, speaker, shape, node),
            Drawn::Step(node) => draw_card(xml, speaker, shape, node, states.get(&node.id).copied()),
        }
    }
}

fn draw_joint(xml: &mut Xml, speaker: &Speaker<'_>, shape: &Shape<'_>, node: &Node) {
    let (x, y) = (shape.x, shape.y);
    let half = JOINT / 2;
    let points =
        format!("{},{y} {},{} {},{} {x},{}", x + half, x + JOINT, y + half, x + half, y + JOINT, y + half);
    let label = speaker.word("picture.joined");
    let attributes = [("data-joint", node.id.as_str())];
    xml.element("g", &attributes, |xml| {
        xml.text("title", &[], &label);
        xml.empty("polygon", &[("points", &points), ("fill", "#f8fafc"), ("stroke", LINE)]);
    });
}

/// The strip of a card: who acts, what branches, what the machine does.
fn strip(kind: &NodeKind) -> &'static str {
    match kind {
        NodeKind::Start(_) | NodeKind::End { .. } => "#334155",
        NodeKind::Review(_) | NodeKind::Task(_) => "#1d4ed8",
        NodeKind::CustomerConfirmation(_) | NodeKind::Cc { .. } | NodeKind::Notify { .. } => "#7e22ce",
        NodeKind::Parallel { .. }
        | NodeKind::Exclusive { .. }
        | NodeKind::Inclusive { .. }
        | NodeKind::GoTo { .. } => "#b45309",
        NodeKind::Delay(_) | NodeKind::WaitEvent(_) => "#0f766e",
        NodeKind::AutoCheck { .. }
        | NodeKind::UpdateData { .. }
        | NodeKind::ConnectorCall(_)
        | NodeKind::Subflow(_) => "#15803d",
    }
}

fn draw_card(xml: &mut Xml, speaker: &Speaker<'_>, shape: &Shape<'_>, node: &Node, state: Option<NodeState>) {
    let (x, y) = (shape.x.to_string(), shape.y.to_string());
    let (w, h) = (shape.w.to_string(), shape.h.to_string());
    let edge = state.map_or(LINE, NodeState::colour);
    let thick = if state.is_some() { "2" } else { "1" };
    let sentence = speaker.sentence(node);
    xml.element("g", &[("data-node", node.id.as_str())], |xml| {
        xml.text("title", &[], &format!("{}: {sentence}", speaker.text(&node.name)));
        let card = [("x", x.as_str()), ("y", &y), ("width", &w), ("height", &h), ("rx", "6")];
        let looks = [("fill", "#f8fafc"), ("stroke", edge), ("stroke-width", thick)];
        xml.empty("rect", &[card.as_slice(), &looks].concat());
        let side = [("x", x.as_str()), ("y", &y), ("width", "6"), ("height", &h), ("rx", "3")];
        xml.empty("rect", &[side.as_slice(), &[("fill", strip(&node.kind))]].concat());
        let left = shape.x + 16;
        words(xml, &speaker.type_word(node), (left, shape.y + 18), &[("font-size", "11"), ("fill", QUIET)]);
        if let Some(state) = state {
            let said = format!("{} {}", state.sign(), speaker.word(state.word()));
            let looks = [("font-size", "11"), ("fill", state.colour()), ("text-anchor", "end")];
            words(xml, &said, (shape.x + shape.w - 10, shape.y + 18), &looks);
        }
        for line in wrap(&speaker.text(&node.name), shape.w - 30, 14, 1) {
            let looks = [("font-size", "14"), ("font-weight", "600"), ("fill", INK)];
            words(xml, &line, (left, shape.y + 38), &looks);
        }
        for (at, line) in wrap(&sentence, shape.w - 30, 12, 3).iter().enumerate() {
            let down = shape.y + 55 + 15 * i32::try_from(at).unwrap_or_default();
            words(xml, line, (left, down), &[("font-size", "12"), ("fill", QUIET)]);
        }
    });
}
