//! Single settings of a step by their key in the document: what a setting is called, what it is about, and what it
//! says. Comparing versions and describing a step both read from here.

use super::Speaker;
use super::condition::grouped;
use crate::doc::{
    Assignment, AttachmentRule, ButtonSettings, CheckRule, ContactFrom, EndNotice, FieldAccess, HookSettings,
    IdentityRule, Join, LaneReject, Node, NodeKind, OnError, OnFail, OnLapse, Outcome, PersonSettings, Range,
    RejectWhen, Signature, TaskAction, Text, Tolerance,
};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What a setting concerns, for filtering a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    People,
    Condition,
    Field,
    Deadline,
    Notice,
    /// How decisions and blocks work.
    Rule,
    Text,
    /// Where steps stand.
    Place,
}

/// One setting of a step as its document holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    pub topic: Topic,
    pub value: Value,
}

/// Settings that say one thing together are told together.
const DEADLINE: [&str; 3] = ["deadline", "deadline_minutes", "remind_before_minutes"];
/// Lanes are compared by themselves.
const LANES: [&str; 4] = ["lanes", "on_timeout", "on_failure", "on_branch"];

/// Every setting that the document spells out for the step, lanes left aside.
pub fn settings(node: &Node) -> BTreeMap<String, Setting> {
    let Ok(Value::Object(kind)) = serde_json::to_value(&node.kind) else { return BTreeMap::new() };
    let mut found: BTreeMap<String, Setting> = BTreeMap::new();
    let mut deadline = serde_json::Map::new();
    for (key, value) in kind {
        if DEADLINE.contains(&key.as_str()) {
            deadline.insert(key, value);
        } else if !LANES.contains(&key.as_str()) {
            found.insert(key.clone(), Setting { topic: topic(&key), value });
        }
    }
    if !deadline.is_empty() {
        let value = Value::Object(deadline);
        found.insert("deadline".to_owned(), Setting { topic: Topic::Deadline, value });
    }
    // What stands beside the type and its settings; only tags are something else there.
    let Ok(Value::Object(mut own)) = serde_json::to_value(Node { kind: BARE, ..node.clone() }) else {
        return found;
    };
    for (key, name) in OWN {
        if let Some(value) = own.remove(name) {
            found.insert(key.to_owned(), Setting { topic: topic(key), value });
        }
    }
    found
}

const BARE: NodeKind = NodeKind::End { outcome: Outcome::Completed, notices: Vec::new() };
/// Settings of every step, by what they are called here and in the document.
const OWN: [(&str, &str); 6] = [
    ("stage", "stage"),
    ("department", "department"),
    ("description", "description"),
    ("customer_name", "customer_name"),
    ("step_tags", "tags"),
    ("on_error", "on_error"),
];

/// Where a setting stands in the document of its step.
pub(crate) fn path_of_setting(key: &str) -> String {
    let own = OWN.iter().find(|(known, _)| *known == key);
    own.map_or_else(|| format!("kind.{key}"), |(_, name)| (*name).to_owned())
}

/// The setting that stands at a path of its step's document.
pub(crate) fn setting_at(path: &str) -> &str {
    let own = OWN.iter().find(|(_, name)| *name == path).map(|(key, _)| *key);
    own.unwrap_or_else(|| path.strip_prefix("kind.").unwrap_or(path))
}

fn topic(key: &str) -> Topic {
    match key {
        "assignee" | "backup" | "when_empty" | "same_as_initiator" | "repeats" | "exclude" | "recorder"
        | "department" | "starters" | "ranges" => Topic::People,
        "skip_when" | "when" => Topic::Condition,
        "fields" | "requires" | "looks_at" | "outputs" | "assign" | "summary" | "on_enter" | "on_leave" => {
            Topic::Field
        }
        "hold_minutes" | "hold_max_minutes" | "max_minutes" | "timeout_minutes" | "late_after_minutes"
        | "timeout_seconds" | "for" => Topic::Deadline,
        "to" | "template" | "needs_receipt" | "notices" => Topic::Notice,
        "sop" | "checklist" | "labels" | "about" | "confirm" | "phrases" | "description"
        | "customer_name" | "title" => Topic::Text,
        "stage" => Topic::Place,
        _ => Topic::Rule,
    }
}

