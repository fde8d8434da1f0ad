//! The flow as a procedure that people can be given: every step with its number, who acts and until when, how it is
//! done, and where it goes on. Markdown, in one language; made from the same document that runs.

use crate::doc::{CheckRule, FlowDoc, Lane, Node, NodeKind, OnFail, Scope};
use crate::words::{Speaker, grouped};
use std::collections::BTreeMap;

/// The procedure of a flow. `version` is left out for drafts.
pub fn sop(doc: &FlowDoc, version: Option<u32>, speaker: &Speaker<'_>) -> String {
    let names = speaker.naming_steps(doc);
    let speaker = Speaker { names: &names, ..*speaker };
    let mut writer = Writer { speaker, numbers: numbers(doc), out: String::new() };
    writer.head(doc, version);
    writer.sequence(&doc.steps, "", &writer.speaker.word("sop.finished"));
    writer.out
}

/// Which orders a scope admits, in words.
pub fn scope_words(scope: &Scope, speaker: &Speaker<'_>) -> String {
    let lists = [
        ("scope.order_types", &scope.order_types),
        ("scope.channels", &scope.channels),
        ("scope.customer_levels", &scope.customer_levels),
        ("scope.regions", &scope.regions),
    ];
    let listed = lists.iter().filter(|(_, values)| !values.is_empty()).map(|(key, values)| {
        let values = speaker.list(values.iter().cloned());
        speaker.say("scope.is", &[("field", &speaker.word(key)), ("value", &values)])
    });
    let mut said: Vec<String> = listed.collect();
    for (key, amount) in [("scope.amount_from", scope.amount_from), ("scope.amount_to", scope.amount_to)] {
        said.extend(amount.map(|amount| speaker.say(key, &[("amount", &grouped(&amount))])));
    }
    if said.is_empty() {
        said.push(speaker.word("sop.scope_all"));
    }
    if scope.priority != 0 {
        said.push(speaker.say("scope.priority", &[("n", &scope.priority.to_string())]));
    }
    speaker.parts(said)
}

/// Step numbers by id: `3`, inside its second lane `3.2.1`.
pub fn numbers(doc: &FlowDoc) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    number(&doc.steps, "", &mut found);
    found
}

fn number(steps: &[Node], prefix: &str, found: &mut BTreeMap<String, String>) {
    for (position, node) in steps.iter().enumerate() {
        let own = format!("{prefix}{}", position + 1);
        for (at, lane) in node.lanes().iter().enumerate() {
            number(&lane.steps, &format!("{own}.{}.", at + 1), found);
        }
        found.insert(node.id.clone(), own);
    }
}

/// Settings of steps of every type that are told of each.
const COMMON: [&str; 4] = ["description", "customer_name", "step_tags", "on_error"];

/// Settings of a start that its sentence does not say.
const AT_START: [&str; 5] = ["starters", "must_pass", "recall", "title", "summary"];

struct Writer<'a> {
    speaker: Speaker<'a>,
    numbers: BTreeMap<String, String>,
    out: String,
}

