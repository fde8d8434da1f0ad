//! Top-down layout of the block tree. Branches are columns that open under their block and close in one joint; a step
//! that may go wrong has its way out to the right. Lengths are whole pixels.

use crate::doc::{FlowDoc, Lane, Node, NodeKind};

pub(super) const CARD_W: i32 = 240;
pub(super) const CARD_H: i32 = 92;
/// Side of the joint of a block.
pub(super) const JOINT: i32 = 28;
const GAP_X: i32 = 40;
pub(super) const GAP_Y: i32 = 44;
/// Room for the name and condition of a lane under its block.
pub(super) const LABEL_H: i32 = 56;
const MARGIN: i32 = 32;
/// Distance between the ways of two steps that go back.
const BACK: i32 = 14;

/// Something drawn as a shape.
#[derive(Clone, Copy, Debug)]
pub enum Drawn<'a> {
    Step(&'a Node),
    /// Where the lanes of this block come together.
    Joint(&'a Node),
}

#[derive(Clone, Debug)]
pub struct Shape<'a> {
    pub what: Drawn<'a>,
    pub x: i32,
    pub y: i32,
    pub w: i32,
    pub h: i32,
}

/// Which way a link is.
#[derive(Clone, Copy, Debug)]
pub enum Via<'a> {
    Next,
    /// Into a lane of the block it comes from.
    Lane(&'a Lane),
    /// Back to an earlier step.
    Back,
}

#[derive(Clone, Debug)]
pub struct Link<'a> {
    /// Index of a shape.
    pub from: usize,
    pub to: usize,
    pub via: Via<'a>,
    pub points: Vec<(i32, i32)>,
    /// Where the name of the lane is written, its middle.
    pub label: Option<(i32, i32)>,
}

#[derive(Clone, Debug, Default)]
pub struct Layout<'a> {
    pub width: i32,
    pub height: i32,
    pub shapes: Vec<Shape<'a>>,
    pub links: Vec<Link<'a>>,
}

/// Where everything of the document stands.
pub fn layout(doc: &FlowDoc) -> Layout<'_> {
    let mut draft = Draft::default();
    let room = sequence_room(&doc.steps);
    let backs = draft.count_backs(doc);
    let axis = MARGIN + backs * BACK + room.left;
    let (bottom, _) = draft.sequence(&doc.steps, axis, MARGIN, Vec::new());
    draft.go_backs();
    Layout {
        width: axis + room.right + MARGIN,
        height: bottom + MARGIN,
        shapes: draft.shapes,
        links: draft.links,
    }
}

/// How far something reaches to both sides of its axis.
#[derive(Clone, Copy, Default)]
struct Room {
    left: i32,
    right: i32,
}

impl Room {
    fn width(self) -> i32 {
        self.left + self.right
    }

    fn with(self, other: Self) -> Self {
        Self { left: self.left.max(other.left), right: self.right.max(other.right) }
    }
}

fn card_room() -> Room {
    Room { left: CARD_W / 2, right: CARD_W / 2 }
}

fn sequence_room(steps: &[Node]) -> Room {
    steps.iter().map(node_room).fold(card_room(), Room::with)
}

fn node_room(node: &Node) -> Room {
    match node.side_lane() {
        Some(lane) => {
            Room { left: CARD_W / 2, right: CARD_W / 2 + GAP_X + sequence_room(&lane.steps).width() }
        }
        None if node.lanes().is_empty() => card_room(),
        None => {
            let lanes: i32 = node.lanes().iter().map(|lane| sequence_room(&lane.steps).width() + GAP_X).sum();
            let width = (lanes - GAP_X).max(CARD_W);
            Room { left: width / 2, right: width - width / 2 }
        }
    }
}

/// A way that has left its shape and is not yet anywhere.
#[derive(Clone)]
struct Loose<'a> {
    from: usize,
    via: Via<'a>,
    points: Vec<(i32, i32)>,
    label: Option<(i32, i32)>,
}

#[derive(Default)]
struct Draft<'a> {
    shapes: Vec<Shape<'a>>,
    links: Vec<Link<'a>>,
}

impl<'a> Draft<'a> {
    fn count_backs(&self, doc: &FlowDoc) -> i32 {
        let backs =
            crate::doc::walk(doc).iter().filter(|p| matches!(p.node.kind, NodeKind::GoTo { .. })).count();
        i32::try_from(backs).unwrap_or_default()
    }

    /// Places steps under each other and gives the bottom and the ways that lead on.
    fn sequence(
        &mut self,
        steps: &'a [Node],
        axis: i32,
        top: i32,
        into: Vec<Loose<'a>>,
    ) -> (i32, Vec<Loose<'a>>) {
        let (mut y, mut loose) = (top, into);
        for (position, node) in steps.iter().enumerate() {
            if position > 0 {
                y += GAP_Y;
            }
            (y, loose) = self.node(node, axis, y, loose);
        }
        (y, loose)
    }

