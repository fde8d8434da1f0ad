//! Flow documents from the shell: the designer's checks, and the document in normal form.

use super::{Failed, Outcome, read_file, say};
use clap::{Subcommand, ValueEnum};
use ordain_app::case::facts::SCHEMA;
use ordain_flow::check::{Severity, check};
use ordain_flow::doc::FlowDoc;
use std::path::PathBuf;

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
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Format {
    Json,
}

fn read(file: &PathBuf) -> Result<FlowDoc, Failed> {
    Ok(serde_json::from_slice(&read_file(file)?)?)
}

pub(super) fn run(command: FlowCommand) -> Outcome {
    match command {
        FlowCommand::Check { file, json } => {
            let report = check(&read(&file)?, &SCHEMA, None);
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
        FlowCommand::Export { file, format: Format::Json } => {
            super::out!("{}", serde_json::to_string_pretty(&read(&file)?)?);
            Ok(())
        }
    }
}
