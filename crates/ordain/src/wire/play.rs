//! A play of a flow: where its order stands, how it came there, and what people would have read.

use super::design::{TriedView, steps_told, ways_told};
use super::finding::message;
use super::notice::said_of;
use super::person::party_name;
use super::play_task::{PlayFieldView, PlayTaskView, PlayWaitView, fields, tasks, waits};
use super::timeline::{Names, detail};
use crate::words::{Text, named, text, word};
use ordain_app::case::event::Event;
use ordain_app::case::notice_text::IN_APP;
use ordain_app::case::timers::TimerKind;
use ordain_app::case::world::House;
use ordain_app::case::{Case, facts};
use ordain_app::mail::preview;
use ordain_app::play::{Ahead, Cause, Entry, Play};
use ordain_app::query::sight::Sight;
use ordain_domain::order::{Event as OrderEvent, Status};
use ordain_flow::run::{Event as FlowEvent, Flow};
use ordain_store::Store;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// Notices that one play shows, and things that are told of one entry.
const NOTICES_MAX: usize = 100;
const DETAILS_MAX: usize = 20;
/// Customers are written to in the language of the company.
const LANG: &str = "zh-CN";

/// An order on its way through a play.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowPlay)]
pub struct PlayedView {
    pub number: String,
    pub start_at: String,
    /// Where the clock of the play stands.
    pub now_at: String,
    /// Working minutes since the order was handed in.
    pub worked_minutes: i64,
    pub status: &'static str,
    pub status_name: Text,
    /// The way so far.
    pub way: TriedView,
    /// What is open about the order.
    pub findings: Vec<Text>,
    /// Everything that happened, the first first.
    pub story: Vec<PlayEntryView>,
    pub tasks: Vec<PlayTaskView>,
    pub waits: Vec<PlayWaitView>,
    /// Timers that would fire next if nobody acted.
    pub ahead: Vec<PlayTimerView>,
    pub notices: Vec<PlayNoticeView>,
    /// Notices beyond those that are shown.
    pub more_notices: usize,
    /// What the person that was asked about sees and writes in their task.
    pub fields: Vec<PlayFieldView>,
    pub estimate: EstimateView,
}

/// How long the steps so far usually take: what half of their tasks took at most in the last month.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowPlayEstimate)]
pub struct EstimateView {
    /// Working minutes.
    pub minutes: i64,
    /// Steps of which nobody knows yet how long they take.
    pub unmeasured: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowPlayEntry)]
pub struct PlayEntryView {
    pub at: String,
    pub by: String,
    /// `start`, `act` or `timer`.
    pub cause: &'static str,
    /// Which of the acts, from 0.
    pub act: Option<usize>,
    pub title: Text,
    pub details: Vec<Text>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowPlayTimer)]
pub struct PlayTimerView {
    pub at: String,
    pub kind: &'static str,
    pub title: Text,
    pub details: Vec<Text>,
}

/// A notice that would have left.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowPlayNotice)]
pub struct PlayNoticeView {
    pub at: String,
    pub template: String,
    pub name: Text,
    pub channel: String,
    pub channel_name: Text,
    pub to: Vec<String>,
    pub subject: String,
    /// Nothing where it says what the caller does not see.
    pub text: Option<Text>,
}

/// Whose view of a task is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    pub task: u32,
    #[serde(rename = "as")]
    pub login: String,
}

/// Everything a play is told with.
pub struct Scene<'a> {
    pub play: &'a Play,
    pub flow: &'a Flow,
    /// What the caller sees of the order.
    pub sight: &'a Sight,
    pub org: i64,
    pub look: Option<&'a Look>,
    /// How long steps usually take, in working minutes.
    pub usual: &'a BTreeMap<String, i64>,
}

/// What is noted as the play goes on: later the order is another one.
pub struct Told<'a> {
    store: &'a Store,
    org: i64,
    sight: &'a Sight,
    status: Option<Status>,
    /// The status after each entry, where it is another one.
    statuses: Vec<Option<Text>>,
    notices: Vec<Queued>,
    more: usize,
}

struct Queued {
    at_ms: i64,
    by: String,
    template: String,
    channel: String,
    to: Vec<String>,
    number: String,
    customer: Option<String>,
    /// What a customer would read.
    mail: Option<(String, String)>,
}

