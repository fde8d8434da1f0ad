//! Benchmarks. Every figure stands beside its reference from the same run; nothing here asserts a speed.
//!
//! With `--grow` a database grows to N orders first and is then measured, and nothing else is.
//!
//! `ordain-bench [--orders N] [--rounds N] [--dir DIR] [--http PROGRAM] [--grow N]`: DIR should lie on the disk that is to be measured.

mod company;
mod engine;
mod grow;
mod http;
mod in_process;
mod measure;
mod moved;
mod promise;
mod reference;
mod table;

use measure::{Measured, Round, Rounds};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What to measure.
struct Plan {
    orders: usize,
    /// How often run and reference are measured in turn; the round with the median ratio is reported.
    rounds: usize,
    dir: PathBuf,
    /// The program to measure over HTTP; left out if it is not there.
    program: Option<PathBuf>,
    /// How many orders a database is to have in which reading, starting and verifying are measured.
    grow: Option<usize>,
}

fn main() -> ExitCode {
    let plan = match plan(std::env::args().skip(1)) {
        Ok(plan) => plan,
        Err(usage) => {
            eprintln!(
                "{usage}\nusage: ordain-bench [--orders N] [--rounds N] [--dir DIR] [--http PROGRAM] [--grow N]"
            );
            return ExitCode::from(2);
        }
    };
    match run(&plan) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("benchmark stopped: {error}");
            ExitCode::FAILURE
        }
    }
}

fn plan(mut args: impl Iterator<Item = String>) -> Result<Plan, String> {
    let mut plan =
        Plan { orders: 10_000, rounds: 5, dir: PathBuf::from("target/bench"), program: None, grow: None };
    while let Some(flag) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{flag} needs a value"));
        match flag.as_str() {
            "--orders" => plan.orders = value()?.parse().map_err(|_| "--orders takes a number".to_owned())?,
            "--rounds" => plan.rounds = value()?.parse().map_err(|_| "--rounds takes a number".to_owned())?,
            "--dir" => plan.dir = PathBuf::from(value()?),
            "--http" => plan.program = Some(PathBuf::from(value()?)),
            "--grow" => plan.grow = Some(value()?.parse().map_err(|_| "--grow takes a number".to_owned())?),
            other => return Err(format!("unknown argument {other}")),
        }
    }
    Ok(plan)
}

fn run(plan: &Plan) -> Result<(), Box<dyn std::error::Error>> {
    std::fs::create_dir_all(&plan.dir)?;
    let dir = tempfile::tempdir_in(&plan.dir)?;
    let mut table = table::Table::default();
    if let Some(orders) = plan.grow {
        let program = plan.program.as_deref().ok_or("--grow needs --http PROGRAM")?;
        table.grown(&grow::measure(program, dir.path(), orders)?);
        println!("{table}");
        return Ok(());
    }
    eprintln!("engine alone …");
    table.engine(&engine::measure());
    eprintln!("promises …");
    table.promise(&promise::measure(dir.path())?);
    eprintln!("a supply that moves …");
    table.moved(&moved::measure(dir.path())?);
    let orders = plan.orders;
    let in_process = Rounds::measure(plan.rounds, |round| {
        eprintln!("{orders} orders of 5 lines in process, round {round} …");
        pair(dir.path(), |at| in_process::measure(&at.join("run.db"), orders))
    })?;
    table.in_process(&in_process);
    if let Some(program) = &plan.program {
        let over_http = Rounds::measure(plan.rounds, |round| {
            eprintln!("the same over HTTP, 16 connections, round {round} …");
            pair(dir.path(), |at| http::measure(program, at, orders))
        })?;
        table.over_http(&over_http);
    }
    println!("{table}");
    Ok(())
}

/// A run and its reference, one right after the other on the same disk.
fn pair(
    dir: &Path,
    run: impl FnOnce(&Path) -> Result<Measured, Box<dyn std::error::Error>>,
) -> Result<Round, Box<dyn std::error::Error>> {
    let dir = tempfile::tempdir_in(dir)?;
    let measured = run(dir.path())?;
    let bare = reference::measure(&measured.database, &dir.path().join("bare.db"), measured.group)?;
    Ok(Round { measured, bare })
}
