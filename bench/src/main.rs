//! Benchmarks. Every figure stands beside its reference from the same run; nothing here asserts a speed.
//!
//! `ordain-bench [--orders N] [--dir DIR] [--http PROGRAM]`: DIR should lie on the disk that is to be measured.

mod company;
mod engine;
mod http;
mod in_process;
mod measure;
mod reference;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

/// What to measure.
struct Plan {
    orders: usize,
    dir: PathBuf,
    /// The program to measure over HTTP; left out if it is not there.
    program: Option<PathBuf>,
}

fn main() -> ExitCode {
    let plan = match plan(std::env::args().skip(1)) {
        Ok(plan) => plan,
        Err(usage) => {
            eprintln!("{usage}\nusage: ordain-bench [--orders N] [--dir DIR] [--http PROGRAM]");
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
    let mut plan = Plan { orders: 20_000, dir: PathBuf::from("target/bench"), program: None };
    while let Some(flag) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{flag} needs a value"));
        match flag.as_str() {
            "--orders" => plan.orders = value()?.parse().map_err(|_| "--orders takes a number".to_owned())?,
            "--dir" => plan.dir = PathBuf::from(value()?),
            "--http" => plan.program = Some(PathBuf::from(value()?)),
            other => return Err(format!("unknown argument {other}")),
        }
    }
    Ok(plan)
}

fn run(plan: &Plan) -> Result<(), Box<dyn std::error::Error>> {
    std::fs::create_dir_all(&plan.dir)?;
    let dir = tempfile::tempdir_in(&plan.dir)?;
    let mut table = table::Table::default();
    eprintln!("engine alone …");
    table.engine(&engine::measure());
    eprintln!("{} orders of 5 lines in process …", plan.orders);
    let measured = in_process::measure(&dir.path().join("in_process.db"), plan.orders)?;
    eprintln!("bare writes of the same rows in groups of {:.1} …", measured.group);
    let bare = reference::measure(&measured.database, &dir.path().join("bare.db"), measured.group)?;
    table.in_process(&measured, &bare);
    if let Some(program) = &plan.program {
        eprintln!("the same over HTTP, 16 connections …");
        let over_http = http::measure(program, dir.path(), plan.orders)?;
        let bare =
            reference::measure(&over_http.database, &dir.path().join("bare_http.db"), over_http.group)?;
        table.over_http(&over_http, &bare);
    }
    println!("{table}");
    Ok(())
}
