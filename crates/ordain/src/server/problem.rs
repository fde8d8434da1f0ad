//! Answers that say no: one shape (RFC 9457) for every obstacle, worded in the caller's language at the border.

use crate::wire::finding::FindingView;
use crate::wire::roles::{grantors, role_name};
use crate::words::{Lang, Text, has, list, named, text, told_of_text};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ordain_app::case::people::Directory;
use ordain_app::gate::GateError;
use ordain_app::problem::Fault;
use ordain_app::query::QueryError;
use ordain_app::rights::Permission;
use ordain_domain::calendar::Calendar;
use ordain_store::StoreError;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

/// What stands in the way of a request.
#[derive(Clone, Debug)]
pub struct Problem {
    pub status: StatusCode,
    pub code: String,
    pub facts: Vec<(&'static str, Text)>,
    /// What only some problems have.
    pub beside: Option<Box<Beside>>,
    pub faults: Vec<FaultView>,
    /// Under which the refused body was kept.
    pub intake: Option<Uuid>,
    pub retry_after_s: Option<u32>,
}

#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// Instants among the facts, told in the company's zone.
    moments: Vec<(&'static str, i64)>,
    /// Which words its detail has, where it is not always told the same.
    told: Option<&'static str>,
}

/// The body of a problem.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemView {
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub code: String,
    pub detail: String,
    /// The detail in both languages.
    pub message: Text,
    pub findings: Vec<FaultView>,
    pub request_id: String,
    /// Under which the refused body was kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intake: Option<String>,
}

/// One fault of a request, or one finding of an order that stands in the way.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Fault)]
pub struct FaultView {
    pub id: String,
    pub code: String,
    pub severity: &'static str,
    pub path: String,
    pub facts: BTreeMap<String, String>,
    pub message: Text,
}

impl From<Fault> for FaultView {
    fn from(fault: Fault) -> Self {
        let mut args: Vec<(&str, Text)> =
            fault.facts.iter().map(|(name, value)| (name.as_str(), fact(name, value))).collect();
        if let Some(told) = told_of_text(&fault.facts) {
            args.retain(|(name, _)| *name != "what");
            args.push(("what", told));
        }
        args.push(("path", Text::plain(&fault.path)));
        args.push(("node", Text::plain(&fault.path)));
        args.push(("field", crate::words::field(&fault.path)));
        args.push(("code", Text::plain(&fault.code)));
        Self {
            id: format!("{}:{}", fault.code, fault.path),
            message: text(&words_of(&fault), &args),
            severity: "blocker",
            code: fault.code,
            path: fault.path,
            facts: fault.facts,
        }
    }
}

/// What a check found has the words of findings, which know its facts: some of their codes are faults as well.
fn words_of(fault: &Fault) -> String {
    let flow = format!("flow_problem.{}", fault.code);
    if has(&flow) {
        return flow;
    }
    let (own, finding) = (format!("fault.{}", fault.code), format!("finding.{}.message", fault.code));
    let checked = fault.facts.contains_key("asked") || !has(&own);
    match (checked && has(&finding), has(&own)) {
        (true, _) => finding,
        (false, true) => own,
        (false, false) => "fault.other".to_owned(),
    }
}

/// Names of types are codes, everything else is what was sent.
fn fact(name: &str, value: &str) -> Text {
    match name {
        "expected" => named("expected", value),
        "connector_state" => named("connector_state", value),
        "right" | "other_right" => named("permission", value),
        _ => Text::plain(value),
    }
}

impl From<FindingView> for FaultView {
    fn from(finding: FindingView) -> Self {
        Self {
            id: finding.id,
            code: finding.code,
            severity: finding.severity,
            path: finding.path,
            facts: finding.facts,
            message: finding.message,
        }
    }
}

impl Problem {
    pub fn new(status: StatusCode, code: &str) -> Self {
        Self {
            status,
            code: code.to_owned(),
            facts: Vec::new(),
            beside: None,
            faults: Vec::new(),
            intake: None,
            retry_after_s: None,
        }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Text>) -> Self {
        self.facts.push((name, value.into()));
        self
    }

    /// Chooses among the words of its detail.
    #[must_use]
    pub fn said(mut self, told: &'static str) -> Self {
        self.beside.get_or_insert_default().told = Some(told);
        self
    }

    #[must_use]
    pub fn at(mut self, name: &'static str, at_ms: i64) -> Self {
        self.beside.get_or_insert_default().moments.push((name, at_ms));
        self
    }

