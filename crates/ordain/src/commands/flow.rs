//! Flow documents from the shell: the designer's checks, past orders through a draft, and the forms people read.

use super::{DatabaseArgs, Failed, Outcome, open, read_file, say};
use crate::server::problem::FaultView;
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
use ordain_flow::{bpmn, picture, sop};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::Display;
use std::path::{Path, PathBuf};

#[derive(Subcommand)]
pub(super) enum FlowCommand {
    /// Runs the checks of the designer.
    Check {
        file: PathBuf,
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

/// A document as JSON, or as YAML where the file's name says so.
fn read(file: &Path) -> Result<FlowDoc, Failed> {
    let bytes = read_file(file)?;
    let named = file.extension().and_then(OsStr::to_str).unwrap_or_default().to_ascii_lowercase();
    let value = match named.as_str() {
        "yaml" | "yml" => {
            let text = String::from_utf8(bytes).map_err(|_| refused(vec![Fault::new("not_utf8", "")]))?;
            yaml::read(&text).map_err(|at| malformed("malformed_yaml", at.line, at.column))?
        }
        _ => serde_json::from_slice(&bytes)
            .map_err(|at| malformed("malformed_json", at.line(), at.column()))?,
    };
    read_document(&value, "", |doc| check(&doc, &SCHEMA, None).problems).map_err(refused)
}

fn malformed(code: &str, line: impl Display, column: impl Display) -> Failed {
    refused(vec![Fault::new(code, "").with("at", format!("{line}:{column}"))])
}

/// Every fault, one a line.
fn refused(faults: Vec<Fault>) -> Failed {
    let lang = super::lang();
    let line = |fault: Fault| {
        let step = fault.facts.get("step").map_or_else(|| "-".to_owned(), Clone::clone);
        format!("{step}\t{}", FaultView::from(fault).message.of(lang))
    };
    Failed(faults.into_iter().map(line).collect::<Vec<_>>().join("\n"))
}

pub(super) fn run(command: FlowCommand) -> Outcome {
    match command {
        FlowCommand::Check { file, json } => {
            let mut report = check(&read(&file)?, &SCHEMA, None);
            report.not_checked.extend(OF_THE_COMPANY);
            if json {
                super::out!("{}", serde_json::to_string(&report)?);
            } else {
                for problem in &report.problems {
                    let mark = match problem.severity {
                        Severity::Blocker => "blocker",
                        Severity::Warning => "warning",
                        Severity::Hint => "hint",
                    };
                    let params: Vec<String> =
                        problem.params.iter().map(|(name, value)| format!("{name}={value}")).collect();
                    let node = problem.node.as_deref().unwrap_or("-");
                    super::out!("{}\t{mark}\t{node}\t{}", problem.code, params.join(" "));
                }
                let unchecked = report.not_checked.join(" ");
                eprintln!("{}", say("not_checked", &[("codes", unchecked.as_str().into())]));
            }
            if report.may_be_published() { Ok(()) } else { Err(Failed(say("has_blockers", &[]))) }
        }
        FlowCommand::Export { file, format, lang } => {
            let lang = Lang::parse(&lang).unwrap_or_default();
            let names = of_kinds(lang, &["role", "field", "template", "department"]);
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
