//! The command line. Results go to stdout, everything else to stderr; it ends with 0, 2 for wrong usage, else 1.

/// Prints a result. A reader that has seen enough and gone away (`| head`) is no failure.
macro_rules! out {
    ($($text:tt)*) => {{
        use std::io::Write;
        let _ = writeln!(std::io::stdout(), $($text)*);
    }};
}
use out;

mod audit;
mod copies;
mod demo;
mod export;
mod flow;
mod import;
mod init;
mod open;
mod refusal;
pub mod remote;
mod rights;
mod serve;
mod sheets;

use crate::words::{Lang, Text, text};
use clap::{Args, Parser, Subcommand};
use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

/// Order confirmation that sales, finance, warehouse and production stand behind.
#[derive(Parser)]
#[command(
    name = "ordain",
    version,
    arg_required_else_help = true,
    after_help = "Start here: `ordain demo` makes a demo company and serves it, with logins for every department."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a demo company from real order data, drive its orders through, and serve it.
    Demo(demo::DemoArgs),
    /// Run the product.
    Serve(serve::ServeArgs),
    /// Create a company in a new database.
    Init(init::InitArgs),
    /// People.
    #[command(subcommand)]
    User(UserCommand),
    /// Access tokens of programs.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Take customers, products, stock, prices or orders from a CSV or XLSX file.
    Import(import::ImportArgs),
    /// Flow documents.
    #[command(subcommand)]
    Flow(flow::FlowCommand),
    /// The log: verify it, or export its signed head.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// The log for the tools of process mining.
    #[command(subcommand)]
    Export(export::ExportCommand),
    /// Sheets of paper, to work by while the system is away.
    #[command(subcommand)]
    Sheets(sheets::SheetsCommand),
    /// Copy the whole database into a new file, beside a running server, and compare both.
    Backup(copies::BackupArgs),
    /// Bring a backup back into a new file or an empty database, and verify it.
    Restore(copies::RestoreArgs),
    /// Move a company between a file and a PostgreSQL server, and verify it there.
    MigrateStore(copies::MigrateArgs),
    /// Print the OpenAPI document.
    Openapi,
    /// Print the table of rights as Markdown.
    #[command(hide = true)]
    Rights,
}

#[derive(Subcommand)]
enum UserCommand {
    /// Add or change a person; a password that was not given is made and printed once.
    Add(init::UserArgs),
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Create a token and print it alone, once.
    Create(init::TokenArgs),
}

/// Where the data is.
#[derive(Args, Clone)]
struct DatabaseArgs {
    /// `sqlite:PATH` or `postgres://USER:PASSWORD@HOST:PORT/NAME`
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub struct Failed(pub String);

impl<E: Display> From<E> for Failed {
    fn from(error: E) -> Self {
        Failed(error.to_string())
    }
}

type Outcome = Result<(), Failed>;

/// The language of the terminal.
fn lang() -> Lang {
    let names = ["LC_ALL", "LC_MESSAGES", "LANG"];
    let set = names.iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    set.and_then(|value| Lang::parse(&value)).unwrap_or(Lang::En)
}

/// Words of the command line in the terminal's language.
fn say(key: &str, args: &[(&str, Text)]) -> String {
    text(&format!("cli.{key}"), args).of(lang()).to_owned()
}

fn path_text(path: &std::path::Path) -> Text {
    Text::plain(path.display().to_string())
}

/// Reads a file that the user named.
fn read_file(path: &Path) -> Result<Vec<u8>, Failed> {
    std::fs::read(path).map_err(|error| cannot_read(path, &error))
}

fn cannot_read(path: &Path, error: &std::io::Error) -> Failed {
    Failed(say("cannot_read", &[("path", path_text(path)), ("why", Text::plain(error.to_string()))]))
}

/// Reads that run at once. Each has a connection to the database with a cache of its own, and what waits costs next to
/// nothing: with the 512 that tokio would start, a thousand clients at once took three times the memory.
const BLOCKING_THREADS: usize = 32;

pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let asked = !error.use_stderr() || std::env::args_os().len() <= 1;
            // Nothing can be done about a closed terminal.
            let _ = error.print();
            return if asked { ExitCode::SUCCESS } else { ExitCode::from(2) };
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(BLOCKING_THREADS)
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let done = runtime.block_on(dispatch(cli.command));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed(why)) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(command: Command) -> Outcome {
    match command {
        Command::Demo(args) => demo::run(args).await,
        Command::Serve(args) => serve::run(args).await,
        Command::Init(args) => init::run(args).await,
        Command::User(UserCommand::Add(args)) => init::add_user(args).await,
        Command::Token(TokenCommand::Create(args)) => init::create_token(args).await,
        Command::Import(args) => import::run(args).await,
        Command::Flow(command) => flow::run(command),
        Command::Audit(command) => audit::run(command),
        Command::Export(command) => export::run(command),
        Command::Sheets(command) => sheets::run(command),
        Command::Backup(args) => copies::backup(&args),
        Command::Restore(args) => copies::restore(&args),
        Command::MigrateStore(args) => copies::migrate(&args),
        Command::Openapi => {
            let document = serde_json::to_string_pretty(&crate::server::openapi::document())?;
            out!("{document}");
            Ok(())
        }
        Command::Rights => {
            out!("{}", rights::markdown().trim_end());
            Ok(())
        }
    }
}