    #[must_use]
    pub fn faults(mut self, faults: Vec<Fault>) -> Self {
        self.facts.push(("n", Text::plain(faults.len().to_string())));
        self.faults = faults.into_iter().map(FaultView::from).collect();
        self
    }

    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found")
    }

    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized")
    }

    /// Somebody of the company has no right to it: with the roles that have, and who gives roles.
    pub fn forbidden(permission: Permission, people: &Directory) -> Self {
        let own = &people.own_roles;
        let roles = own.codes().filter(|role| own.rights_of(role).has(permission));
        let roles: Vec<Text> = roles.map(|role| role_name(own, role)).collect();
        Self::new(StatusCode::FORBIDDEN, "forbidden")
            .with("permission", named("permission", permission.name()))
            .with("roles", list(&roles))
            .with("people", grantors(people))
    }

    pub fn bad_query(name: &'static str, found: &str) -> Self {
        let found: String = found.chars().take(60).collect();
        Self::bad_queries(vec![Fault::new("bad_query", name).with("found", found)])
    }

    /// All values of a query that mean nothing, at once.
    pub fn bad_queries(faults: Vec<Fault>) -> Self {
        let names: Vec<Text> = faults.iter().map(|fault| Text::plain(&fault.path)).collect();
        let found = |fault: &Fault| Text::plain(fault.facts.get("found").cloned().unwrap_or_default());
        let found: Vec<Text> = faults.iter().map(found).collect();
        let problem = Self::new(StatusCode::BAD_REQUEST, "bad_query");
        let problem = if faults.len() > 1 { problem.said("several") } else { problem };
        problem.with("name", list(&names)).with("found", list(&found)).faults(faults)
    }

    pub fn bug(why: &str) -> Self {
        tracing::error!(why, "defect");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "bug")
    }

    /// In words; without a calendar, as for somebody unknown, instants are told in UTC.
    pub fn view(&self, lang: Lang, request_id: &str, clock: Option<&Calendar>) -> ProblemView {
        let mut facts = self.facts.clone();
        let told = |at_ms: i64| match clock {
            Some(calendar) => calendar.text(at_ms),
            None => jiff::Timestamp::from_millisecond(at_ms).unwrap_or_default().to_string(),
        };
        let beside = self.beside.as_deref();
        let moments = beside.map(|beside| beside.moments.as_slice()).unwrap_or_default();
        facts.extend(moments.iter().map(|(name, at_ms)| (*name, Text::plain(told(*at_ms)))));
        facts.push(("code", Text::plain(&self.code)));
        let known = format!("problem.{}", self.code);
        let key = if has(&format!("{known}.title")) { known } else { "problem.refused".to_owned() };
        let told = beside.and_then(|beside| beside.told);
        let detail = told.map_or_else(|| format!("{key}.detail"), |told| format!("{key}.{told}"));
        let mut message = text(&detail, &facts);
        if let Some(intake) = self.intake {
            let kept = text("problem.kept", &[("intake", Text::plain(intake.to_string()))]);
            message.zh = format!("{} · {}", message.zh, kept.zh);
            message.en = format!("{} · {}", message.en, kept.en);
        }
        ProblemView {
            kind: format!("/api/docs#problem-{}", self.code),
            title: text(&format!("{key}.title"), &facts).of(lang).to_owned(),
            status: self.status.as_u16(),
            code: self.code.clone(),
            detail: message.of(lang).to_owned(),
            message,
            findings: self.faults.clone(),
            request_id: request_id.to_owned(),
            intake: self.intake.map(|id| id.to_string()),
        }
    }
}

impl IntoResponse for Problem {
    /// Without words: the border, which knows the language and the request id, puts them in.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

impl From<GateError> for Problem {
    fn from(error: GateError) -> Self {
        match error {
            GateError::Refused(refusal) => Problem::from(refusal),
            GateError::Invalid(faults) => {
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid").faults(faults)
            }
            GateError::KeyReused => Problem::new(StatusCode::CONFLICT, "key_reused"),
            GateError::Busy => {
                Problem { retry_after_s: Some(1), ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy") }
            }
            GateError::StorageFull => Problem::new(StatusCode::INSUFFICIENT_STORAGE, "storage_full"),
            GateError::ReadOnly => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "read_only"),
            GateError::Unusable(why) => unavailable(&why.to_string()),
            GateError::Unavailable(why) => unavailable(&why),
            GateError::Bug(why) => Problem::bug(&why),
        }
    }
}

fn unavailable(why: &str) -> Problem {
    tracing::warn!(why, "the database is not available");
    let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable");
    Problem { retry_after_s: Some(5), ..problem }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Problem::from(GateError::from(error))
    }
}

impl From<QueryError> for Problem {
    fn from(error: QueryError) -> Self {
        match error {
            QueryError::NotFound => Problem::not_found(),
            QueryError::Store(error) => Problem::from(error),
            QueryError::Bug(why) => Problem::bug(&why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_show_what_was_found() {
        let shown = |fault: Fault| FaultView::from(fault).message.en;
        let checked = Fault::new("unknown_product", "lines[0].product").with("asked", "P-9");
        assert_eq!(shown(checked), "Line 1 Product: product \"P-9\" is not known");
        let put = Fault::new("unknown_product", "items[0].product").with("found", "P-9");
        assert_eq!(shown(put), "items[0].product: there is no product \"P-9\"");
        let negative = Fault::new("negative_number", "on_hand").with("found", "-5");
        assert_eq!(shown(negative), "on_hand: -5 must not be negative");
    }

    #[test]
    fn every_fault_code_in_the_sources_has_words() {
        let here = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let mut folders = vec![here.join("src"), here.join("../ordain-app/src")];
        let mut seen = 0;
        while let Some(folder) = folders.pop() {
            for path in std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()) {
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let source = std::fs::read_to_string(&path).unwrap();
                let source = source.split("#[cfg(test)]").next().unwrap();
                for code in source.split("Fault::new(\"").skip(1).filter_map(|part| part.split('"').next()) {
                    let worded = has(&format!("fault.{code}")) || has(&format!("finding.{code}.message"));
                    assert!(worded, "{code} in {}", path.display());
                    seen += 1;
                }
            }
        }
        assert!(seen > 40);
    }

    /// Codes stand in the sources as they are; each must have its words.
    #[test]
    fn every_problem_code_in_the_sources_has_words() {
        let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
        let mut seen = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let source = std::fs::read_to_string(&path).unwrap();
                // Tests hold pieces of code that are none.
                let source = source.split("#[cfg(test)]").next().unwrap();
                for part in source.split("Problem::new(StatusCode::").skip(1) {
                    let Some(code) = part.split_once(", \"").and_then(|(_, rest)| rest.split('"').next())
                    else {
                        continue;
                    };
                    assert!(has(&format!("problem.{code}.title")), "{code} in {}", path.display());
                    seen += 1;
                }
            }
        }
        assert!(seen > 20);
    }
}
