//! A flow version as BPMN 2.0 with its diagram, for tools that read that and nothing else. It is a picture to exchange,
//! not a program: what BPMN has no word for is told in the documentation of its element.

mod element;

use crate::doc::{FlowDoc, Lane, Node, NodeKind};
use crate::picture::{Drawn, Layout, Link, Shape, Via, layout};
use crate::sop::lane_words;
use crate::text::to_cel;
use crate::words::Speaker;
use crate::xml::Xml;
use element::{Element, element};
use std::collections::BTreeMap;

/// Side of a gateway and of an event in the diagram.
const GATEWAY: i32 = 50;
const EVENT: i32 = 36;

/// The document of the flow in the speaker's language.
pub fn bpmn(doc: &FlowDoc, speaker: &Speaker<'_>) -> String {
    let names = speaker.naming_steps(doc);
    let speaker = Speaker { names: &names, ..*speaker };
    let layout = layout(doc);
    let drawing = Drawing::new(&layout);
    let root = [
        ("xmlns:bpmn", "http://www.omg.org/spec/BPMN/20100524/MODEL"),
        ("xmlns:bpmndi", "http://www.omg.org/spec/BPMN/20100524/DI"),
        ("xmlns:dc", "http://www.omg.org/spec/DD/20100524/DC"),
        ("xmlns:di", "http://www.omg.org/spec/DD/20100524/DI"),
        ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
        ("id", "definitions"),
        ("targetNamespace", "urn:ordain:flow"),
        ("exporter", "Ordain"),
    ];
    let mut xml = Xml::new();
    xml.element("bpmn:definitions", &root, |xml| {
        let process = [("id", "process"), ("name", &speaker.text(&doc.name)), ("isExecutable", "false")];
        xml.element("bpmn:process", &process, |xml| {
            for (index, shape) in layout.shapes.iter().enumerate() {
                drawing.node(xml, &speaker, index, shape);
            }
            for (index, link) in layout.links.iter().enumerate() {
                drawing.flow(xml, &speaker, index, link);
            }
        });
        xml.element("bpmndi:BPMNDiagram", &[("id", "diagram")], |xml| {
            xml.element("bpmndi:BPMNPlane", &[("id", "plane"), ("bpmnElement", "process")], |xml| {
                drawing.diagram(xml);
            });
        });
    });
    xml.finish()
}

struct Drawing<'a> {
    layout: &'a Layout<'a>,
    ids: Vec<String>,
    elements: Vec<Element>,
    incoming: BTreeMap<usize, Vec<usize>>,
    outgoing: BTreeMap<usize, Vec<usize>>,
}

