//! Sheets of paper from the shell, beside a running server or from a copy while there is none.

use super::{DatabaseArgs, Failed, Outcome, lang, open, path_text, say};
use crate::paper::Printer;
use crate::words::{Lang, Text};
use clap::{Args, Subcommand};
use ordain_app::clock::Clock;
use ordain_app::gate::load_house;
use ordain_app::query::order::under_way;
use ordain_app::rights::Caller;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use uuid::Uuid;

#[derive(Subcommand)]
pub(super) enum SheetsCommand {
    /// Every order under way, with what it waits for and room to write on.
    OpenOrders(SheetArgs),
    /// Blank orders, to take orders on paper.
    BlankOrder(BlankArgs),
}

#[derive(Args)]
pub(super) struct SheetArgs {
    #[command(flatten)]
    at: DatabaseArgs,
    /// The new HTML file; without it the sheets go to stdout.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// `zh` or `en`; without it the language of the terminal.
    #[arg(long)]
    lang: Option<String>,
}

#[derive(Args)]
pub(super) struct BlankArgs {
    #[command(flatten)]
    sheet: SheetArgs,
    /// How many.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=500))]
    copies: u16,
}

pub(super) fn run(command: SheetsCommand) -> Outcome {
    match command {
        SheetsCommand::OpenOrders(args) => print(args, None),
        SheetsCommand::BlankOrder(args) => print(args.sheet, Some(args.copies)),
    }
}

fn print(args: SheetArgs, blank: Option<u16>) -> Outcome {
    let store = open::reader(args.at.database)?;
    let org = open::org(&store)?;
    let house = load_house(&store, org)?;
    let company =
        store.orgs()?.into_iter().find(|row| row.org == org).map(|row| row.name).unwrap_or_default();
    // Whoever may read the database may see all of it.
    let lang = args.lang.as_deref().and_then(Lang::parse).unwrap_or_else(lang);
    let token = (Uuid::nil(), "cli".to_owned(), "admin".to_owned());
    let caller = Caller::token(org, token, &house.people.own_roles);
    let now_ms = Clock::Real.now_ms();
    let printer = Printer { house: &house, caller: &caller, company: &company, lang, now_ms };
    let mut out: Box<dyn Write> = match &args.out {
        Some(path) => Box::new(BufWriter::new(create(path)?)),
        None => Box::new(BufWriter::new(std::io::stdout())),
    };
    if let Some(copies) = blank {
        out.write_all(printer.blank_orders(usize::from(copies))?.as_bytes())?;
        return Ok(out.flush()?);
    }
    out.write_all(printer.begin_open_orders()?.as_bytes())?;
    let mut orders = 0;
    under_way(&store, org, None, |case| -> Result<_, Failed> {
        orders += 1;
        out.write_all(printer.open_order(case)?.as_bytes())?;
        Ok(ControlFlow::Continue(()))
    })?;
    out.write_all(printer.end_open_orders(orders, false)?.as_bytes())?;
    Ok(out.flush()?)
}

fn create(path: &PathBuf) -> Result<File, Failed> {
    if path.exists() {
        return Err(Failed(say("exists", &[("path", path_text(path))])));
    }
    File::create_new(path).map_err(|error| {
        Failed(say("cannot_write", &[("path", path_text(path)), ("why", Text::plain(error.to_string()))]))
    })
}
