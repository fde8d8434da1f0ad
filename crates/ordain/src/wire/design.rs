//! Flows as a designer sees them while they are edited: what they may name, what is said of them, where an order goes.

use super::flow::{names, speaker};
use super::route::row;
use crate::server::problem::Problem;
use crate::words::{Lang, Text, field, named, of_kinds, text, told_of_text};
use ordain_app::admin::{Pending, mark};
use ordain_app::case::FlowPin;
use ordain_app::case::facts::{SCHEMA, paths};
use ordain_app::case::world::House;
use ordain_app::query::flow::UnderWay;
use ordain_app::setup::TEMPLATES;
use ordain_domain::finding::Check;
use ordain_flow::check::{self, Report};
use ordain_flow::doc::{FlowDoc, Party, PersonSettings, Purpose, Source, walk};
use ordain_flow::rule::{Facts, FieldType, compile};
use ordain_flow::run::{Event, Flow};
use ordain_flow::sop::scope_words;
use ordain_flow::words::{self, Speaker};
use ordain_store::{FlowDraftRow, FlowPendingRow};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// What a flow may name, in the words of one language.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowVocabulary)]
pub struct VocabularyView {
    /// Words for types of steps, settings and their values.
    pub words: BTreeMap<String, String>,
    /// Names by kind and key: `role.finance`, `department.sales`, `user.fin1`, `template.order_confirmed`, `flow.standard`.
    pub names: BTreeMap<String, String>,
    /// What conditions may read: name, type, label, whether it belongs to a line, whether it may be empty, and
    /// the values of a closed choice.
    #[schema(value_type = Vec<Object>)]
    pub fields: Value,
    /// Fields of an order that a step may show, write and ask for, with their labels.
    pub paths: BTreeMap<String, String>,
    pub checks: Vec<&'static str>,
    /// Who belongs to a role or department now, by `role.finance` and the like.
    pub members: BTreeMap<String, Vec<String>>,
    pub templates: Vec<TemplateView>,
}

/// A flow that is shipped to begin from.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowTemplate)]
pub struct TemplateView {
    pub key: &'static str,
    pub name: Text,
    #[schema(value_type = String)]
    pub purpose: Purpose,
    pub steps: usize,
}

fn template((key, doc): &(&'static str, &str)) -> Option<TemplateView> {
    let doc: FlowDoc = serde_json::from_str(doc).ok()?;
    let steps = walk(&doc).len();
    Some(TemplateView { key, name: Text::from(&doc.name), purpose: doc.purpose, steps })
}

/// The fields of an order that words are known for, and those that facts tell of.
pub fn order_paths(lang: Lang) -> BTreeMap<String, String> {
    let known = of_kinds(lang, &["field"]);
    let words = known.keys().filter_map(|key| key.strip_prefix("field."));
    let own = words.filter(|name| {
        SCHEMA.order_index(name).is_none() && !name.starts_with("line.") && *name != "in_line"
    });
    let told = SCHEMA.fields().iter().flat_map(|fact| paths(&fact.name));
    let label = |path: &str| match path.strip_prefix("lines.") {
        Some(line) => {
            format!("{} · {}", field("lines").of(lang), named("field", &format!("line.{line}")).of(lang))
        }
        None => field(path).of(lang).to_owned(),
    };
    let all = own.map(str::to_owned).chain(told.map(str::to_owned));
    all.map(|path| (path.clone(), label(&path))).collect()
}

pub fn vocabulary(house: &House, lang: Lang) -> VocabularyView {
    let people = &house.people;
    let roles = people.own_roles.codes();
    let parties = roles.map(|role| (format!("role.{role}"), Party::Role(role.to_owned())));
    let departments = people.departments.keys();
    let parties = parties
        .chain(departments.map(|code| (format!("department.{code}"), Party::Department(code.clone()))));
    let members = |party: Party| people.members(&party).iter().map(|user| user.name.clone()).collect();
    VocabularyView {
        words: words::catalogue(match lang {
            Lang::Zh => words::Lang::Zh,
            Lang::En => words::Lang::En,
        })
        .clone(),
        names: names(house, lang),
        fields: fields(lang),
        paths: order_paths(lang),
        checks: Check::ALL.iter().map(|check| check.name()).collect(),
        members: parties.map(|(key, party)| (key, members(party))).collect(),
        templates: TEMPLATES.iter().filter_map(template).collect(),
    }
}

fn fields(lang: Lang) -> Value {
    let one = |field: &ordain_flow::rule::FieldDef| {
        let label = Text { zh: field.zh.clone(), en: field.en.clone() };
        let options = match &field.kind {
            FieldType::Choice(options) => options.as_slice(),
            _ => &[],
        };
        json!({ "name": field.name, "type": field.kind.word(), "label": label.of(lang), "line": field.line,
            "may_be_empty": field.may_be_empty, "options": options })
    };
    SCHEMA.fields().iter().map(one).collect()
}

/// Drafts, and orders that are under way.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowOverview)]
pub struct OverviewView {
    pub drafts: Vec<DraftOutline>,
    /// What each release that waits is waiting for, by the key of its flow: `approval`, `time`, `mending`.
    pub releases: BTreeMap<String, Vec<&'static str>>,
    pub under_way: Vec<UnderWayView>,
    /// Which orders enter each flow in force, by its key.
    pub scopes: BTreeMap<String, Text>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowDraftOutline)]
