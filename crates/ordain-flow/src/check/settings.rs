//! Settings of one step that contradict each other or can never do what they say.

use super::Problem;
use crate::access::is_booked;
use crate::doc::{
    CALL_SECONDS_MAX, CHOOSING, CheckRule, DeadlineDo, DeadlineFrom, DeadlineRule, DelayFor, Exclude, Node,
    NodeKind, NotifyTo, OnError, OnFail, OnLapse, PersonSettings, Purpose, RULES_MAX, SameAsInitiator,
    Signature, Source, TaskAction, Text, Vote, WhenEmpty,
};
use std::collections::BTreeMap;

/// Most comments to pick from, and most tags of a step.
const PHRASES_MAX: usize = 20;
const TAGS_MAX: usize = 20;
/// Most buttons of a step's own: all of them stand in one row.
const BUTTONS_MAX: usize = 8;
/// Longest time of a setting: a year of calendar minutes, about four of working time.
const MINUTES_MAX: u32 = 525_600;
/// How often a rule of a deadline may repeat at the most.
const REPEATS_MAX: u32 = 100;
/// As for the company: a price may be half off at the most.
const TOLERANCE_MAX: u16 = 500;
/// How often a call may be tried again.
const RETRIES_MAX: u32 = 20;
/// A week of days and nights.
const HOLD_MINUTES_MAX: u32 = 10_080;

pub fn settings(node: &Node, purpose: Purpose) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let Some(person) = node.person() {
        votes(node, person, &mut problems);
        skips(node, person, &mut problems);
        fields(node, purpose, &mut problems);
        deadline(node, person, &mut problems);
        nobody_left(node, person, &mut problems);
        buttons(node, person, &mut problems);
        let to_customer = person.notices.iter().filter(|(_, rule)| rule.to.contains(&NotifyTo::Customer));
        problems
            .extend(to_customer.map(|(on, _)| Problem::blocker("F-113").at(&node.id).with("on", on.name())));
    }
    if let NodeKind::AutoCheck { checks, on_branch, hold_minutes, .. } = &node.kind {
        check_rules(node, checks, on_branch.is_some(), &mut problems);
        let too_long = hold_minutes.filter(|minutes| *minutes > HOLD_MINUTES_MAX);
        problems.extend(too_long.map(|minutes| out_of_range(node, "hold_minutes", minutes)));
    }
    let lost =
        node.sources().into_iter().filter(|(setting, source)| *setting != "assignee" && finds_nobody(source));
    problems.extend(lost.map(|(setting, _)| Problem::blocker("F-135").at(&node.id).with("setting", setting)));
    if node.on_error == OnError::Ignore && (!may_fail(node) || node.side_lane().is_some()) {
        problems.push(Problem::warning("F-112").at(&node.id).with("setting", "on_error"));
    }
    times(node, &mut problems);
    if node.tags.len() > TAGS_MAX {
        problems.push(out_of_range(node, "tags", node.tags.len()));
    }
    if let NodeKind::CustomerConfirmation(customer) = &node.kind {
        let amounts: Vec<_> = customer.identity.iter().map(|rule| rule.from_amount).collect();
        if amounts.iter().enumerate().any(|(at, from)| amounts.iter().take(at).any(|known| known == from)) {
            problems.push(Problem::warning("F-112").at(&node.id).with("setting", "identity"));
        }
    }
    let channels = node.channels();
    if channels.iter().enumerate().any(|(at, way)| channels.iter().take(at).any(|known| known == way)) {
        problems.push(Problem::warning("F-112").at(&node.id).with("setting", "channels"));
    }
    if matches!(&node.kind, NodeKind::WaitEvent(wait) if wait.event.trim().is_empty()) {
        problems.push(out_of_range(node, "event", "\"\""));
    }
    if matches!(&node.kind, NodeKind::Cc { to, .. } | NodeKind::Notify { to, .. } if to.is_empty()) {
        problems.push(Problem::warning("F-112").at(&node.id).with("setting", "to"));
    }
    if let NodeKind::CustomerConfirmation(customer) = &node.kind
        && customer.on_lapse == OnLapse::Accept
        && !customer.silence_is_consent
    {
        problems.push(Problem::blocker("F-094").at(&node.id));
    }
    problems
}