    fn shape(&mut self, what: Drawn<'a>, axis: i32, y: i32, w: i32, h: i32, into: Vec<Loose<'a>>) -> usize {
        let index = self.shapes.len();
        self.shapes.push(Shape { what, x: axis - w / 2, y, w, h });
        for Loose { from, via, mut points, label } in into {
            if let Some((x, _)) = points.last().copied()
                && x != axis
            {
                points.push((x, y - GAP_Y / 2));
                points.push((axis, y - GAP_Y / 2));
            }
            points.push((axis, y));
            self.links.push(Link { from, to: index, via, points, label });
        }
        index
    }

    fn node(&mut self, node: &'a Node, axis: i32, y: i32, into: Vec<Loose<'a>>) -> (i32, Vec<Loose<'a>>) {
        let shape = self.shape(Drawn::Step(node), axis, y, CARD_W, CARD_H, into);
        let bottom = y + CARD_H;
        let on = vec![Loose { from: shape, via: Via::Next, points: vec![(axis, bottom)], label: None }];
        match &node.kind {
            NodeKind::End { .. } | NodeKind::GoTo { when: None, .. } => (bottom, Vec::new()),
            _ => match node.side_lane() {
                Some(lane) => self.beside(node, lane, shape, axis, y, on),
                None if node.lanes().is_empty() => (bottom, on),
                None => self.block(node, shape, axis, bottom),
            },
        }
    }

    fn block(&mut self, node: &'a Node, shape: usize, axis: i32, bottom: i32) -> (i32, Vec<Loose<'a>>) {
        let bend = bottom + GAP_Y / 2;
        let top = bend + LABEL_H + GAP_Y / 2;
        let mut left = axis - node_room(node).left;
        let (mut lowest, mut together) = (top, Vec::new());
        for lane in node.lanes() {
            let room = sequence_room(&lane.steps);
            let x = left + room.left;
            left += room.width() + GAP_X;
            let mut points = vec![(axis, bottom)];
            if x != axis {
                points.extend([(axis, bend), (x, bend)]);
            }
            let label = Some((x, bend + LABEL_H / 2));
            let way = Loose { from: shape, via: Via::Lane(lane), points, label };
            let (under, loose) = self.sequence(&lane.steps, x, top, vec![way]);
            lowest = lowest.max(under);
            together.extend(loose);
        }
        self.join(node, axis, lowest, together)
    }

    /// The lane of a step that may go wrong, in a column of its own to the right.
    fn beside(
        &mut self,
        node: &'a Node,
        lane: &'a Lane,
        shape: usize,
        axis: i32,
        y: i32,
        mut on: Vec<Loose<'a>>,
    ) -> (i32, Vec<Loose<'a>>) {
        let x = axis + CARD_W / 2 + GAP_X + sequence_room(&lane.steps).left;
        let middle = y + CARD_H / 2;
        let top = y + CARD_H + LABEL_H + GAP_Y / 2;
        let points = vec![(axis + CARD_W / 2, middle), (x, middle)];
        let label = Some((x, y + CARD_H + LABEL_H / 2));
        let way = Loose { from: shape, via: Via::Lane(lane), points, label };
        let (under, loose) = self.sequence(&lane.steps, x, top, vec![way]);
        on.extend(loose);
        self.join(node, axis, under.max(top), on)
    }

    fn join(
        &mut self,
        node: &'a Node,
        axis: i32,
        lowest: i32,
        together: Vec<Loose<'a>>,
    ) -> (i32, Vec<Loose<'a>>) {
        if together.is_empty() {
            return (lowest, together);
        }
        let y = lowest + GAP_Y;
        let joint = self.shape(Drawn::Joint(node), axis, y, JOINT, JOINT, together);
        let bottom = y + JOINT;
        (bottom, vec![Loose { from: joint, via: Via::Next, points: vec![(axis, bottom)], label: None }])
    }

    /// Ways back run along the left edge, each in a track of its own.
    fn go_backs(&mut self) {
        let mut track = MARGIN / 2;
        let mut backs = Vec::new();
        for (from, shape) in self.shapes.iter().enumerate() {
            let Drawn::Step(Node { kind: NodeKind::GoTo { target, .. }, .. }) = shape.what else { continue };
            let goal =
                |to: &&(usize, &Shape<'_>)| matches!(to.1.what, Drawn::Step(node) if node.id == *target);
            let Some((to, goal)) =
                self.shapes.iter().enumerate().collect::<Vec<_>>().iter().find(goal).copied()
            else {
                continue;
            };
            let (below, above) = (shape.y + shape.h / 2, goal.y - GAP_Y / 4);
            let points = vec![
                (shape.x, below),
                (track, below),
                (track, above),
                (goal.x + goal.w / 4, above),
                (goal.x + goal.w / 4, goal.y),
            ];
            backs.push(Link { from, to, via: Via::Back, points, label: None });
            track += BACK;
        }
        self.links.extend(backs);
    }
}
