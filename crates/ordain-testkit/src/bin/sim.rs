//! Plays seeded companies and prints each seed with the hash of the resulting log, which is the same every time.

use ordain_testkit::sim::gate::{self, Options};
use ordain_testkit::sim::life::{self, Breach, Report};
use ordain_testkit::sim::rules::Broken;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

const HELP: &str = "\
sim [--seed N | --seeds N] [--commands N] [--broken NAME]
    Pure decisions over virtual time: a company of random flows, of 500 commands unless told otherwise.
    --seed N      that one company; a run that fails names its seed, and this plays it again
    --seeds N     companies 1 to N, on every core
    --commands N  commands of each company
    --broken NAME with a planted mistake, for instance IgnoresFourEyes
sim --gate [--seed N] [--commands N] [--single] [--no-crashes] [--no-twins]
    The standard flow on the real Gate and a real database, of 100,000 commands unless told otherwise.
    --single      one command in a commit
    --no-crashes  the process is never lost
    --no-twins    no purchase order number comes twice";

struct Asked {
    gate: bool,
    seed: Option<u64>,
    seeds: Option<u64>,
    commands: Option<usize>,
    broken: Option<Broken>,
    options: Options,
}

fn read() -> Result<Asked, String> {
    let options = Options::full(1, 100_000);
    let mut asked = Asked { gate: false, seed: None, seeds: None, commands: None, broken: None, options };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} wants a value"));
        let number = |text: String| text.parse::<u64>().map_err(|_| format!("{text} is no number"));
        match argument.as_str() {
            "--gate" => asked.gate = true,
            "--seed" => asked.seed = Some(number(value()?)?),
            "--seeds" => asked.seeds = Some(number(value()?)?),
            "--commands" => asked.commands = usize::try_from(number(value()?)?).ok(),
            "--broken" => {
                let name = value()?;
                let known = Broken::ALL.into_iter().find(|broken| format!("{broken:?}") == name);
                asked.broken = Some(known.ok_or_else(|| format!("no mistake is called {name}"))?);
            }
            "--single" => asked.options.batched = false,
            "--no-twins" => asked.options.twins = false,
            "--no-crashes" => asked.options.crashes = false,
            "--help" => return Err(String::new()),
            other => return Err(format!("unknown argument {other}")),
        }
    }
    Ok(asked)
}

fn main() -> ExitCode {
    let asked = match read() {
        Ok(asked) => asked,
        Err(problem) => {
            eprintln!("{problem}\n{HELP}");
            return ExitCode::from(2);
        }
    };
    if asked.gate { play_gate(asked) } else { play_lives(&asked) }
}

fn play_lives(asked: &Asked) -> ExitCode {
    let first = asked.seed.unwrap_or(1);
    let last = asked.seeds.map_or(first, |seeds| first + seeds.max(1) - 1);
    let commands = asked.commands.unwrap_or(500);
    let (begun, next) = (Instant::now(), AtomicU64::new(first));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let play = || {
        let mut sum = Report::default();
        loop {
            let seed = next.fetch_add(1, Ordering::SeqCst);
            if seed > last {
                return Ok(sum);
            }
            let report = life::run(seed, commands, asked.broken)?;
            if first == last {
                println!("seed {seed} log {}", report.hash);
            }
            sum.add(&report);
        }
    };
    let done: Vec<Result<Report, Breach>> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..cores).map(|_| scope.spawn(play)).collect();
        all.into_iter().filter_map(|one| one.join().ok()).collect()
    });
    let mut sum = Report::default();
    for one in done {
        match one {
            Ok(report) => sum.add(&report),
            Err(breach) => {
                eprintln!(
                    "seed {} after {} commands: {}\n  {}",
                    breach.seed, breach.commands, breach.what, breach.command
                );
                return ExitCode::FAILURE;
            }
        }
    }
    println!("{sum} in {:.1} s", begun.elapsed().as_secs_f64());
    let missing = sum.coverage.missing();
    if !missing.is_empty() {
        println!("never seen: {missing:?}");
    }
    ExitCode::SUCCESS
}

fn play_gate(asked: Asked) -> ExitCode {
    let Asked { mut options, seed, commands, .. } = asked;
    options.seed = seed.unwrap_or(options.seed);
    options.commands = commands.map_or(options.commands, |commands| commands as u64);
    let begun = Instant::now();
    match gate::run(&options) {
        Ok((report, _)) => {
            println!(
                "commands {} refused {} replayed {} orders {} confirmed {} log {} crashes {} in {:.1} s",
                report.commands,
                report.refused,
                report.replayed,
                report.orders,
                report.confirmed,
                report.log_entries,
                report.crashes,
                begun.elapsed().as_secs_f64()
            );
            println!("seed {} log {}", report.seed, report.hash);
            ExitCode::SUCCESS
        }
        Err(broken) => {
            eprintln!("seed {} after {} commands: {}", broken.seed, broken.commands, broken.what);
            ExitCode::FAILURE
        }
    }
}
