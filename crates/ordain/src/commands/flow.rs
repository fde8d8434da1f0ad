//! Flow documents from the shell: the designer's checks, past orders through a draft, and the forms people read.

use super::{DatabaseArgs, Failed, Outcome, open, read_file, say};
use crate::server::problem::FaultView;
use crate::wire::design::problem_texts;
use crate::wire::flow::speaker;
use crate::words::{Lang, of_kinds};
use clap::{Subcommand, ValueEnum};
use ordain_app::admin::read_document;
use ordain_app::case::facts::SCHEMA;
use ordain_app::clock::Clock;
use ordain_app::gate::load_house;
use ordain_app::problem::Fault;
use ordain_app::query::flow::replay;
use ordain_connect::yaml;
use ordain_flow::check::{Severity, check};
use ordain_flow::doc::FlowDoc;
use ordain_flow::run::Flow;
use ordain_flow::words::Names;
use ordain_flow::{bpmn, picture, sop};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::Display;
use std::path::{Path, PathBuf};

#[derive(Subcommand)]
pub(super) enum FlowCommand {
    /// Runs the checks of the designer.
    Check {
        file: PathBuf,
        /// Prints everything found as one JSON object, also where the document cannot be read.
        #[arg(long)]
        json: bool,
    },
    /// Writes the document in another form.
    Export {
        file: PathBuf,
        #[arg(long)]
        format: Format,
        /// `zh` or `en`.
        #[arg(long, default_value = "zh")]
        lang: String,
    },
    /// Sends past orders through the document and says which would go another way; writes nothing.
    Replay {
        file: PathBuf,
        #[command(flatten)]
        at: DatabaseArgs,
        #[arg(long, default_value_t = 30)]
        days: u16,
        #[arg(long)]
        json: bool,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Format {
    Json,
    Svg,
    Sop,
    Bpmn,
}

/// What only the company says where a document is to be in force: its connectors, texts, other flows and saved cases.
const OF_THE_COMPANY: [&str; 6] = ["F-050", "F-054", "F-060", "F-061", "F-062", "F-098"];

/// The document of a file that has to be one.
fn read(file: &Path) -> Result<FlowDoc, Failed> {
    document(file, read_file(file)?).map_err(|faults| {
        Failed(faults.into_iter().map(|fault| fault_told(fault).line()).collect::<Vec<_>>().join("\n"))
    })
}

/// A document as JSON, or as YAML where the file's name says so; otherwise every fault.
fn document(file: &Path, bytes: Vec<u8>) -> Result<FlowDoc, Vec<Fault>> {
    let named = file.extension().and_then(OsStr::to_str).unwrap_or_default().to_ascii_lowercase();
    let value = match named.as_str() {
        "yaml" | "yml" => {
            let text = String::from_utf8(bytes).map_err(|_| vec![Fault::new("not_utf8", "")])?;
            yaml::read(&text).map_err(|at| malformed("malformed_yaml", at.line, at.column))?
        }
        _ => serde_json::from_slice(&bytes)
            .map_err(|at| malformed("malformed_json", at.line(), at.column()))?,
    };
    read_document(&value, "", |doc| check(&doc, &SCHEMA, None).problems)
}

fn malformed(code: &str, line: impl Display, column: impl Display) -> Vec<Fault> {
    vec![Fault::new(code, "").with("at", format!("{line}:{column}"))]
}

/// What stands in the way of a document, whether it could be read or not.
#[derive(Serialize)]
struct Told {
    code: String,
    severity: Severity,
    node: Option<String>,
    /// Where in a document that could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    params: BTreeMap<String, String>,
    text: String,
}

impl Told {
    fn line(&self) -> String {
        let severity = match self.severity {
            Severity::Blocker => "blocker",
            Severity::Warning => "warning",
            Severity::Hint => "hint",
        };
        let node = self.node.as_deref().unwrap_or("-");
        format!("{}\t{severity}\t{node}\t{}", self.code, self.text)
    }
}

fn fault_told(mut fault: Fault) -> Told {
    let node = fault.facts.get("step").cloned();
    let text = FaultView::from(fault.clone()).message.of(super::lang()).to_owned();
    fault.facts.remove("step");
    let Fault { code, path, facts: params } = fault;
    Told { code, severity: Severity::Blocker, node, path: Some(path), params, text }
}

/// The checks that need no company.
fn checked(doc: &FlowDoc) -> (Vec<Told>, Vec<&'static str>) {
    let lang = super::lang();
    let report = check(doc, &SCHEMA, None);
    let not_checked = [report.not_checked.as_slice(), &OF_THE_COMPANY].concat();
    let names = names_of(lang);
    let schema = doc.schema(&SCHEMA);
    let steps = speaker(&names, lang, &schema).naming_steps(doc);
    let texts = problem_texts(&report.problems, doc, &speaker(&steps, lang, &schema), lang);
    let told = report.problems.into_iter().zip(texts).map(|(problem, text)| Told {
        code: problem.code.to_owned(),
        severity: problem.severity,
        node: problem.node,
        path: None,
        params: problem.params,
        text,
    });
    (told.collect(), not_checked)
}

fn names_of(lang: Lang) -> Names {
    of_kinds(lang, &["role", "field", "template", "department"])
}

pub(super) fn run(command: FlowCommand) -> Outcome {
    match command {
        FlowCommand::Check { file, json } => {
            let (problems, not_checked) = match document(&file, read_file(&file)?) {
                Ok(doc) => checked(&doc),
                Err(faults) => (faults.into_iter().map(fault_told).collect(), Vec::new()),
            };
            if json {
                super::out!("{}", json!({ "problems": problems, "not_checked": not_checked }));
            } else {
                for problem in &problems {
                    super::out!("{}", problem.line());
                }
                if !not_checked.is_empty() {
                    let codes = not_checked.join(" ");
                    eprintln!("{}", say("not_checked", &[("codes", codes.as_str().into())]));
                }
            }
            let blocked = problems.iter().any(|problem| problem.severity == Severity::Blocker);
            if blocked { Err(Failed(say("has_blockers", &[]))) } else { Ok(()) }
        }
        FlowCommand::Export { file, format, lang } => {
            let lang = Lang::parse(&lang).unwrap_or_default();
            let names = names_of(lang);
            let doc = read(&file)?;
            let schema = doc.schema(&SCHEMA);
            let speaker = speaker(&names, lang, &schema);
            let text = match format {
                Format::Json => serde_json::to_string_pretty(&doc)?,
                Format::Svg => picture::svg(&doc, &speaker, &BTreeMap::new()),
                Format::Sop => sop::sop(&doc, None, &speaker),
                Format::Bpmn => bpmn::bpmn(&doc, &speaker),
            };
            super::out!("{}", text.trim_end());
            Ok(())
        }
        FlowCommand::Replay { file, at, days, json } => run_replay(&file, at, days, json),
    }
}

fn run_replay(file: &Path, at: DatabaseArgs, days: u16, json: bool) -> Outcome {
    let flow = Flow::compile(read(file)?, &SCHEMA).map_err(|_| Failed(say("has_blockers", &[])))?;
    let store = open::reader(at.database)?;
    let org = open::org(&store)?;
    let house = load_house(&store, org)?;
    let since_ms = Clock::Real.now_ms() - i64::from(days) * 24 * 60 * 60 * 1000;
    let compared = replay(&store, &house, org, &flow, since_ms)?;
    if json {
        super::out!("{}", serde_json::to_string(&compared)?);
        return Ok(());
    }
    super::out!("{}/{}", compared.different, compared.orders);
    for group in &compared.groups {
        let signed = |sign: char, steps: &[std::sync::Arc<str>]| -> Vec<String> {
            steps.iter().map(|step| format!("{sign}{step}")).collect()
        };
        let changes = [signed('+', &group.added), signed('-', &group.removed)].concat();
        // How much longer each takes, in working minutes.
        let (count, minutes) = (group.count, group.minutes);
        super::out!("{count}\t{}\t{minutes:+}\t{}", changes.join(" "), group.orders.join(" "));
    }
    Ok(())
}
