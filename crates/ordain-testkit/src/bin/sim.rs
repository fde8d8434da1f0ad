//! `sim [--seed N] [--commands N] [--single] [--no-crashes] [--no-twins]`: plays a company on the real Gate and prints the seed and
//! the hash of the resulting log, which is the same every time.

use ordain_testkit::sim::gate::{Options, run};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut options = Options::full(1, 100_000);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|text| text.parse().ok());
        match argument.as_str() {
            "--seed" => options.seed = number().unwrap_or(options.seed),
            "--commands" => options.commands = number().unwrap_or(options.commands),
            "--single" => options.batched = false,
            "--no-twins" => options.twins = false,
            "--no-crashes" => options.crashes = false,
            other => {
                eprintln!("unknown argument {other}");
                return ExitCode::from(2);
            }
        }
    }
    let begun = std::time::Instant::now();
    match run(&options) {
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