pub struct DraftOutline {
    pub key: String,
    pub name: Text,
    pub revision: i64,
    pub base_version: Option<i64>,
    pub editor: String,
    pub edited_at: String,
}

/// Orders under way in one version.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowUnderWay)]
pub struct UnderWayView {
    pub key: String,
    pub version: i64,
    pub orders: usize,
    /// How many stand in each step.
    pub steps: BTreeMap<String, usize>,
}

pub fn drafts(rows: Vec<FlowDraftRow>, house: &House) -> Vec<DraftOutline> {
    let outline = |row: FlowDraftRow| {
        let doc = serde_json::from_str::<FlowDoc>(&row.doc);
        DraftOutline {
            name: doc.map(|doc| Text::from(&doc.name)).unwrap_or_default(),
            key: row.key,
            revision: row.revision,
            base_version: row.base_version,
            editor: row.editor,
            edited_at: house.calendar.text(row.edited_at_ms),
        }
    };
    rows.into_iter().map(outline).collect()
}

/// What the releases that wait are waiting for.
pub fn releases(
    rows: Vec<FlowPendingRow>,
    now_ms: i64,
) -> Result<BTreeMap<String, Vec<&'static str>>, Problem> {
    let waits = |row: FlowPendingRow| {
        let known: Pending =
            serde_json::from_str(&row.body).map_err(|error| Problem::bug(&error.to_string()))?;
        Ok((row.key, known.waits_for(now_ms)))
    };
    rows.into_iter().map(waits).collect()
}

/// Which orders enter each flow in force, in both languages.
pub fn scopes(house: &House) -> BTreeMap<String, Text> {
    let told = |lang| {
        let known = names(house, lang);
        let flows = house.active_flows();
        flows
            .map(|(pin, flow)| (pin.key, scope_words(&flow.doc().scope, &speaker(&known, lang, &SCHEMA))))
            .collect::<BTreeMap<String, String>>()
    };
    let mut english = told(Lang::En);
    let chinese = told(Lang::Zh).into_iter();
    chinese
        .map(|(key, zh)| (key.clone(), Text { en: english.remove(&key).unwrap_or_default(), zh }))
        .collect()
}

pub fn under_way_views(counted: BTreeMap<FlowPin, UnderWay>) -> Vec<UnderWayView> {
    let view = |(pin, counted): (FlowPin, UnderWay)| UnderWayView {
        key: pin.key,
        version: pin.version,
        orders: counted.orders,
        steps: counted.steps,
    };
    counted.into_iter().map(view).collect()
}

/// Who a step would ask.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowCandidates)]
pub struct Candidates {
    pub people: Vec<String>,
    /// Others may be asked too: that depends on the order.
    pub depends: bool,
}

pub fn candidates(person: &PersonSettings, house: &House) -> Candidates {
    let (mut people, mut depends) = (BTreeSet::new(), false);
    for source in &person.assignee {
        let head = match source {
            Source::HeadOf(department) => {
                house.organisation.head_of(department).map(|login| Party::User(login.to_owned()))
            }
            _ => None,
        };
        let found = head.map(|head| vec![head]).or_else(|| source.candidates());
        depends |= found.is_none()
            || !matches!(
                source,
                Source::Department(_) | Source::Role(_) | Source::User(_) | Source::HeadOf(_)
            );
        let members = found.into_iter().flatten().flat_map(|party| {
            house.people.members(&party).into_iter().map(|user| user.name.clone()).collect::<Vec<_>>()
        });
        people.extend(members);
    }
    Candidates { people: people.into_iter().collect(), depends }
}

/// Problems in words, each with the mark that acknowledges it.
pub fn problems(report: Report, doc: &FlowDoc, teller: &Speaker<'_>, lang: Lang) -> Value {
    let texts = problem_texts(&report.problems, doc, teller, lang);
    let told = report.problems.into_iter().zip(texts).map(|(problem, said)| {
        json!({ "code": problem.code, "severity": problem.severity, "node": problem.node, "params": problem.params,
            "mark": mark(&problem), "text": said })
    });
    told.collect()
}