impl<'a> Told<'a> {
    pub fn new(store: &'a Store, org: i64, sight: &'a Sight) -> Self {
        let (status, statuses, notices) = (None, Vec::new(), Vec::new());
        Self { store, org, sight, status, statuses, notices, more: 0 }
    }

    pub fn note(&mut self, entry: &Entry, case: &Case, house: &House) {
        let status = case.order.status;
        let changed = self.status.replace(status) != Some(status);
        let told = || text("event.status_new", &[("after", named("status", status.name()))]);
        self.statuses.push(changed.then(told));
        let from = self.notices.len();
        for event in &entry.events {
            let Event::Order(OrderEvent::NoticeQueued { template, channel, to, .. }) = event else {
                continue;
            };
            let known = self.notices.iter_mut().skip(from);
            let known = known.filter(|known| known.template == *template && known.channel == *channel);
            if let Some(known) = known.last() {
                known.to.push(to.clone());
            } else if self.notices.len() == NOTICES_MAX {
                self.more += 1;
            } else {
                self.queue(entry, case, house, (template, channel, to));
            }
        }
    }

    fn queue(
        &mut self,
        entry: &Entry,
        case: &Case,
        house: &House,
        (template, channel, to): (&String, &String, &String),
    ) {
        let customer = case.order.checked.customer.as_ref().map(|customer| customer.name.clone());
        // A notice is for the customer, who sees all of it; half of it would be none.
        let told = channel != IN_APP && self.sight.is_clear();
        let mail = told.then(|| preview(self.store, house, self.org, case, template, LANG).ok()).flatten();
        self.notices.push(Queued {
            at_ms: entry.at_ms,
            by: entry.by.name().to_owned(),
            template: template.clone(),
            channel: channel.clone(),
            to: vec![to.clone()],
            number: case.order.number.clone(),
            customer: self.sight.text("customer", customer),
            mail: mail.map(|mail| (mail.subject, mail.text)),
        });
    }
}

pub fn told(scene: &Scene<'_>, seen: Told<'_>) -> PlayedView {
    let Scene { play, flow, sight, .. } = *scene;
    let (case, house) = (&play.case, &play.world.house);
    let names = Names {
        house,
        at: None,
        flows: case.flows(house).map(AsRef::as_ref).collect(),
        currency: case.order.checked.totals.as_ref().map_or(house.rules.currency, |totals| totals.currency),
        findings: case.order.checked.findings.clone(),
        sight,
    };
    let at = |ms: i64| house.calendar.text(ms);
    let way = way(play, flow, sight);
    let story = play.entries.iter().zip(&seen.statuses);
    let status = case.order.status.name();
    PlayedView {
        number: case.order.number.clone(),
        start_at: at(play.start_ms),
        now_at: at(play.now_ms),
        worked_minutes: house.calendar.working_ms_between(play.start_ms, play.now_ms) / 60_000,
        status,
        status_name: named("status", status),
        findings: case.order.open_findings().map(|found| message(&sight.finding(found))).collect(),
        story: story.map(|(entry, status)| entry_view(entry, status.as_ref(), case, &names)).collect(),
        tasks: tasks(scene),
        waits: waits(scene),
        ahead: play.ahead().iter().map(|ahead| timer_view(ahead, case, &names)).collect(),
        more_notices: seen.more,
        notices: seen.notices.into_iter().map(|queued| notice_view(queued, &names)).collect(),
        fields: fields(scene),
        estimate: estimate(&way, scene.usual),
        way,
    }
}

/// The way so far, as a trial tells it.
fn way(play: &Play, flow: &Flow, sight: &Sight) -> TriedView {
    let (case, house) = (&play.case, &play.world.house);
    let events = play.entries.iter().flat_map(|entry| &entry.events);
    let events: Vec<FlowEvent> = events
        .filter_map(|event| match event {
            Event::Flow(event) => Some(event.clone()),
            _ => None,
        })
        .collect();
    let facts = facts::of(case, flow, facts::Around { house, at_ms: play.now_ms });
    let mut ways = ways_told(flow, &facts, &events);
    if !sight.is_clear() {
        ways.iter_mut().for_each(|way| way.rows.clear());
    }
    let outcome = case.run.as_ref().and_then(|run| run.outcome());
    TriedView {
        steps: steps_told(&events, flow, house),
        ways,
        outcome: outcome.and_then(|outcome| Some(serde_json::to_value(outcome).ok()?.as_str()?.to_owned())),
        facts: BTreeMap::new(),
    }
}