impl Speaker<'_> {
    /// What the step says under this key; the word for "not set" where it says nothing.
    pub fn setting(&self, node: &Node, key: &str) -> String {
        let said = match (node.person(), &node.kind) {
            (Some(person), _) => self.of_person(person, key),
            (None, kind) => self.of_kind(kind, key),
        };
        let said = said.or_else(|| self.of_outward(&node.kind, key));
        said.or_else(|| self.of_work(node, key)).unwrap_or_else(|| self.plain(node, key))
    }

    fn of_person(&self, person: &PersonSettings, key: &str) -> Option<String> {
        let fields = |paths: &[String]| self.list(paths.iter().map(|path| self.field(path, false)));
        Some(match key {
            "assignee" => self.sources(&person.assignee),
            "backup" => person.backup.as_ref().map(|backup| self.party(backup))?,
            "when_empty" => self.when_empty(&person.when_empty),
            "same_as_initiator" => self.same_as_initiator(person.same_as_initiator),
            "repeats" => self.repeats(person.repeats),
            "exclude" if !person.exclude.is_empty() => self.exclude(&person.exclude),
            "vote" => self.vote(person.vote),
            "on_reject" => self.on_reject(&person.on_reject),
            "reject_when" => self.word(match person.reject_when {
                RejectWhen::Decided => "reject_when.decided",
                RejectWhen::AllHeard => "reject_when.all_heard",
            }),
            "returns" => self.returns(&person.returns),
            "withdraw" => self.withdraw(person.withdraw),
            "reading" => {
                let from = person.reading.as_ref()?.from_amount;
                self.say("scope.amount_from", &[("amount", &grouped(&from))])
            }
            "comment" => self.comment(person.comment),
            "signature" => self.word(match person.signature {
                Signature::None => "signature.none",
                Signature::Drawn => "signature.drawn",
            }),
            "attachment" => self.attachment(person.attachment),
            "batch" => match (person.batch.forbidden, person.batch.max_amount) {
                (true, _) => self.word("batch.forbidden"),
                (false, Some(max)) => self.say("batch.up_to", &[("amount", &grouped(&max))]),
                (false, None) => self.word("batch.allowed"),
            },
            "fields" if !person.fields.is_empty() => {
                self.list(person.fields.iter().map(|(field, access)| self.access(field, *access)))
            }
            "requires" if !person.requires.is_empty() => fields(&person.requires),
            "looks_at" if !person.looks_at.is_empty() => fields(&person.looks_at),
            "owns" if !person.owns.is_empty() => self.checks(&person.owns),
            "deadline" if person.deadline.is_some() || person.has_deadline() => {
                self.parts(std::iter::once(self.deadline(person)).chain(self.deadline_rules(person)))
            }
            "skip_when" => self.condition(person.skip_when.as_ref()?),
            "sop" if !person.sop.is_blank() => self.text(&person.sop),
            "without" if !person.without.is_empty() => self.buttons(&person.without),
            "order" if !person.order.is_empty() => self.buttons(&person.order),
            "labels" if !person.labels.is_empty() => self.button_texts(&person.labels),
            "confirm" if !person.confirm.is_empty() => self.button_texts(&person.confirm),
            "ranges" if !person.ranges.is_empty() => {
                self.list(person.ranges.iter().map(|(action, range)| self.range(*action, range)))
            }
            "hold_max_minutes" => self.duration(person.holds_for().into()),
            "on_enter" if !person.on_enter.is_empty() => self.assignments(&person.on_enter),
            "on_leave" if !person.on_leave.is_empty() => self.assignments(&person.on_leave),
            "call_on_enter" if !person.call_on_enter.is_empty() => self.hooks(&person.call_on_enter),
            "call_on_leave" if !person.call_on_leave.is_empty() => self.hooks(&person.call_on_leave),
            "buttons" if !person.buttons.is_empty() => self.own_buttons(&person.buttons),
            "notices" if !person.notices.is_empty() => self.notices(&person.notices),
            "phrases" if !person.phrases.is_empty() => {
                self.list(person.phrases.iter().map(|text| self.text(text)))
            }
            _ => return None,
        })
    }

    pub(super) fn assignments(&self, sets: &[Assignment]) -> String {
        self.list(sets.iter().map(|set| {
            let value = self.operand(&set.value, false);
            self.say("op.eq", &[("field", &self.field(&set.field, false)), ("value", &value)])
        }))
    }

    fn hooks(&self, hooks: &[HookSettings]) -> String {
        self.list(hooks.iter().map(|hook| {
            let operation = self.name(&format!("operation.{}", hook.connector), &hook.operation);
            let connector = self.name("connector", &hook.connector);
            let sent = self.list(hook.request.values().map(|field| self.field(field, false)));
            let said = self.say("hook", &[("connector", &connector), ("operation", &operation)]);
            let sent = if sent.is_empty() { sent } else { self.say("hook.sent", &[("fields", &sent)]) };
            self.parts([said, sent])
        }))
    }

    fn own_buttons(&self, buttons: &[ButtonSettings]) -> String {
        self.list(buttons.iter().map(|button| {
            let call = self.hooks(std::slice::from_ref(&button.call));
            let said = self.say("button.text", &[("button", &self.text(&button.name)), ("text", &call)]);
            let asked = button.confirm.as_ref().map(|text| self.text(text)).unwrap_or_default();
            self.parts([said, asked])
        }))
    }

    fn buttons(&self, actions: &[TaskAction]) -> String {
        self.list(actions.iter().map(|action| self.word(&format!("action.{}", action.name()))))
    }

    fn range(&self, action: TaskAction, range: &Range) -> String {
        let button = self.word(&format!("action.{}", action.name()));
        let among = match range {
            Range::Anyone => self.word("range.anyone"),
            Range::SameDepartment => self.word("range.same_department"),
            Range::Department(_) | Range::Role(_) => {
                range.party().map(|party| self.party(&party)).unwrap_or_default()
            }
        };
        self.say("button.text", &[("button", &button), ("text", &among)])
    }

    fn button_texts(&self, texts: &BTreeMap<TaskAction, Text>) -> String {
        self.list(texts.iter().map(|(action, text)| {
            let button = self.word(&format!("action.{}", action.name()));
            self.say("button.text", &[("button", &button), ("text", &self.text(text))])
        }))
    }

    fn access(&self, field: &str, access: FieldAccess) -> String {
        let access = self.word(match access {
            FieldAccess::Edit => "access.edit",
            FieldAccess::Read => "access.read",
            FieldAccess::Mask => "access.mask",
            FieldAccess::Hide => "access.hide",
        });
        self.say("access", &[("field", &self.field(field, false)), ("access", &access)])
    }

    fn check_rule(&self, rule: &CheckRule) -> String {
        let key = match rule.on_fail {
            OnFail::Return => "check_rule.return",
            OnFail::Continue => "check_rule.continue",
            OnFail::Branch => "check_rule.branch",
            OnFail::Exception => "check_rule.exception",
        };
        let said = self.say(key, &[("check", &self.word(&format!("check.{}", rule.check)))]);
        let tolerance = |n: u16| self.say("sop.tolerance", &[("n", &n.to_string())]);
        self.parts([said, rule.tolerance_permille.map(tolerance).unwrap_or_default()])
    }

    pub(crate) fn checks(&self, checks: &[String]) -> String {
        self.list(checks.iter().map(|check| self.word(&format!("check.{check}"))))
    }

    fn of_work(&self, node: &Node, key: &str) -> Option<String> {
        match (&node.kind, key) {
            (_, "stage") => {
                let stage = serde_json::to_value(node.stage).ok()?;
                Some(self.word(&format!("stage.{}", stage.as_str()?)))
            }
            (_, "department") => node.department.as_ref().map(|key| self.name("department", key)),
            (_, "on_error") => Some(self.word(match node.on_error {
                OnError::Raise => "on_error.raise",
                OnError::Ignore => "on_error.ignore",
            })),
            (_, "step_tags") if !node.tags.is_empty() => Some(self.list(node.tags.iter().cloned())),
            (_, "channels") => {
                let ways = node.channels().iter().map(|way| self.word(&format!("channel.{}", way.name())));
                Some(self.list(ways))
            }
            (NodeKind::Task(task), "checklist") => {
                Some(self.list(task.checklist.iter().map(|text| self.text(text))))
            }
            (NodeKind::Task(task), "outputs") => {
                Some(self.list(task.outputs.iter().map(|field| self.field(field, false))))
            }
            _ => None,
        }
    }

    fn contact(&self, contact: &ContactFrom) -> String {
        match contact {
            ContactFrom::Main => self.word("contact.main"),
            ContactFrom::Order => self.word("contact.order"),
            ContactFrom::Role(role) => self.say("contact.role", &[("role", role)]),
        }
    }

    fn identity(&self, rules: &[IdentityRule]) -> String {
        self.list(rules.iter().map(|rule| {
            let from =
                rule.from_amount.map(|from| self.say("scope.amount_from", &[("amount", &grouped(&from))]));
            self.parts([from.unwrap_or_default(), self.word(&format!("proof.{}", rule.proof.name()))])
        }))
    }

    fn end_notices(&self, notices: &[EndNotice]) -> String {
        self.list(notices.iter().map(|notice| {
            let template = self.name("template", &notice.template);
            self.say("card.notify", &[("to", &self.notify_to(&notice.to)), ("template", &template)])
        }))
    }

    fn tolerance(&self, tolerance: Tolerance) -> String {
        let say = |key: &str, n: u16| match n {
            0 => String::new(),
            n => self.say(&format!("tolerance.{key}"), &[("n", &n.to_string())]),
        };
        self.parts([
            say("price", tolerance.price_permille),
            say("quantity", tolerance.quantity_permille),
            say("delivery", tolerance.delivery_days),
        ])
    }

    fn of_kind(&self, kind: &NodeKind, key: &str) -> Option<String> {
        let minutes = |minutes: Option<u32>| minutes.map(|minutes| self.duration(minutes.into()));
        Some(match (kind, key) {
            (NodeKind::AutoCheck { checks, .. }, "checks") => {
                self.list(checks.iter().map(|rule| self.check_rule(rule)))
            }
            (NodeKind::AutoCheck { hold_minutes: Some(0), .. }, "hold_minutes") => {
                self.word("hold.until_decided")
            }
            (NodeKind::AutoCheck { hold_minutes, .. }, "hold_minutes") => minutes(*hold_minutes)?,
            (NodeKind::Start(start), "starters") => self.parties(&start.starters),
            (NodeKind::Start(start), "must_pass") => self.checks(&start.must_pass),
            (NodeKind::Start(start), "recall") => self.word(&format!("recall.{}", start.recall.name())),
            (NodeKind::Start(start), "summary") => {
                self.list(start.summary.iter().map(|field| self.field(field, false)))
            }
            (NodeKind::Parallel { join, .. } | NodeKind::Inclusive { join, .. }, "join") => self.join(*join),
            (NodeKind::Parallel { on_reject, .. } | NodeKind::Inclusive { on_reject, .. }, "on_reject") => {
                self.word(match on_reject {
                    LaneReject::End => "lane_reject.end",
                    LaneReject::AfterAll => "lane_reject.after_all",
                    LaneReject::Record => "lane_reject.record",
                })
            }
            (NodeKind::Cc { to, .. } | NodeKind::Notify { to, .. }, "to") => self.notify_to(to),
            (NodeKind::Notify { template, .. }, "template") => self.name("template", template),
            (NodeKind::Notify { late_after_minutes, .. }, "late_after_minutes") => {
                minutes(*late_after_minutes)?
            }
            (NodeKind::CustomerConfirmation(customer), "deadline") => minutes(customer.deadline_minutes)?,
            (NodeKind::CustomerConfirmation(customer), "template") => {
                self.name("template", &customer.template)
            }
            (NodeKind::CustomerConfirmation(customer), "contact") => self.contact(&customer.contact),
            (NodeKind::CustomerConfirmation(customer), "identity") => self.identity(&customer.identity),
            (NodeKind::WaitEvent(wait), "match") => self.field(wait.matches.as_ref()?, false),
            (NodeKind::CustomerConfirmation(customer), "tolerance") => self.tolerance(customer.tolerance?),
            (NodeKind::CustomerConfirmation(customer), "recorder") => self.party(customer.recorder.as_ref()?),
            (NodeKind::CustomerConfirmation(customer), "attachment") => self.attachment(customer.attachment),
            (NodeKind::CustomerConfirmation(customer), "on_lapse") => self.on_lapse(customer.on_lapse),
            (NodeKind::Delay(delay), "for") => self.delay(&delay.wait),
            (NodeKind::Delay(delay), "max_minutes") => minutes(delay.max_minutes)?,
            (NodeKind::WaitEvent(wait), "timeout_minutes") => minutes(Some(wait.timeout_minutes))?,
            (NodeKind::WaitEvent(wait), "event") => self.name("awaited", &wait.event),
            (NodeKind::Subflow(subflow), "flow") => self.name("flow", &subflow.flow),
            (NodeKind::Subflow(subflow), "about") if !subflow.about.is_blank() => self.text(&subflow.about),
            (NodeKind::GoTo { target, .. }, "target") => self.name("step", target),
            (NodeKind::GoTo { when: Some(when), .. }, "when") => self.condition(when),
            (NodeKind::End { outcome, .. }, "outcome") => self.outcome(*outcome),
            (NodeKind::End { notices, .. }, "notices") => self.end_notices(notices),
            _ => return None,
        })
    }

    fn attachment(&self, rule: AttachmentRule) -> String {
        self.word(match rule {
            AttachmentRule::Optional => "attachment.optional",
            AttachmentRule::Required => "attachment.required",
        })
    }

    pub(super) fn on_lapse(&self, rule: OnLapse) -> String {
        self.word(match rule {
            OnLapse::Exception => "on_lapse.exception",
            OnLapse::Expire => "on_lapse.expire",
            OnLapse::Accept => "on_lapse.accept",
        })
    }

    pub(crate) fn join(&self, join: Join) -> String {
        match join {
            Join::All => self.word("block.join_all"),
            Join::Any => self.word("block.join_any"),
            Join::AtLeast(n) => self.say("block.join_at_least", &[("n", &n.to_string())]),
        }
    }

    /// A setting that needs no words of its own.
    fn plain(&self, node: &Node, key: &str) -> String {
        let value = settings(node).remove(key).map(|setting| setting.value);
        value.map_or_else(|| self.word("not_set"), |value| self.json(&value))
    }

    fn json(&self, value: &Value) -> String {
        match value {
            Value::Null => self.word("not_set"),
            Value::Bool(true) => self.word("yes"),
            Value::Bool(false) => self.word("no"),
            Value::Number(number) => number.to_string(),
            Value::String(text) => text.clone(),
            Value::Array(items) => self.list(items.iter().map(|item| self.json(item))),
            Value::Object(map) => match serde_json::from_value::<Text>(value.clone()) {
                Ok(text) => self.text(&text),
                Err(_) => self.list(map.iter().map(|(key, value)| format!("{key} {}", self.json(value)))),
            },
        }
    }

    /// What a setting is called.
    pub fn setting_name(&self, node: &Node, key: &str) -> String {
        let of_block = matches!(node.kind, NodeKind::Parallel { .. } | NodeKind::Inclusive { .. });
        self.word(&format!("setting.{}", if of_block && key == "on_reject" { "lane_reject" } else { key }))
    }
}

/// The keys of settings that differ between two states of a step.
pub(crate) fn differing(before: &Node, after: &Node) -> Vec<(String, Option<Setting>, Option<Setting>)> {
    let (mut old, mut new) = (settings(before), settings(after));
    let keys: BTreeSet<String> = old.keys().chain(new.keys()).cloned().collect();
    let pairs = keys.into_iter().map(|key| {
        let (before, after) = (old.remove(&key), new.remove(&key));
        (key, before, after)
    });
    pairs.filter(|(_, before, after)| before != after).collect()
}