/// What each problem says, with the names of what it is about.
pub fn problem_texts(
    problems: &[check::Problem],
    doc: &FlowDoc,
    teller: &Speaker<'_>,
    lang: Lang,
) -> Vec<String> {
    let lanes: BTreeMap<&str, String> = walk(doc)
        .into_iter()
        .flat_map(|place| place.node.lanes())
        .map(|lane| (lane.id.as_str(), teller.text(&lane.name)))
        .collect();
    let named = |name: &str, value: &str| match name {
        "field" => teller.field(value, false),
        "user" => teller.name("user", value),
        "flow" => teller.name("flow", value),
        "target" | "id" => teller.name("step", value),
        "lane" | "other" | "wins" => lanes.get(value).cloned().unwrap_or_else(|| value.to_owned()),
        "scope" => teller.word(&format!("scope.{value}")),
        "set" => teller.name("set", value),
        "setting" => {
            let key = format!("setting.{value}");
            let word = teller.word(&key);
            if word == key { value.to_owned() } else { word }
        }
        _ => value.to_owned(),
    };
    let told = problems.iter().map(|problem| {
        let mut args: Vec<(&str, Text)> = problem
            .params
            .iter()
            .map(|(name, value)| (name.as_str(), Text::plain(named(name, value))))
            .collect();
        if let Some(told) = told_of_text(&problem.params) {
            args.retain(|(name, _)| *name != "what");
            args.push(("what", told));
        }
        let node = problem.node.as_deref().map(|node| teller.name("step", node));
        args.extend(node.map(|node| ("node", Text::plain(node))));
        text(&format!("flow_problem.{}", problem.code), &args).of(lang).to_owned()
    });
    told.collect()
}

/// Where an order would go.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowTrial)]
pub struct TriedView {
    pub steps: Vec<StepTold>,
    /// Every lane with a condition, and those that were taken without one.
    pub ways: Vec<WayTold>,
    /// Nothing where the order waits for its sender.
    pub outcome: Option<String>,
    /// What the conditions saw.
    pub facts: BTreeMap<String, String>,
}

/// A step that the order comes to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowTrialStep)]
pub struct StepTold {
    pub node: String,
    /// `asked`, `by_rule`, `waited`, `returned`, or `passed` where nobody was needed.
    pub how: &'static str,
    pub who: Option<Candidates>,
}

/// The steps in the order in which they are reached.
pub fn steps_told(events: &[Event], flow: &Flow, house: &House) -> Vec<StepTold> {
    let mut told: Vec<StepTold> = Vec::new();
    for event in events {
        let (node, how) = match event {
            Event::Entered { node, .. } => (node, "passed"),
            Event::TaskOpened { node, .. } => (node, "asked"),
            Event::PassedByRule { node, .. } => (node, "by_rule"),
            Event::WaitBegan { node, .. } => (node, "waited"),
            Event::ReturnedForCompletion { node, .. } => (node, "returned"),
            Event::LaneTaken { node, .. } | Event::Forked { node, .. } => (node, "passed"),
            _ => continue,
        };
        if let Some(known) = told.iter_mut().rev().find(|known| *known.node == **node) {
            if how != "passed" {
                known.how = how;
            }
            continue;
        }
        let person = flow.node(node).and_then(|node| node.person());
        told.push(StepTold {
            node: node.to_string(),
            how,
            who: person.map(|person| candidates(person, house)),
        });
    }
    told
}

/// A lane, whether it was taken, and why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowTrialWay)]
pub struct WayTold {
    pub node: String,
    pub lane: String,
    pub taken: bool,
    pub rows: Vec<RowTold>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowTrialRow)]
pub struct RowTold {
    pub text: Text,
    pub holds: bool,
}

pub fn ways_told(flow: &Flow, facts: &Facts, events: &[Event]) -> Vec<WayTold> {
    let mut taken: BTreeSet<(&str, &str)> = BTreeSet::new();
    for event in events {
        match event {
            Event::LaneTaken { node, lane, .. } => {
                taken.insert((node, lane));
            }
            Event::Forked { node, lanes, .. } => taken.extend(lanes.iter().map(|way| (&**node, &*way.lane))),
            _ => {}
        }
    }
    let way = |node: &str, lane: &ordain_flow::doc::Lane| {
        let rule = lane.when.as_ref().and_then(|when| compile(when, flow.schema()).ok());
        let explained = rule.map(|rule| rule.explain(facts)).unwrap_or_default();
        WayTold {
            node: node.to_owned(),
            lane: lane.id.clone(),
            taken: taken.contains(&(node, lane.id.as_str())),
            rows: explained
                .iter()
                .map(|explained| RowTold { text: row(explained, flow.schema()), holds: explained.holds })
                .collect(),
        }
    };
    walk(flow.doc())
        .into_iter()
        .flat_map(|place| place.node.lanes().iter().map(move |lane| (place.node, lane)))
        .map(|(node, lane)| way(&node.id, lane))
        .collect()
}
