//! What the demo says of itself: while it goes on, when it is ready, and as a file beside its data.

use crate::commands::{Outcome, path_text, say};
use crate::words::Text;
use ordain_app::case::loss::lost_reason;
use ordain_app::case::{Case, Task, TaskState};
use ordain_domain::order::Status;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::time::Duration;

/// A bar on a terminal, and nothing anywhere else.
pub(super) struct Progress {
    all: usize,
    shown: bool,
}

impl Progress {
    pub(super) fn of(all: usize) -> Self {
        Self { all, shown: std::io::stderr().is_terminal() }
    }

    pub(super) fn show(&self, done: usize) {
        const WIDTH: usize = 40;
        if !self.shown {
            return;
        }
        let all = self.all;
        let filled = WIDTH * done / all.max(1);
        eprint!("\r[{}{}] {done}/{all}", "#".repeat(filled), " ".repeat(WIDTH - filled));
        // A terminal that cannot be written to shows nothing.
        let _ = std::io::stderr().flush();
    }

    pub(super) fn end(&self) {
        if self.shown {
            eprintln!();
        }
    }
}

/// Only its owner may read the file: it holds the password of the demo.
pub(super) fn keep(path: &Path, report: &Value) -> Outcome {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)?.write_all(report.to_string().as_bytes())?;
    Ok(())
}

/// What became of the orders, and how long the Gate took to answer for each.
pub(super) fn summary(cases: &[Case], mut times: Vec<Duration>) -> Value {
    let nobody = |case: &&Case| case.tasks.values().all(|task| task.decision().is_none());
    let confirmed = cases.iter().filter(|case| case.order.confirmed_ms.is_some()).filter(nobody).count();
    let (mut waiting, mut stopped) = (BTreeMap::<String, usize>::new(), BTreeMap::<&str, usize>::new());
    for case in cases {
        for (_, task) in case.open_tasks() {
            *waiting.entry(task.holder.key().to_owned()).or_default() += 1;
        }
        // What is missing, or still to be handed in, is sales' to do; there is no task for it.
        if matches!(case.order.status, Status::Draft | Status::Incomplete) {
            *waiting.entry("sales".to_owned()).or_default() += 1;
        }
        let stands = matches!(case.order.status, Status::Incomplete | Status::InReview);
        let open = case.order.open_findings().filter(|_| stands);
        for code in open.map(|finding| finding.code.name()).collect::<BTreeSet<&str>>() {
            *stopped.entry(code).or_default() += 1;
        }
    }
    times.sort();
    let at = |percent: usize| {
        let time = times.get(times.len().saturating_sub(1) * percent / 100).copied().unwrap_or_default();
        (time.as_micros() as f64) / 1_000.0
    };
    json!({
        "received": cases.len(),
        "confirmed_by_machine": confirmed,
        "waiting": waiting,
        "stopped": stopped,
        "p50_ms": at(50),
        "p95_ms": at(95),
    })
}

/// What people did in the days that were played.
pub(super) fn lived(cases: &[Case], days: u16) -> Value {
    let decided_ms = |task: &Task| match task.state {
        TaskState::Done { at_ms, .. } => Some(at_ms),
        TaskState::Open | TaskState::Closed { .. } => None,
    };
    let tasks = || cases.iter().flat_map(|case| case.tasks.values());
    let decided = || tasks().filter_map(|task| Some((task, decided_ms(task)?)));
    let late = decided().filter(|(task, at)| task.due_ms.is_some_and(|due| due < *at)).count();
    let lost = cases.iter().filter(|case| lost_reason(case).is_some()).count();
    json!({ "days": days, "decided": decided().count(), "late": late, "lost": lost })
}

pub(super) fn print(report: &Value, folder: &Path) {
    let shown = |name: &str| match report.get(name) {
        Some(Value::String(text)) => Text::plain(text),
        Some(Value::Object(map)) => {
            let pairs: Vec<String> = map.iter().map(|(name, n)| format!("{name} {n}")).collect();
            Text::plain(pairs.join(", "))
        }
        Some(other) => Text::plain(other.to_string()),
        None => Text::default(),
    };
    let names =
        ["received", "confirmed_by_machine", "seconds", "left_out", "waiting", "stopped", "p50_ms", "p95_ms"];
    let args = |names: &[&'static str]| -> Vec<(&str, Text)> {
        names.iter().map(|name| (*name, shown(name))).collect()
    };
    let folder_text = [("folder", path_text(folder))];
    out!("{}", say("demo", &[args(&names), folder_text.to_vec()].concat()));
    if report.get("days").is_some() {
        out!("{}", say("demo_lived", &args(&["days", "decided", "late", "lost"])));
    }
    if report.get("url").is_some_and(Value::is_string) {
        out!("{}", say("demo_served", &[("url", shown("url")), ("mail", path_text(&folder.join("mail")))]));
    }
    for login in report.get("logins").and_then(Value::as_array).into_iter().flatten() {
        let field = |name: &str| login.get(name).and_then(Value::as_str).unwrap_or_default();
        out!("  {}\t{}\t{}\t{}", field("login"), field("password"), field("name"), field("role"));
    }
}
