//! The log from the shell: verified off line, and its signed head exported.

use super::{DatabaseArgs, Failed, Outcome, cannot_read, open, path_text, read_file, say};
use crate::words::Text;
use clap::{Args, Subcommand};
use ordain_app::audit::{
    EvidenceError, Problem, Progress, SignedHead, VerifyReport, check_evidence, export_head, verify,
};
use std::fs::File;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

#[derive(Subcommand)]
pub(super) enum AuditCommand {
    /// Recomputes hashes, seals and states, and names the first damage.
    Verify(VerifyArgs),
    /// Prints the signed head, to be kept elsewhere.
    Head(DatabaseArgs),
}

#[derive(Args)]
pub(super) struct VerifyArgs {
    #[command(flatten)]
    at: DatabaseArgs,
    /// Leaves out the states of orders.
    #[arg(long)]
    chain: bool,
    /// A head that was exported earlier.
    #[arg(long, value_name = "FILE")]
    head: Option<PathBuf>,
    /// Verifies this file, which was taken out of a log, instead of a database.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["database", "chain", "head"])]
    evidence: Option<PathBuf>,
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: AuditCommand) -> Outcome {
    match command {
        AuditCommand::Verify(args) => run_verify(args),
        AuditCommand::Head(at) => {
            let store = open::reader(at.database)?;
            let head = export_head(&store, open::org(&store)?)?;
            let head = head.ok_or_else(|| Failed(say("not_sealed", &[])))?;
            super::out!("{}", serde_json::to_string(&head)?);
            Ok(())
        }
    }
}

fn run_verify(args: VerifyArgs) -> Outcome {
    let head: Option<SignedHead> = match &args.head {
        None => None,
        Some(path) => Some(serde_json::from_slice(&read_file(path)?)?),
    };
    let shown = std::io::stderr().is_terminal();
    let mut progress = |progress: Progress| {
        if shown {
            let (Progress::Entries(n) | Progress::Orders(n)) = progress;
            eprint!("\r{n}");
            // A terminal that cannot be written to shows nothing.
            let _ = std::io::stderr().flush();
        }
    };
    let report = match &args.evidence {
        Some(path) => verify_file(path, &mut progress)?,
        None => {
            let store = open::reader(args.at.database)?;
            verify(&store, open::org(&store)?, args.chain, head.as_ref(), &mut progress)?
        }
    };
    if shown {
        eprintln!();
    }
    if args.json {
        super::out!("{}", serde_json::to_string(&report)?);
    } else {
        let n = |n: i64| Text::plain(n.to_string());
        let counts = [
            ("entries", n(report.entries)),
            ("sealed", n(report.sealed)),
            ("unsealed", n(report.unsealed)),
            ("orders", n(report.orders)),
        ];
        super::out!("{}", say("verified", &counts));
        if let Some(key) = report.public_key.filter(|_| args.evidence.is_some()) {
            super::out!("{}", say("verified_key", &[("key", Text::plain(key))]));
        }
    }
    match report.first_problem {
        None => Ok(()),
        Some(problem) => Err(damaged(problem)),
    }
}

fn verify_file(path: &Path, progress: &mut dyn FnMut(Progress)) -> Result<VerifyReport, Failed> {
    let file = File::open(path).map_err(|error| cannot_read(path, &error))?;
    check_evidence(file, progress).map_err(|error| match error {
        EvidenceError::Foreign => Failed(say("not_evidence", &[("path", path_text(path))])),
        other => Failed(other.to_string()),
    })
}

/// Names a damage with its place.
pub(super) fn damaged(problem: Problem) -> Failed {
    let differs = problem.differs.unwrap_or_default();
    let key = if differs.expected.is_empty() { "damaged" } else { "damaged_row" };
    let facts = [
        ("seq", Text::plain(problem.seq.to_string())),
        ("subject", Text::plain(problem.subject)),
        ("kind", Text::plain(problem.kind.name())),
        ("detail", Text::plain(problem.detail)),
        ("expected", Text::plain(differs.expected)),
        ("stored", Text::plain(differs.stored)),
    ];
    Failed(say(key, &facts))
}
