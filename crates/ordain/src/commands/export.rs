//! The log as a file for the tools of process mining, beside a running server.

use super::{DatabaseArgs, Failed, Outcome, open, path_text, say};
use crate::words::Text;
use clap::{Args, Subcommand, ValueEnum};
use ordain_app::case::world::House;
use ordain_app::event_log::{Span, tell_masters, tell_orders};
use ordain_app::gate::load_house;
use ordain_connect::event_log::{EVENT_FACTS, LogEvent, LogObject, OcelWriter, Trace, XesWriter, instant};
use ordain_store::{OcelFile, OcelPart, OcelRow, Store};
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

#[derive(Subcommand)]
pub(super) enum ExportCommand {
    /// An event log in the form of OCEL 2.0: orders, tasks, customers and products with what happened to them.
    Ocel(OcelArgs),
    /// An event log in the form of XES: a trace for each order.
    Xes(ExportArgs),
}

#[derive(Args)]
pub(super) struct ExportArgs {
    #[command(flatten)]
    at: DatabaseArgs,
    /// The new file.
    file: PathBuf,
}

#[derive(Args)]
pub(super) struct OcelArgs {
    #[command(flatten)]
    export: ExportArgs,
    #[arg(long, value_enum, default_value_t = OcelForm::Json)]
    form: OcelForm,
}

#[derive(Clone, Copy, ValueEnum)]
enum OcelForm {
    Json,
    Sqlite,
}

pub(super) fn run(command: ExportCommand) -> Outcome {
    let (args, write): (ExportArgs, fn(&Source, &Path) -> Outcome) = match command {
        ExportCommand::Xes(args) => (args, xes),
        ExportCommand::Ocel(OcelArgs { export, form: OcelForm::Json }) => (export, ocel),
        ExportCommand::Ocel(OcelArgs { export, form: OcelForm::Sqlite }) => (export, ocel_file),
    };
    let store = open::reader(args.at.database)?;
    let org = open::org(&store)?;
    let house = load_house(&store, org)?;
    let span = Span::now(&store, org, (0, i64::MAX))?;
    let source = Source { store, house, org, span };
    let path = [("path", path_text(&args.file))];
    // Made empty by whoever is first, so that nothing is ever overwritten.
    File::create_new(&args.file).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Failed(say("exists", &path)),
        _ => Failed(say("cannot_write", &[path[0].clone(), ("why", Text::plain(error.to_string()))])),
    })?;
    write(&source, &args.file).inspect_err(|_| {
        // Half a log would be read as a whole one. What cannot be removed was named by the failure.
        let _ = std::fs::remove_file(&args.file);
    })
}

struct Source {
    store: Store,
    house: House,
    org: i64,
    span: Span,
}

fn out(path: &Path) -> Result<BufWriter<File>, Failed> {
    Ok(BufWriter::new(File::create(path)?))
}

fn xes(source: &Source, path: &Path) -> Outcome {
    let mut writer = XesWriter::begin(out(path)?)?;
    tell_orders(&source.store, &source.house, source.org, source.span, |trace| Ok(writer.trace(trace)?))?;
    Ok(writer.finish()?)
}

fn ocel(source: &Source, path: &Path) -> Outcome {
    let Source { store, house, org, span } = source;
    let mut writer = OcelWriter::begin(out(path)?)?;
    tell_orders(store, house, *org, *span, |trace| Ok(writer.objects(trace)?))?;
    tell_masters(store, *org, |object| Ok(writer.object(object)?))?;
    writer.begin_events()?;
    tell_orders(store, house, *org, *span, |trace| Ok(writer.events(trace)?))?;
    Ok(writer.finish()?)
}

fn ocel_file(source: &Source, path: &Path) -> Outcome {
    let mut file = OcelFile::create(path)?;
    tell_orders(&source.store, &source.house, source.org, source.span, |trace| {
        Ok(add_trace(&mut file, trace)?)
    })?;
    tell_masters(&source.store, source.org, |found| Ok(add_object(&mut file, found)?))?;
    Ok(file.finish()?)
}

fn add_trace(file: &mut OcelFile, trace: &Trace) -> Result<(), ordain_store::StoreError> {
    add_object(file, &trace.order)?;
    trace.tasks.iter().try_for_each(|task| add_object(file, task))?;
    trace.events.iter().try_for_each(|event| add_event(file, event, &trace.order.id))
}

fn add_object(file: &mut OcelFile, object: &LogObject) -> Result<(), ordain_store::StoreError> {
    let facts: Vec<_> = object.facts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let refers: Vec<_> = object.refers.iter().map(|(id, role)| (id.as_str(), *role)).collect();
    let row = OcelRow {
        id: &object.id,
        kind: object.kind.name(),
        at: &instant(object.since_us),
        columns: object.kind.facts(),
        facts: &facts,
        refers: &refers,
    };
    file.add(OcelPart::Object, &row)
}

fn add_event(file: &mut OcelFile, event: &LogEvent, order: &str) -> Result<(), ordain_store::StoreError> {
    let task = event.task.as_deref().map(|task| (task, "task"));
    let refers: Vec<_> = [(order, "order")].into_iter().chain(task).collect();
    let row = OcelRow {
        id: &event.id,
        kind: &event.kind(),
        at: &instant(event.at_us),
        columns: &EVENT_FACTS,
        facts: &event.facts(),
        refers: &refers,
    };
    file.add(OcelPart::Event, &row)
}
