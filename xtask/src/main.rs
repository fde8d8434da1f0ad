//! Development tasks: one door for building, checking and generating, `cargo xtask <command>`.
//!
//! What each command runs is written down here and nowhere else; CI and people call the same ones.

#[path = "../../crates/ordain-testkit/src/cluster.rs"]
#[allow(dead_code)] // the tests use the rest of it
mod cluster;
mod counts;
mod gen_docs;
mod licences;
mod requirements;
mod shell;
mod test_run;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const HELP: &str = "\
Development tasks of Ordain.

usage: cargo xtask <command> [arguments]

  test [--quick] [--only STAGE,…]
                      every check and test; --quick leaves out the browser,
                      --only runs the named stages alone
  ci                  the same as `test`
  tidy                crate graph, purity, SQL, file length, catalogues, leftovers
  licences            licences, banned crates and sources of every dependency
  gen [--check]       docs/requirements.md, the OpenAPI document and the web client's
                      types; --check writes nothing and fails on drift
  requirements        docs/requirements.md alone
  bench [ARG…]        the benchmarks, release build
  sim [--seed N | --seeds N] [--commands N]
                      companies of random flows over virtual time, release build; a
                      failing run names its seed, and --seed N plays it again
  sim --gate [ARG…]   the standard flow on the real Gate; `sim --help` has the rest
  faults [ARG…]       the fault harness
  dev [ARG…]          the demo company in target/dev-demo, debug build
  release             the web app and the release binary
  help                this text
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((command, rest)) = args.split_first() else {
        eprint!("{HELP}");
        return ExitCode::from(2);
    };
    let asks_help = |a: &String| a == "--help" || a == "-h";
    let passes_on = matches!(command.as_str(), "bench" | "sim" | "faults" | "dev");
    if command == "help" || asks_help(command) || (!passes_on && rest.iter().any(asks_help)) {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    match dispatch(&root(), command, rest) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(Problem::Usage(text)) => {
            eprintln!("xtask: {text}\nxtask: `cargo xtask help` lists the commands");
            ExitCode::from(2)
        }
        Err(Problem::Failed(text)) => {
            eprintln!("xtask: {text}");
            ExitCode::FAILURE
        }
    }
}

/// Why a command did not do its work.
#[derive(Debug, PartialEq)]
pub enum Problem {
    Usage(String),
    Failed(String),
}

impl From<String> for Problem {
    fn from(text: String) -> Self {
        Problem::Failed(text)
    }
}

fn dispatch(root: &Path, command: &str, rest: &[String]) -> Result<bool, Problem> {
    let cargo = |fixed: &[&str]| {
        let args: Vec<String> = fixed.iter().map(|s| (*s).to_owned()).chain(rest.iter().cloned()).collect();
        shell::cargo_inherit(root, &args).map_err(Problem::Failed)
    };
    match command {
        "test" | "ci" => test_run::run(root, &test_run::Options::parse(rest)?),
        "tidy" => none(rest).and_then(|()| Ok(tidy::run(root)?)),
        "licences" => none(rest).and_then(|()| Ok(licences::run(root)?)),
        "requirements" => none(rest).and_then(|()| Ok(requirements::write(root)?)),
        "gen" => match rest {
            [] => Ok(gen_docs::write(root)?),
            [one] if one == "--check" => Ok(gen_docs::check(root)?),
            _ => Err(Problem::Usage("gen takes --check or nothing".into())),
        },
        "bench" => {
            // The program that is measured over HTTP is built by itself, as it ships.
            let program: Vec<String> = ["build", "--release", "-p", "ordain"].map(str::to_owned).to_vec();
            Ok(shell::cargo_inherit(root, &program).map_err(Problem::Failed)?
                && cargo(&[
                    "run",
                    "--release",
                    "-p",
                    "ordain-bench",
                    "--",
                    "--http",
                    "target/release/ordain",
                ])?)
        }
        "sim" => {
            cargo(&["run", "--release", "-p", "ordain-testkit", "--features", "faults", "--bin", "sim", "--"])
        }
        "faults" => cargo(&[
            "run",
            "--release",
            "-p",
            "ordain-testkit",
            "--features",
            "faults",
            "--bin",
            "faults",
            "--",
        ]),
        "dev" => cargo(&["run", "-p", "ordain", "--", "demo", "--data", "target/dev-demo"]),
        "release" => none(rest).and_then(|()| Ok(gen_docs::release(root)?)),
        other => Err(Problem::Usage(format!("there is no command `{other}`"))),
    }
}

fn none(rest: &[String]) -> Result<(), Problem> {
    if rest.is_empty() { Ok(()) } else { Err(Problem::Usage(format!("unexpected argument `{}`", rest[0]))) }
}

/// The top of the workspace: cargo names our manifest's folder, whose parent it is.
fn root() -> PathBuf {
    let manifest =
        std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
    Path::new(&manifest).parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_command_is_a_usage_problem() {
        assert!(matches!(dispatch(Path::new("."), "nonsense", &[]), Err(Problem::Usage(_))));
        assert!(matches!(dispatch(Path::new("."), "tidy", &["x".into()]), Err(Problem::Usage(_))));
        assert!(matches!(dispatch(Path::new("."), "gen", &["--chekc".into()]), Err(Problem::Usage(_))));
    }

    #[test]
    fn help_names_every_command() {
        for command in [
            "test",
            "ci",
            "tidy",
            "licences",
            "gen",
            "requirements",
            "bench",
            "sim",
            "faults",
            "dev",
            "release",
        ] {
            assert!(HELP.lines().any(|l| l.trim_start().starts_with(command)), "{command}");
        }
    }
}
