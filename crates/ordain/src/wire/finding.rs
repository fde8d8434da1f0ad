//! Findings and questions in words.

use super::person::{PersonView, actor};
use crate::words::{Text, field, in_line, named, of_line, text};
use ordain_app::case::Case;
use ordain_app::case::world::House;
use ordain_app::rights::{Caller, Permission};
use ordain_domain::finding::{Finding, Severity};
use ordain_domain::order::{Question, QuestionState, QuestionTo};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Finding)]
pub struct FindingView {
    pub id: String,
    pub code: String,
    /// `blocker`, `warning` or `info`.
    pub severity: &'static str,
    pub check: &'static str,
    pub path: String,
    pub line_id: Option<String>,
    pub facts: BTreeMap<String, String>,
    pub mend_by: MendBy,
    pub message: Text,
    pub how: Text,
    /// `open` or `accepted`.
    pub state: &'static str,
    pub accepted: Option<AcceptedView>,
    pub acceptable: bool,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MendBy {
    /// `sender` or `department`.
    pub kind: &'static str,
    pub department: Option<&'static str>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AcceptedView {
    pub by: PersonView,
    pub at: String,
    pub reason: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Question)]
pub struct QuestionView {
    pub id: String,
    pub finding_id: Option<String>,
    /// `customer` or `sales`.
    pub to: &'static str,
    pub text: String,
    pub due_at: String,
    /// `open`, `answered` or `withdrawn`.
    pub state: &'static str,
    pub asked_by: PersonView,
    pub asked_at: String,
    pub answer: Option<AnswerView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AnswerView {
    pub text: String,
    pub by: PersonView,
    pub at: String,
}

fn severity(finding: &Finding) -> &'static str {
    match finding.code.severity() {
        Severity::Blocker => "blocker",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

/// What the finding says, in words.
pub fn message(finding: &Finding) -> Text {
    worded(finding, "message")
}

/// A fact in words, where it is a code.
fn fact(name: &str, value: &str) -> Text {
    if name == "source" { named("price_source", value) } else { Text::plain(value) }
}

/// The name of a field of the company's own form.
fn own_field(finding: &Finding) -> Option<Text> {
    let fact = |name: &str| finding.facts.get(name).cloned();
    let name = Text { zh: fact("name_zh")?, en: fact("name_en")? };
    Some(of_line(&finding.path, name))
}

fn worded(finding: &Finding, part: &str) -> Text {
    let mut args: Vec<(&str, Text)> =
        finding.facts.iter().map(|(name, value)| (name.as_str(), fact(name, value))).collect();
    args.push(("field", own_field(finding).unwrap_or_else(|| field(&finding.path))));
    text(&format!("finding.{}.{part}", finding.code.name()), &args)
}

/// The finding as its reader may see it: what things cost is not for everybody.
pub fn finding(finding: &Finding, case: &Case, house: &House, caller: &Caller) -> FindingView {
    let order = &case.order;
    let costs = caller.may(Permission::ReadCosts);
    let blocker = finding.code.severity() == Severity::Blocker;
    let department = (!blocker).then(|| finding.code.check().department());
    let line = in_line(&finding.path).and_then(|(index, _)| order.content.lines.get(index));
    let accepted = order.acceptance(finding).map(|accepted| AcceptedView {
        by: actor(&house.people, &accepted.by),
        at: house.calendar.text(accepted.at_ms),
        reason: accepted.reason.clone(),
    });
    FindingView {
        id: finding.id(),
        code: finding.code.name().to_owned(),
        severity: severity(finding),
        check: finding.code.check().name(),
        path: finding.path.clone(),
        line_id: line.map(|line| line.id.to_string()),
        facts: if costs { finding.facts.clone() } else { finding.facts_for_all() },
        mend_by: MendBy { kind: if blocker { "sender" } else { "department" }, department },
        message: message(finding),
        how: worded(finding, "how"),
        state: if accepted.is_some() { "accepted" } else { "open" },
        accepted,
        acceptable: finding.code.acceptable(),
    }
}

pub fn findings(case: &Case, house: &House, caller: &Caller) -> Vec<FindingView> {
    case.order.checked.findings.iter().map(|found| finding(found, case, house, caller)).collect()
}

pub fn question(question: &Question, house: &House) -> QuestionView {
    let answer = |text: &str, by, at_ms| AnswerView {
        text: text.to_owned(),
        by: actor(&house.people, by),
        at: house.calendar.text(at_ms),
    };
    let (state, answer) = match &question.state {
        QuestionState::Open => ("open", None),
        QuestionState::Answered { text, by, at_ms } => ("answered", Some(answer(text, by, *at_ms))),
        QuestionState::Withdrawn { reason, by, at_ms } => ("withdrawn", Some(answer(reason, by, *at_ms))),
    };
    QuestionView {
        id: question.id.to_string(),
        finding_id: question.finding.clone(),
        to: match question.to {
            QuestionTo::Customer => "customer",
            QuestionTo::Sales => "sales",
        },
        text: question.text.clone(),
        due_at: house.calendar.text(question.due_ms),
        state,
        asked_by: actor(&house.people, &question.asked_by),
        asked_at: house.calendar.text(question.asked_ms),
        answer,
    }
}