impl Writer<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// A bullet with its label; nothing without a value.
    fn item(&mut self, key: &str, value: &str) {
        if !value.is_empty() {
            let label = format!("**{}**", self.speaker.word(key));
            let said = self.speaker.say("sop.pair", &[("label", &label), ("value", value)]);
            self.line(&format!("- {said}"));
        }
    }

    fn head(&mut self, doc: &FlowDoc, version: Option<u32>) {
        let name = plain(&self.speaker.text(&doc.name));
        self.line(&format!("# {}\n", self.speaker.say("sop.title", &[("name", &name)])));
        if let Some(version) = version {
            self.line(&format!("{}\n", self.speaker.say("sop.version", &[("n", &version.to_string())])));
        }
        let (scope, admin) =
            (scope_words(&doc.scope, &self.speaker), self.speaker.parties(&doc.process_admin));
        if doc.critical {
            self.item("sop.release", &self.speaker.word("flow.critical"));
        }
        if !doc.purpose.is_confirmation() {
            self.item("sop.purpose", &plain(&self.speaker.purpose(doc.purpose)));
        }
        self.item("sop.scope", &plain(&scope));
        if !doc.sensitive.is_empty() {
            self.item("sop.sensitive", &plain(&self.speaker.sensitive(&doc.sensitive)));
        }
        if !doc.fields.is_empty() {
            self.item("sop.fields", &plain(&self.speaker.custom_fields(&doc.fields)));
        }
        self.item("sop.process_admin", &plain(&admin));
        self.glance(doc);
    }

    fn glance(&mut self, doc: &FlowDoc) {
        let heading = self.speaker.word("sop.contents");
        self.line(&format!("\n## {heading}\n"));
        let columns = ["sop.no", "sop.name", "sop.type", "sop.who", "sop.deadline"];
        let columns: Vec<_> = columns.iter().map(|key| self.speaker.word(key)).collect();
        self.line(&format!("| {} |", columns.join(" | ")));
        self.line(&format!("|{}", " --- |".repeat(columns.len())));
        for place in crate::doc::walk(doc) {
            let node = place.node;
            let person = node.person();
            let cells = [
                self.numbers.get(&node.id).cloned().unwrap_or_default(),
                self.speaker.text(&node.name),
                self.speaker.type_word(node),
                person.map(|person| self.speaker.sources(&person.assignee)).unwrap_or_default(),
                person.map(|person| self.speaker.deadline(person)).unwrap_or_default(),
            ];
            let cells: Vec<_> = cells.iter().map(|cell| plain(cell).replace('|', "\\|")).collect();
            self.line(&format!("| {} |", cells.join(" | ")));
        }
    }

    fn titled(&self, node: &Node) -> String {
        let no = self.numbers.get(&node.id).map(String::as_str).unwrap_or_default();
        self.speaker.say("sop.to_step", &[("no", no), ("name", &plain(&self.speaker.text(&node.name)))])
    }

    /// `after` says where the sequence as a whole leads.
    fn sequence(&mut self, steps: &[Node], lane: &str, after: &str) {
        if steps.is_empty() {
            let none = self.speaker.word("sop.none");
            self.line(&format!("{none}\n"));
        }
        for (position, node) in steps.iter().enumerate() {
            let next = steps.get(position + 1).map_or_else(|| after.to_owned(), |next| self.titled(next));
            self.step(node, lane, &next);
        }
    }

    fn step(&mut self, node: &Node, lane: &str, next: &str) {
        let depth = if lane.is_empty() { "##" } else { "###" };
        let title = self.titled(node);
        self.line(&format!("\n{depth} {title}\n"));
        self.item("sop.type", &self.speaker.type_word(node));
        if let Some(department) = &node.department {
            self.item("sop.department", &plain(&self.speaker.name("department", department)));
        }
        for key in COMMON {
            if crate::words::settings(node).contains_key(key) {
                self.item(&format!("setting.{key}"), &plain(&self.speaker.setting(node, key)));
            }
        }
        self.does(node);
        let next = self.leads_to(node, next);
        self.item("sop.next", &next);
        self.branches(node, &next);
    }

    fn does(&mut self, node: &Node) {
        let speaker = self.speaker;
        let Some(person) = node.person() else {
            self.item("sop.does", &plain(&speaker.sentence(node)));
            if let NodeKind::AutoCheck { checks, .. } = &node.kind {
                self.if_checks_fail(checks);
            }
            let given = crate::words::settings(node);
            for key in AT_START.into_iter().filter(|key| given.contains_key(*key)) {
                self.item(&format!("setting.{key}"), &plain(&speaker.setting(node, key)));
            }
            return;
        };
        let told = |key: &str| plain(&speaker.setting(node, key));
        self.item("sop.who", &told("assignee"));
        if person.backup.is_some() {
            self.item("sop.backup", &told("backup"));
        }
        self.item("setting.vote", &told("vote"));
        self.item("sop.deadline", &plain(&speaker.deadline(person)));
        self.item("sop.before", &speaker.list(speaker.deadline_rules(person)));
        let given = crate::words::settings(node);
        let said_elsewhere =
            ["assignee", "backup", "vote", "deadline", "sop", "checklist", "type", "stage", "department"];
        let said = |key: &str| said_elsewhere.contains(&key) || COMMON.contains(&key);
        for key in given.keys().filter(|key| !said(key)) {
            self.item(&format!("setting.{key}"), &told(key));
        }
        if let NodeKind::Task(task) = &node.kind
            && !task.checklist.is_empty()
        {
            self.item("sop.checklist", " ");
            for point in &task.checklist {
                let point = plain(&speaker.text(point));
                self.line(&format!("  - [ ] {point}"));
            }
        }
        if !person.sop.is_blank() {
            let how = speaker.word("sop.work");
            self.line(&format!("- **{how}**\n"));
            for line in speaker.text(&person.sop).lines() {
                self.line(&format!("  > {}", plain(line)));
            }
            self.line("");
        }
    }

    fn if_checks_fail(&mut self, checks: &[CheckRule]) {
        let consequences = [
            (OnFail::Return, "sop.returned_if"),
            (OnFail::Branch, "sop.branched_if"),
            (OnFail::Exception, "sop.raised_if"),
        ];
        for (then, key) in consequences {
            let failing = checks.iter().filter(|rule| rule.on_fail == then).map(|rule| rule.check.clone());
            let failing = self.speaker.checks(&failing.collect::<Vec<_>>());
            if !failing.is_empty() {
                let said = self.speaker.say(key, &[("checks", &failing)]);
                self.line(&format!("- {said}"));
            }
        }
        for tolerance in checks.iter().filter_map(|rule| rule.tolerance_permille) {
            let said = self.speaker.say("sop.tolerance", &[("n", &tolerance.to_string())]);
            self.line(&format!("- {said}"));
        }
    }

    fn leads_to(&self, node: &Node, next: &str) -> String {
        match &node.kind {
            NodeKind::End { .. } => self.speaker.word("sop.finished"),
            NodeKind::GoTo { target, when, .. } => {
                let no = self.numbers.get(target).map(String::as_str).unwrap_or_default();
                let name = plain(&self.speaker.name("step", target));
                let back = self.speaker.say("sop.back_to", &[("no", no), ("name", &name)]);
                match when {
                    Some(when) => {
                        let when = self.speaker.when(when);
                        let on = self.speaker.say("sop.else_on", &[("next", next)]);
                        plain(&self.speaker.parts([when, back, on]))
                    }
                    None => back,
                }
            }
            _ => next.to_owned(),
        }
    }

    fn branches(&mut self, node: &Node, after: &str) {
        let own = self.numbers.get(&node.id).cloned().unwrap_or_default();
        for (at, lane) in node.lanes().iter().enumerate() {
            let no = format!("{own}.{}", at + 1);
            let name = plain(&self.speaker.text(&lane.name));
            let heading = self.speaker.say("sop.lane", &[("no", &no), ("name", &name)]);
            self.line(&format!("\n### {heading}\n"));
            let when = plain(&lane_words(node, lane, &self.speaker));
            self.line(&format!("*{when}*\n"));
            self.sequence(&lane.steps, &no, after);
        }
    }
}

/// When a lane is entered, in words.
pub(crate) fn lane_words(node: &Node, lane: &Lane, speaker: &Speaker<'_>) -> String {
    match (&lane.when, &node.kind) {
        (Some(when), _) => speaker.when(when),
        (None, NodeKind::Parallel { .. }) => speaker.word("sop.lane_always"),
        (None, _) => speaker.word(side_key(node)),
    }
}

/// The words for what leads into the one lane of a step that may go wrong.
pub(crate) fn side_key(node: &Node) -> &'static str {
    match &node.kind {
        NodeKind::WaitEvent(_) => "sop.lane_timeout",
        NodeKind::ConnectorCall(_) => "sop.lane_failure",
        NodeKind::Subflow(_) => "sop.lane_subflow",
        NodeKind::Delay(_) => "sop.lane_too_long",
        NodeKind::AutoCheck { .. } => "sop.lane_check",
        _ => "sop.lane_otherwise",
    }
}

/// What people wrote, as text and never as markup.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            '<' | '`' | '*' | '_' | '[' | ']' | '\\' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}
