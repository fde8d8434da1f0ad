//! Benchmarks. Every figure stands beside its reference from the same run; nothing here asserts a speed.
//!
//! With `--grow` a database grows to N orders first and is then measured, with `--soak` one program takes orders for N
//! minutes, and nothing else is measured.
//!
//! DIR should lie on the disk that is to be measured. A PostgreSQL server is started for the run, with its files in the
//! folder for temporary ones.

mod company;
mod engine;
mod grow;
mod http;
mod in_process;
mod load;
mod measure;
mod moved;
mod promise;
mod reference;
mod site;
mod steady;
mod table;

use measure::{Measured, Round, Rounds};
use ordain_testkit::home::Home;
use site::Site;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use table::Table;

const USAGE: &str = "usage: ordain-bench [--database sqlite|postgres] [--orders N] [--rounds N] [--dir DIR]
                    [--http PROGRAM] [--grow N | --soak MINUTES]";

/// What to measure.
struct Plan {
    site: Site,
    orders: usize,
    /// How often run and reference are measured in turn; the round with the median ratio is reported.
    rounds: usize,
    dir: PathBuf,
    /// The program to measure over HTTP; left out if it is not there.
    program: Option<PathBuf>,
    /// How many orders a database is to have in which reading, starting and verifying are measured.
    grow: Option<usize>,
    /// For how many minutes one program is to take orders.
    soak: Option<usize>,
}

fn main() -> ExitCode {
    let plan = match plan(std::env::args().skip(1)) {
        Ok(plan) => plan,
        Err(fault) => {
            eprintln!("{fault}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(&plan) {
        Ok(table) => {
            println!("{table}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("benchmark stopped: {error}");
            ExitCode::FAILURE
        }
    }
}

fn plan(mut args: impl Iterator<Item = String>) -> Result<Plan, String> {
    let mut plan = Plan {
        site: Site::Sqlite,
        orders: 10_000,
        rounds: 5,
        dir: PathBuf::from("target/bench"),
        program: None,
        grow: None,
        soak: None,
    };
    while let Some(flag) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{flag} needs a value"));
        let number = |text: String| text.parse().map_err(|_| format!("{flag} takes a number, not `{text}`"));
        match flag.as_str() {
            "--database" => {
                let name = value()?;
                plan.site = Site::parse(&name).ok_or_else(|| format!("unknown database `{name}`"))?;
            }
            "--orders" => plan.orders = number(value()?)?,
            "--rounds" => plan.rounds = number(value()?)?,
            "--dir" => plan.dir = PathBuf::from(value()?),
            "--http" => plan.program = Some(PathBuf::from(value()?)),
            "--grow" => plan.grow = Some(number(value()?)?),
            "--soak" => plan.soak = Some(number(value()?)?),
            other => return Err(format!("unknown argument {other}")),
        }
    }
    Ok(plan)
}

fn run(plan: &Plan) -> Result<Table, Box<dyn std::error::Error>> {
    std::fs::create_dir_all(&plan.dir)?;
    let dir = tempfile::tempdir_in(&plan.dir)?;
    let fresh = |name: &str| plan.site.fresh(dir.path(), name);
    let mut table = Table::default();
    match (plan.grow, plan.soak, &plan.program) {
        (None, None, _) => {}
        (Some(orders), _, Some(program)) => {
            table.grown(&grow::measure(program, &fresh("grown"), orders)?);
            return Ok(table);
        }
        (_, Some(minutes), Some(program)) => {
            let fastest = http::measure(program, fresh("fastest"), plan.orders, 1)?.per_second();
            table.soak(&steady::soak(program, &fresh("soak"), fastest / 2.0, minutes)?);
            return Ok(table);
        }
        (_, _, None) => return Err("--grow and --soak need --http PROGRAM".into()),
    }
    eprintln!("engine alone …");
    table.engine(&engine::measure());
    eprintln!("promises …");
    table.promise(&promise::measure(&fresh("supply"), &fresh("scarce"))?);
    eprintln!("a supply that moves …");
    table.moved(&moved::measure(&fresh("moved"))?);
    let orders = plan.orders;
    let in_process = Rounds::measure(plan.rounds, |round| {
        eprintln!("{orders} orders of 5 lines in process, round {round} …");
        pair(plan, dir.path(), |home| in_process::measure(home, orders, company::order))
    })?;
    table.in_process(&in_process);
    eprintln!("one product in every order …");
    table.hot(&hot(plan, dir.path())?);
    if let Some(program) = &plan.program {
        let over_http = Rounds::measure(plan.rounds, |round| {
            eprintln!("the same over HTTP, round {round} …");
            pair(plan, dir.path(), |home| http::measure(program, home, orders, 1))
        })?;
        table.over_http(&over_http);
        let half = over_http.median().map_or(1.0, |round| round.measured.per_second() / 2.0);
        eprintln!("half of that load …");
        table.steady(&steady::measure(program, &fresh("steady"), half)?);
        if plan.site == Site::Postgres {
            eprintln!("three programs over one database …");
            table.nodes(&nodes(plan, dir.path(), program)?);
        }
    }
    Ok(table)
}

/// A run and its reference, one right after the other on the same disk.
fn pair(
    plan: &Plan,
    dir: &Path,
    run: impl FnOnce(Home) -> Result<Measured, Box<dyn std::error::Error>>,
) -> Result<Round, Box<dyn std::error::Error>> {
    let dir = tempfile::tempdir_in(dir)?;
    let measured = run(plan.site.fresh(dir.path(), "run"))?;
    let bare = reference::measure(&measured.home, &plan.site.fresh(dir.path(), "bare"), measured.group)?;
    Ok(Round { measured, bare })
}

/// Speeds of two runs in turn, orders per second: one that is asked about, and what it is held against.
type Pairs = Vec<(f64, f64)>;

fn hot(plan: &Plan, dir: &Path) -> Result<Pairs, Box<dyn std::error::Error>> {
    (0..plan.rounds.max(1))
        .map(|_| {
            let dir = tempfile::tempdir_in(dir)?;
            let run =
                |name, order| in_process::measure(plan.site.fresh(dir.path(), name), plan.orders, order);
            let (hot, many) = (run("hot", company::hot_order)?, run("many", company::order)?);
            Ok((hot.per_second(), many.per_second()))
        })
        .collect()
}

fn nodes(plan: &Plan, dir: &Path, program: &Path) -> Result<Pairs, Box<dyn std::error::Error>> {
    (0..plan.rounds.max(1))
        .map(|_| {
            let run = |nodes| http::measure(program, plan.site.fresh(dir, "nodes"), plan.orders, nodes);
            Ok((run(3)?.per_second(), run(1)?.per_second()))
        })
        .collect()
}