fn estimate(way: &TriedView, usual: &BTreeMap<String, i64>) -> EstimateView {
    let asked = way.steps.iter().filter(|step| step.how == "asked").map(|step| &step.node);
    let (known, unknown): (Vec<&String>, Vec<&String>) = asked.partition(|node| usual.contains_key(*node));
    EstimateView {
        minutes: known.into_iter().filter_map(|node| usual.get(node)).sum(),
        unmeasured: unknown.into_iter().cloned().collect(),
    }
}

fn entry_view(entry: &Entry, status: Option<&Text>, case: &Case, names: &Names<'_>) -> PlayEntryView {
    let (cause, act) = match &entry.cause {
        Cause::Start => ("start", None),
        Cause::Act(at) => ("act", Some(*at)),
        Cause::Timer(_) => ("timer", None),
    };
    let title = match &entry.cause {
        Cause::Start => word("play.start"),
        Cause::Timer(kind) => timer_name(*kind),
        Cause::Act(_) => decided(&entry.events, case, names).unwrap_or_else(|| word("play.act")),
    };
    PlayEntryView {
        at: names.time(entry.at_ms),
        by: entry.by.name().to_owned(),
        cause,
        act,
        title,
        details: status.cloned().into_iter().chain(details(&entry.events, case, names)).collect(),
    }
}

fn timer_view(ahead: &Ahead, case: &Case, names: &Names<'_>) -> PlayTimerView {
    let (title, details) = (timer_name(ahead.kind), details(&ahead.events, case, names));
    PlayTimerView { at: names.time(ahead.at_ms), kind: ahead.kind.name(), title, details }
}

fn timer_name(kind: TimerKind) -> Text {
    word(&format!("play.timer.{}", kind.name()))
}

/// What was decided last, and by whom.
fn decided(events: &[Event], case: &Case, names: &Names<'_>) -> Option<Text> {
    events.iter().rev().find_map(|event| {
        let Event::TaskDecided { task, decision, by, .. } = event else { return None };
        let key = format!("play.decided.{}", super::task::decision(*decision));
        let node = case.tasks.get(task).map(|task| names.node(&task.node)).unwrap_or_default();
        Some(text(&key, &[("who", Text::plain(by.name())), ("node", node)]))
    })
}

/// What followed, in words, with what nobody decided but time; whom notices went to is told last.
fn details(events: &[Event], case: &Case, names: &Names<'_>) -> Vec<Text> {
    let by_time = |event: &Event| matches!(event, Event::TaskDecided { by, .. } if by.person().is_none());
    let answered = events.iter().any(by_time).then(|| decided(events, case, names)).flatten();
    let is_notice = |event: &&Event| matches!(event, Event::Order(OrderEvent::NoticeQueued { .. }));
    let (notices, others): (Vec<&Event>, Vec<&Event>) = events.iter().partition(is_notice);
    let told = others.into_iter().chain(notices).filter_map(|event| detail(event, names));
    answered.into_iter().chain(told).take(DETAILS_MAX).collect()
}

fn notice_view(queued: Queued, names: &Names<'_>) -> PlayNoticeView {
    let people = names.people();
    let reader = |to: &String| {
        let user = Uuid::parse_str(to).ok().and_then(|id| people.users.get(&id));
        user.map_or_else(|| to.clone(), |user| user.name.clone())
    };
    let Queued { template, channel, number, customer, by, .. } = &queued;
    let (subject, text) = match (&queued.mail, channel.as_str()) {
        (Some((subject, text)), _) => (subject.clone(), Some(Text::plain(text))),
        (None, IN_APP) => {
            (String::new(), Some(said_of(template, number, customer.as_deref(), by, names.house)))
        }
        (None, _) => (String::new(), None),
    };
    PlayNoticeView {
        at: names.time(queued.at_ms),
        name: named("template", template),
        channel_name: named("notice_channel", channel),
        to: queued.to.iter().map(reader).collect(),
        subject,
        text,
        template: queued.template.clone(),
        channel: queued.channel.clone(),
    }
}

/// The name of a party, for waits that somebody answers.
pub(super) fn party(scene: &Scene<'_>, party: &ordain_flow::doc::Party) -> Text {
    party_name(&scene.play.world.house.people, party)
}