/// A time that has no length, or ends when nobody who is there now will be.
fn times(node: &Node, problems: &mut Vec<Problem>) {
    let person = node.person();
    if person.is_some_and(|person| person.deadline.is_some() && person.deadline_minutes.is_some()) {
        problems.push(Problem::warning("F-112").at(&node.id).with("setting", "deadline_minutes"));
    }
    if let NodeKind::ConnectorCall(call) = &node.kind {
        let timeout = call.timeout_seconds.filter(|seconds| !(1..=CALL_SECONDS_MAX).contains(seconds));
        let retries = call.retries.filter(|retries| *retries > RETRIES_MAX);
        let odd = [("timeout_seconds", timeout), ("retries", retries)];
        problems.extend(odd.into_iter().filter_map(|(name, odd)| Some(out_of_range(node, name, odd?))));
    }
    let from = person.and_then(|person| person.deadline.as_ref()).map(|deadline| &deadline.from);
    let mut found = vec![
        ("deadline_minutes", person.and_then(|person| person.deadline_minutes)),
        ("remind_before_minutes", person.and_then(|person| person.remind_before_minutes)),
    ];
    match from {
        Some(DeadlineFrom::After { minutes, .. }) => found.push(("deadline.minutes", Some(*minutes))),
        Some(DeadlineFrom::Field { offset_minutes, .. }) => {
            found.push(("deadline.offset_minutes", distance(*offset_minutes)));
        }
        Some(DeadlineFrom::Sla) | None => {}
    }
    match &node.kind {
        NodeKind::CustomerConfirmation(customer) => {
            found.push(("deadline_minutes", customer.deadline_minutes));
            found.push(("remind_before_minutes", customer.remind_before_minutes));
        }
        NodeKind::Notify { late_after_minutes, .. } => {
            found.push(("late_after_minutes", *late_after_minutes))
        }
        NodeKind::WaitEvent(wait) => found.push(("timeout_minutes", Some(wait.timeout_minutes))),
        NodeKind::Delay(delay) => {
            found.push(("max_minutes", delay.max_minutes));
            match &delay.wait {
                DelayFor::Minutes { minutes, .. } => found.push(("for.minutes", Some(*minutes))),
                DelayFor::Field { offset_minutes, .. } => {
                    found.push(("for.offset_minutes", distance(*offset_minutes)));
                }
                DelayFor::At { .. } => {}
            }
        }
        _ => {}
    }
    let odd = found.into_iter().filter_map(|(setting, minutes)| Some((setting, minutes?)));
    let odd = odd.filter(|(_, minutes)| !(1..=MINUTES_MAX).contains(minutes));
    problems.extend(odd.map(|(setting, minutes)| out_of_range(node, setting, minutes)));
}

/// How far an offset leads away, where it does.
fn distance(minutes: i32) -> Option<u32> {
    Some(minutes.unsigned_abs()).filter(|minutes| *minutes > 0)
}

/// A step that can come to a bad end of which nobody has decided.
fn may_fail(node: &Node) -> bool {
    match &node.kind {
        NodeKind::ConnectorCall(_) | NodeKind::Delay(_) => true,
        NodeKind::Subflow(subflow) => !subflow.detached,
        _ => false,
    }
}

fn check_rules(node: &Node, checks: &[CheckRule], has_lane: bool, problems: &mut Vec<Problem>) {
    match (checks.iter().any(|rule| rule.on_fail == OnFail::Branch), has_lane) {
        (true, false) => problems.push(Problem::blocker("F-111").at(&node.id)),
        (false, true) => problems.push(Problem::warning("F-112").at(&node.id).with("setting", "on_branch")),
        _ => {}
    }
    for rule in checks {
        let Some(tolerance) = rule.tolerance_permille else { continue };
        if rule.check != "price" {
            let problem = Problem::warning("F-112").at(&node.id).with("setting", "tolerance_permille");
            problems.push(problem);
        } else if tolerance > TOLERANCE_MAX {
            problems.push(out_of_range(node, "tolerance_permille", tolerance));
        }
    }
}