impl<'a> Drawing<'a> {
    fn new(layout: &'a Layout<'a>) -> Self {
        let (mut incoming, mut outgoing) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::<_, Vec<_>>::new());
        for (index, link) in layout.links.iter().enumerate() {
            incoming.entry(link.to).or_default().push(index);
            outgoing.entry(link.from).or_default().push(index);
        }
        // Node ids are free text in any script; ids of XML are not.
        let ids = layout.shapes.iter().enumerate().map(|(at, shape)| match shape.what {
            Drawn::Step(node) if is_xml_id(&node.id) => format!("step_{}", node.id),
            Drawn::Joint(node) if is_xml_id(&node.id) => format!("joint_{}", node.id),
            Drawn::Step(_) | Drawn::Joint(_) => format!("shape_{at}"),
        });
        let ids = ids.collect();
        let elements = layout.shapes.iter().map(|shape| element(&shape.what)).collect();
        Self { layout, ids, elements, incoming, outgoing }
    }

    fn id(&self, shape: usize) -> &str {
        self.ids.get(shape).map_or("", String::as_str)
    }

    /// Where a link begins: a lane for what went wrong begins at the event on the step's border.
    fn source(&self, link: &Link<'_>) -> String {
        let id = self.id(link.from);
        if self.is_side(link) { format!("{id}_event") } else { id.to_owned() }
    }

    fn is_side(&self, link: &Link<'_>) -> bool {
        let element = self.elements.get(link.from);
        matches!(link.via, Via::Lane(_)) && element.is_some_and(|element| element.border.is_some())
    }

    fn node(&self, xml: &mut Xml, speaker: &Speaker<'_>, index: usize, shape: &Shape<'_>) {
        let Some(element) = self.elements.get(index) else { return };
        let id = self.id(index);
        let (name, documentation) = match shape.what {
            Drawn::Step(node) => (speaker.text(&node.name), speaker.sentence(node)),
            Drawn::Joint(node) => (String::new(), joint_words(node, speaker)),
        };
        let mut attributes = vec![("id", id)];
        if !name.is_empty() {
            attributes.push(("name", &name));
        }
        let default = self.default_flow(index);
        if let Some(default) = &default {
            attributes.push(("default", default));
        }
        attributes.extend(element.attributes.iter().copied());
        let none = Vec::new();
        let links = |map: &BTreeMap<usize, Vec<usize>>| map.get(&index).unwrap_or(&none).clone();
        let (incoming, outgoing) = (links(&self.incoming), links(&self.outgoing));
        let of_border = |at: &&usize| self.layout.links.get(**at).is_some_and(|link| self.is_side(link));
        xml.element(element.tag, &attributes, |xml| {
            if !documentation.is_empty() {
                xml.text("bpmn:documentation", &[], &documentation);
            }
            incoming.iter().for_each(|at| xml.text("bpmn:incoming", &[], &flow_id(*at)));
            let own = outgoing.iter().filter(|at| !of_border(at));
            own.for_each(|at| xml.text("bpmn:outgoing", &[], &flow_id(*at)));
            if let Some(definition) = element.definition {
                xml.empty(definition, &[("id", &format!("{id}_definition"))]);
            }
        });
        if let Some((definition, word)) = element.border {
            let (event, name) = (format!("{id}_event"), speaker.word(word));
            let attributes = [("id", event.as_str()), ("name", &name), ("attachedToRef", id)];
            xml.element("bpmn:boundaryEvent", &attributes, |xml| {
                let own = outgoing.iter().filter(of_border);
                own.for_each(|at| xml.text("bpmn:outgoing", &[], &flow_id(*at)));
                xml.empty(definition, &[("id", &format!("{event}_definition"))]);
            });
        }
    }

    /// The way out of a gateway that needs no condition.
    fn default_flow(&self, shape: usize) -> Option<String> {
        let conditional = |link: &Link<'_>| match link.via {
            Via::Lane(lane) => lane.when.is_some(),
            Via::Back => true,
            Via::Next => false,
        };
        let ways: Vec<_> = self
            .outgoing
            .get(&shape)?
            .iter()
            .filter_map(|at| Some((*at, self.layout.links.get(*at)?)))
            .collect();
        let chooses = self.elements.get(shape).is_some_and(|element| element.chooses);
        if !chooses || !ways.iter().any(|(_, link)| conditional(link)) {
            return None;
        }
        ways.iter().find(|(_, link)| !conditional(link)).map(|(at, _)| flow_id(*at))
    }

    fn flow(&self, xml: &mut Xml, speaker: &Speaker<'_>, index: usize, link: &Link<'_>) {
        let (id, source) = (flow_id(index), self.source(link));
        let mut attributes =
            vec![("id", id.as_str()), ("sourceRef", &source), ("targetRef", self.id(link.to))];
        let name = match link.via {
            Via::Lane(lane) => speaker.text(&lane.name),
            Via::Next | Via::Back => String::new(),
        };
        if !name.is_empty() {
            attributes.push(("name", &name));
        }
        let Some(expression) = self.expression(link) else {
            return xml.empty("bpmn:sequenceFlow", &attributes);
        };
        xml.element("bpmn:sequenceFlow", &attributes, |xml| {
            if let (Via::Lane(lane), Some(node)) = (link.via, self.step(link.from)) {
                xml.text("bpmn:documentation", &[], &lane_words(node, lane, speaker));
            }
            let kind = [("xsi:type", "bpmn:tFormalExpression"), ("language", "https://cel.dev")];
            xml.text("bpmn:conditionExpression", &kind, &expression);
        });
    }

    fn step(&self, shape: usize) -> Option<&'a Node> {
        match self.layout.shapes.get(shape)?.what {
            Drawn::Step(node) => Some(node),
            Drawn::Joint(_) => None,
        }
    }

    fn expression(&self, link: &Link<'_>) -> Option<String> {
        match link.via {
            Via::Lane(Lane { when: Some(when), .. }) => Some(to_cel(when)),
            Via::Back => match &self.step(link.from)?.kind {
                NodeKind::GoTo { when: Some(when), .. } => Some(to_cel(when)),
                _ => None,
            },
            _ => None,
        }
    }

    fn diagram(&self, xml: &mut Xml) {
        for (index, shape) in self.layout.shapes.iter().enumerate() {
            let id = self.id(index);
            self.shape(xml, id, self.bounds(index, shape));
            if self.elements.get(index).is_some_and(|element| element.border.is_some()) {
                let (x, y) = (shape.x + shape.w - EVENT / 2, shape.y + shape.h / 2 - EVENT / 2);
                self.shape(xml, &format!("{id}_event"), (x, y, EVENT, EVENT));
            }
        }
        for (index, link) in self.layout.links.iter().enumerate() {
            let id = flow_id(index);
            let attributes = [("id", format!("{id}_di")), ("bpmnElement", id)];
            let attributes = attributes.each_ref().map(|(key, value)| (*key, value.as_str()));
            xml.element("bpmndi:BPMNEdge", &attributes, |xml| {
                for (x, y) in self.waypoints(link) {
                    xml.empty("di:waypoint", &[("x", &x.to_string()), ("y", &y.to_string())]);
                }
            });
        }
    }

    fn shape(&self, xml: &mut Xml, id: &str, (x, y, w, h): (i32, i32, i32, i32)) {
        xml.element("bpmndi:BPMNShape", &[("id", &format!("{id}_di")), ("bpmnElement", id)], |xml| {
            let [x, y, w, h] = [x, y, w, h].map(|length| length.to_string());
            xml.empty("dc:Bounds", &[("x", &x), ("y", &y), ("width", &w), ("height", &h)]);
        });
    }

    /// Gateways and events are smaller than the cards they stand for, and stay on their axis.
    fn bounds(&self, index: usize, shape: &Shape<'_>) -> (i32, i32, i32, i32) {
        let Some(side) = self.elements.get(index).and_then(|element| element.side) else {
            return (shape.x, shape.y, shape.w, shape.h);
        };
        let (x, y) = (shape.x + shape.w / 2 - side / 2, shape.y + shape.h / 2 - side / 2);
        (x, y, side, side)
    }

    /// The picture's way, moved to the borders of the smaller shapes.
    fn waypoints(&self, link: &Link<'_>) -> Vec<(i32, i32)> {
        let mut points = link.points.clone();
        let bounds = |at: usize| self.layout.shapes.get(at).map(|shape| self.bounds(at, shape));
        if let (Some((x, y, w, h)), Some(first)) = (bounds(link.from), points.first_mut()) {
            match link.via {
                Via::Back => first.0 = x,
                Via::Lane(_) if self.is_side(link) => first.0 = x + w + EVENT / 2,
                _ => first.1 = y + h,
            }
        }
        if let (Some((x, y, w, _)), Some(last)) = (bounds(link.to), points.last_mut()) {
            last.1 = y;
            last.0 = last.0.clamp(x, x + w);
        }
        points
    }
}

fn flow_id(link: usize) -> String {
    format!("flow_{link}")
}

fn is_xml_id(id: &str) -> bool {
    !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

fn joint_words(node: &Node, speaker: &Speaker<'_>) -> String {
    match &node.kind {
        NodeKind::Parallel { join, .. } | NodeKind::Inclusive { join, .. } => speaker.join(*join),
        _ => String::new(),
    }
}