pub(super) fn out_of_range(node: &Node, setting: &str, value: impl ToString) -> Problem {
    Problem::blocker("F-092").at(&node.id).with("setting", setting).with("value", value)
}

fn votes(node: &Node, person: &PersonSettings, problems: &mut Vec<Problem>) {
    match person.vote {
        Vote::Percent(share) if !(1..=100).contains(&share) => {
            problems.push(out_of_range(node, "percent", share));
        }
        Vote::Count(0) => problems.push(out_of_range(node, "count", 0)),
        _ => {}
    }
}

/// A guarded step is never passed without a person.
fn skips(node: &Node, person: &PersonSettings, problems: &mut Vec<Problem>) {
    let ways = [
        ("when_empty", person.when_empty == WhenEmpty::Skip),
        ("same_as_initiator", person.same_as_initiator == SameAsInitiator::Skip),
        ("skip_when", person.skip_when.is_some()),
    ];
    for (setting, _) in ways.into_iter().filter(|(_, skips)| *skips && person.guarded) {
        problems.push(Problem::blocker("F-095").at(&node.id).with("setting", setting));
    }
}

/// What the step must leave filled can be written there, or is booked beside it, which begins with the confirmation; else
/// nobody would ever get past it.
fn fields(node: &Node, purpose: Purpose, problems: &mut Vec<Problem>) {
    let booked = |path: &str| purpose == Purpose::Fulfilment && is_booked(path);
    let closed = node.required().into_iter().filter(|path| !node.may_write(path) && !booked(path));
    problems.extend(closed.map(|path| Problem::blocker("F-030").at(&node.id).with("field", path)));
}

fn deadline(node: &Node, person: &PersonSettings, problems: &mut Vec<Problem>) {
    let rules = person.deadline.as_ref().map(|deadline| deadline.rules.as_slice()).unwrap_or_default();
    if rules.len() > RULES_MAX {
        let problem = Problem::blocker("F-096").at(&node.id);
        problems.push(problem.with("n", rules.len()).with("max", RULES_MAX));
    }
    for rule in rules {
        match &rule.action {
            DeadlineDo::AutoPass { max_amount: None } => {
                problems.push(Problem::blocker("F-041").at(&node.id).with("what", "no_cap"));
            }
            DeadlineDo::AutoPass { .. } if person.guarded => {
                problems.push(Problem::blocker("F-041").at(&node.id).with("what", "guarded"));
            }
            DeadlineDo::AutoPass { .. } if person.signature != Signature::None => {
                problems.push(Problem::blocker("F-041").at(&node.id).with("what", "signed"));
            }
            DeadlineDo::ToBackup if person.backup.is_none() => {
                problems.push(Problem::blocker("F-003").at(&node.id));
            }
            DeadlineDo::Escalate(chain) if chain.is_empty() => {
                problems.push(out_of_range(node, "escalate", 0));
            }
            // One step up the chain each time the rule fires.
            DeadlineDo::Escalate(chain) if usize::try_from(rule.times()).is_ok_and(|n| chain.len() > n) => {
                let problem = Problem::warning("F-136").at(&node.id).with("n", chain.len());
                problems.push(problem.with("times", rule.times()));
            }
            _ => {}
        }
        if rule.at_minutes.unsigned_abs() > MINUTES_MAX {
            problems.push(out_of_range(node, "at_minutes", rule.at_minutes));
        }
        problems.extend(repeats(rule).map(|(setting, value)| out_of_range(node, setting, value)));
    }
}

fn repeats(rule: &DeadlineRule) -> impl Iterator<Item = (&'static str, u32)> {
    let counts =
        [("repeat_minutes", rule.repeat_minutes, MINUTES_MAX), ("repeat_max", rule.repeat_max, REPEATS_MAX)];
    let odd = |value: u32, most: u32| !(1..=most).contains(&value);
    counts.into_iter().filter_map(move |(setting, value, most)| {
        value.filter(|value| odd(*value, most)).map(|value| (setting, value))
    })
}

/// What is said of a button that the step does not offer is never seen, and neither is an empty text.
fn buttons(node: &Node, person: &PersonSettings, problems: &mut Vec<Problem>) {
    let said = |setting: &'static str, texts: &BTreeMap<TaskAction, Text>| {
        let idle = |(action, text): &(&TaskAction, &Text)| person.without.contains(action) || text.is_blank();
        texts.iter().filter(idle).map(|(action, _)| (setting, *action)).collect::<Vec<_>>()
    };
    let again = person.order.iter().enumerate().filter(|(at, action)| {
        person.without.contains(action) || person.order.iter().take(*at).any(|known| known == *action)
    });
    let again = again.map(|(_, action)| ("order", *action));
    for (setting, action) in
        said("labels", &person.labels).into_iter().chain(said("confirm", &person.confirm)).chain(again)
    {
        let problem = Problem::warning("F-110").at(&node.id).with("setting", setting);
        problems.push(problem.with("button", action.name()));
    }
    let blank = person.buttons.iter().filter(|button| button.name.is_blank()).map(|button| &button.id);
    let again = person
        .buttons
        .iter()
        .enumerate()
        .filter(|(at, button)| person.buttons.iter().take(*at).any(|known| known.id == button.id));
    for id in blank.chain(again.map(|(_, button)| &button.id)) {
        problems.push(Problem::blocker("F-130").at(&node.id).with("button", id));
    }
    if person.buttons.len() > BUTTONS_MAX {
        problems.push(out_of_range(node, "buttons", person.buttons.len()));
    }
    if person.reading.is_some() && person.looks_at.is_empty() {
        problems.push(Problem::warning("F-112").at(&node.id).with("setting", "reading"));
    }
    if person.hold_max_minutes == Some(0) {
        problems.push(out_of_range(node, "hold_max_minutes", 0));
    }
    if person.hold_max_minutes.is_some() && person.without.contains(&TaskAction::Hold) {
        problems.push(Problem::warning("F-112").at(&node.id).with("setting", "hold_max_minutes"));
    }
    // Nobody is chosen for what is not offered, or for an act that chooses nobody.
    let idle = |action: &&TaskAction| !CHOOSING.contains(action) || person.without.contains(action);
    for action in person.ranges.keys().filter(idle) {
        let problem = Problem::warning("F-110").at(&node.id).with("setting", "ranges");
        problems.push(problem.with("button", action.name()));
    }
    if person.phrases.len() > PHRASES_MAX {
        problems.push(out_of_range(node, "phrases", person.phrases.len()));
    }
}

/// Whether nobody can ever be told by a source: it was left empty, or somebody would have to choose, as people do for
/// tasks. A party without people is spoken of elsewhere.
fn finds_nobody(source: &Source) -> bool {
    match source {
        Source::ChosenByInitiator(_) | Source::ChosenByPrevious(_) => true,
        other => other.party().is_none() && other.is_blank(),
    }
}

/// The step asks exactly those whom it excludes.
fn nobody_left(node: &Node, person: &PersonSettings, problems: &mut Vec<Problem>) {
    let excludes = |source: &Source| match source {
        Source::Initiator => person.exclude.contains(&Exclude::Initiator),
        Source::SameAs(step) => person.exclude.contains(&Exclude::DecidersOf(step.clone())),
        _ => false,
    };
    if !person.assignee.is_empty() && person.assignee.iter().all(excludes) {
        problems.push(Problem::blocker("F-005").at(&node.id));
    }
}
