//! `cargo xtask test`: every check and every test, with one total at the end.
//!
//! A failure does not stop the run, so that the total is honest. What a stage needs and can install
//! it installs; what it cannot, it says in one line, and that counts as a failure. A check without
//! tests of its own (formatting, lints, tidy …) counts as one.

use crate::counts::{self, Counts};
use crate::shell::{self, Done};
use crate::{Problem, cluster, gen_docs, licences, requirements, tidy};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The tests of the Rust stage. `cargo test` unites the features of everything it builds, and the test kit switches fault
/// injection on, which does nothing unless a test asks for it. The browser tests run the program as it ships.
const RUST_TESTS: &[&str] = &["test", "--workspace", "--exclude", "ordain-bench", "--no-fail-fast"];

/// What of them stands for the whole product, once more on PostgreSQL.
const ON_A_SERVER: &[&str] =
    &["api", "stories", "r01_kill", "r07_oversell", "r08_history", "r10_idempotency", "r15_timers"];
const DATABASE: &str = "ORDAIN_TEST_DATABASE";

/// The SMTP server the mail tests talk to, and what reads our event logs as somebody outside would. Only tests use
/// them, none is shipped.
const PYTHON_PACKAGES: [&str; 3] = ["aiosmtpd==1.4.6", "pm4py==2.7.23.11", "jsonschema==4.26.0"];
/// Fails unless exactly these versions are installed.
const PYTHON_HAS: &str = "import sys; from importlib.metadata import version; \
    assert all(version(name) == want for name, want in (each.split('==') for each in sys.argv[1:]))";
/// Where Debian keeps the server programs of which the tests start one of their own.
const POSTGRES: &str = "/usr/lib/postgresql";
/// Chromium without a window of its own: the pages are drawn alike, with a third less work.
const CHROMIUM: &str = "/usr/bin/chromium-headless-shell";
/// Does as well where the other cannot be had.
const WHOLE_CHROMIUM: &str = "/usr/bin/chromium";
/// Left in `node_modules` after an install, to see when the lock file has changed since.
const WEB_STAMP: &str = "node_modules/.installed-lock.json";

#[derive(Debug, Default, PartialEq)]
pub struct Options {
    quick: bool,
    only: Vec<String>,
}

impl Options {
    pub fn parse(args: &[String]) -> Result<Options, Problem> {
        let mut options = Options::default();
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--quick" => options.quick = true,
                "--only" => {
                    let list =
                        args.next().ok_or_else(|| Problem::Usage("--only takes stage names".into()))?;
                    options.only.extend(list.split(',').map(str::to_owned));
                }
                other => return Err(Problem::Usage(format!("test takes --quick and --only, not `{other}`"))),
            }
        }
        match options.only.iter().find(|name| !STAGES.iter().any(|(stage, _)| stage == name)) {
            Some(name) => {
                let known: Vec<&str> = STAGES.iter().map(|(stage, _)| *stage).collect();
                Err(Problem::Usage(format!("there is no stage `{name}`; there are {}", known.join(", "))))
            }
            None => Ok(options),
        }
    }

    fn wants(&self, stage: &str) -> bool {
        if self.only.is_empty() {
            !(self.quick && stage == "browser")
        } else {
            self.only.iter().any(|o| o == stage)
        }
    }
}

type Stage = fn(&mut Run) -> Result<Counts, String>;

/// Cheap checks first, then what the others need: the web app, which the program embeds.
const STAGES: [(&str, Stage); 13] = [
    ("tidy", |run| Ok(Counts::of(tidy::run(run.root)?))),
    ("requirements", |run| Ok(Counts::of(requirements::check(run.root)?))),
    ("licences", licences_stage),
    ("fmt", |run| Ok(Counts::of(run.cargo(&["fmt", "--all", "--check"])?.ok))),
    ("web-build", |run| Ok(Counts::of(run.npm(&["run", "build"])?.ok))),
    ("clippy", |run| {
        Ok(Counts::of(run.cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])?.ok))
    }),
    ("build", |run| Ok(Counts::of(run.build_program()?))),
    ("rust", rust_stage),
    ("openapi", |run| {
        run.build_program()?;
        Ok(Counts::of(gen_docs::openapi_is_current(run.root, Some(&run.program()))?))
    }),
    ("api-types", |run| {
        run.install_web()?;
        Ok(Counts::of(gen_docs::types_are_current(run.root)?))
    }),
    ("web-check", |run| Ok(Counts::of(run.npm(&["run", "check"])?.ok))),
    ("web-test", |run| Ok(counts::vitest(&run.npm(&["test"])?))),
    ("browser", browser_stage),
];

pub fn run(root: &Path, options: &Options) -> Result<bool, Problem> {
    let began = Instant::now();
    let mut run = Run::new(root);
    let mut total = Counts::default();
    let mut rows = Vec::new();
    for (name, stage) in STAGES.iter().filter(|(name, _)| options.wants(name)) {
        println!("\n── {name}");
        let started = Instant::now();
        let counts = stage(&mut run).unwrap_or_else(|why| {
            println!("{name}: {why}");
            Counts::FAILED
        });
        total.add(counts);
        rows.push((*name, counts, started.elapsed()));
    }
    println!("\n── summary");
    for (name, counts, took) in rows {
        let ignored =
            if counts.ignored > 0 { format!(", {} ignored", counts.ignored) } else { String::new() };
        let verdict = if counts.failed == 0 { "ok  " } else { "FAIL" };
        println!(
            "{verdict} {name:<13} {:>8}  {} passed, {} failed{ignored}",
            seconds(took),
            counts.passed,
            counts.failed
        );
    }
    println!("took {}\n", seconds(began.elapsed()));
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(total.failed == 0 && total.passed > 0)
}

fn seconds(time: Duration) -> String {
    let all = time.as_secs();
    if all < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", all / 60, all % 60)
    }
}

/// What the stages share: the place, the children's environment, and what is installed already.
struct Run<'a> {
    root: &'a Path,
    env: Vec<(String, String)>,
    target: PathBuf,
    web: Option<Result<(), String>>,
}

impl<'a> Run<'a> {
    fn new(root: &'a Path) -> Run<'a> {
        let target =
            std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |t| root.join(t));
        let mut run = Run { root, env: Vec::new(), target, web: None };
        run.set("NO_COLOR", "1");
        run.set("CARGO_TERM_COLOR", "never");
        let program = run.program();
        run.set("ORDAIN_BIN", &program);
        run
    }

    fn set(&mut self, key: &str, value: &str) {
        self.env.push((key.to_owned(), value.to_owned()));
    }

    fn program(&self) -> String {
        let name = format!("debug/ordain{}", std::env::consts::EXE_SUFFIX);
        self.target.join(name).to_string_lossy().into_owned()
    }

    fn cargo(&self, args: &[&str]) -> Result<Done, String> {
        shell::stream(self.root, &shell::cargo_program(), args, &self.env)
    }

    /// The program as it ships, development profile. Building the whole workspace for its tests may
    /// have left another there, with more features: so each stage that runs it asks again.
    fn build_program(&self) -> Result<bool, String> {
        Ok(self.cargo(&["build", "-p", "ordain"])?.ok)
    }

    fn npm(&mut self, args: &[&str]) -> Result<Done, String> {
        self.install_web()?;
        shell::stream(&self.root.join("ui"), "npm", args, &self.env)
    }

    /// Installs the web packages once a run, and only when the lock file has changed.
    fn install_web(&mut self) -> Result<(), String> {
        if self.web.is_none() {
            self.web = Some(install_web(&self.root.join("ui"), &self.env));
        }
        self.web.clone().unwrap_or(Ok(()))
    }
}

fn install_web(ui: &Path, env: &shell::Env) -> Result<(), String> {
    if !shell::exists("npm") {
        return Err("npm is missing: install Node.js 20.19 or newer".into());
    }
    let lock = fs::read(ui.join("package-lock.json")).map_err(|e| format!("ui/package-lock.json: {e}"))?;
    if fs::read(ui.join(WEB_STAMP)).is_ok_and(|stamp| stamp == lock) {
        return Ok(());
    }
    if !shell::stream(ui, "npm", &["ci", "--no-audit", "--no-fund"], env)?.ok {
        return Err("`npm ci` failed in ui/".into());
    }
    fs::create_dir_all(ui.join("node_modules")).map_err(|e| format!("ui/node_modules: {e}"))?;
    fs::write(ui.join(WEB_STAMP), lock).map_err(|e| format!("{WEB_STAMP}: {e}"))
}

/// `cargo deny` where it is installed, else our own reading of the same policy.
fn licences_stage(run: &mut Run) -> Result<Counts, String> {
    if !shell::exists("cargo-deny") {
        println!("licences: cargo-deny is not installed, so advisories are not checked");
        return Ok(Counts::of(licences::run(run.root)?));
    }
    let mut counts =
        Counts::of(run.cargo(&["deny", "--offline", "check", "bans", "licenses", "sources"])?.ok);
    let advisories = run.cargo(&["deny", "--offline", "check", "advisories"])?;
    if !advisories.ok && advisories.lines.iter().any(|l| l.contains("advisory database")) {
        println!("licences: advisories are not checked, because their database is not on this machine");
    } else {
        counts.add(Counts::of(advisories.ok));
    }
    Ok(counts)
}

fn rust_stage(run: &mut Run) -> Result<Counts, String> {
    let mut counts = Counts::default();
    match test_python(run.root) {
        Ok(python) => run.set("ORDAIN_TEST_PYTHON", &python),
        Err(why) => {
            println!("rust: no Python for the tests of mail and event logs: {why}");
            counts.add(Counts::FAILED);
        }
    }
    if let Err(why) = ensure_postgres(run.root) {
        println!("rust: {why}");
        counts.add(Counts::FAILED);
    }
    println!("cargo {}", RUST_TESTS.join(" "));
    counts.add(counts::libtest(&run.cargo(RUST_TESTS)?));
    let chosen = ON_A_SERVER.iter().flat_map(|name| ["--test", name]);
    let arguments: Vec<&str> = RUST_TESTS.iter().copied().chain(chosen).collect();
    run.set(DATABASE, "postgres");
    println!("{DATABASE}=postgres cargo {}", arguments.join(" "));
    counts.add(counts::libtest(&run.cargo(&arguments)?));
    run.env.retain(|(key, _)| key != DATABASE);
    Ok(counts)
}

/// A Python with what tests need of it, in `.venv`; its path.
fn test_python(root: &Path) -> Result<String, String> {
    let python = root.join(".venv/bin/python");
    let name = python.to_string_lossy().into_owned();
    let has = [&["-c", PYTHON_HAS], PYTHON_PACKAGES.as_slice()].concat();
    if shell::output(root, &name, &has).is_ok() {
        return Ok(name);
    }
    if shell::output(root, "python3", &["-m", "venv", "--clear", ".venv"]).is_err() {
        install_debian(root, &["python3", "python3-venv"])?;
        shell::output(root, "python3", &["-m", "venv", "--clear", ".venv"])?;
    }
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    let pip = [pip.as_slice(), &PYTHON_PACKAGES].concat();
    shell::output(root, &name, &pip).map(|_| name)
}

fn browser_stage(run: &mut Run) -> Result<Counts, String> {
    let mut counts = Counts::default();
    let chromium = chromium(run.root)?;
    // Without a Chinese font every page shows boxes and a screenshot proves nothing.
    let has_font =
        || shell::output(run.root, "fc-list", &[":lang=zh"]).is_ok_and(|list| !list.trim().is_empty());
    if !has_font()
        && let Err(why) = install_debian(run.root, &["fontconfig", "fonts-noto-cjk"])
    {
        println!("browser: no Chinese font: {why}");
        counts.add(Counts::FAILED);
    }
    run.set("ORDAIN_CHROMIUM", chromium);
    ensure_postgres(run.root)?;
    run.set("ORDAIN_TEST_POSTGRES", &cluster::cluster().fresh());
    if !run.build_program()? {
        return Err("the program does not build".into());
    }
    counts.add(counts::node(&run.npm(&["run", "e2e"])?));
    Ok(counts)
}

/// The browser of the tests.
fn chromium(root: &Path) -> Result<&'static str, String> {
    if Path::new(CHROMIUM).exists() {
        return Ok(CHROMIUM);
    }
    match install_debian(root, &["chromium-headless-shell"]) {
        Ok(()) => Ok(CHROMIUM),
        Err(_) if Path::new(WHOLE_CHROMIUM).exists() => Ok(WHOLE_CHROMIUM),
        Err(why) => Err(why),
    }
}

fn ensure_postgres(root: &Path) -> Result<(), String> {
    if Path::new(POSTGRES).exists() {
        return Ok(());
    }
    let why = |why| format!("no PostgreSQL server for the tests on it: {why}");
    install_debian(root, &["postgresql"]).map_err(why)
}

/// Installs Debian packages when we are root on such a system; else says what to do.
fn install_debian(root: &Path, packages: &[&str]) -> Result<(), String> {
    let by_hand =
        format!("install {} (Debian: apt-get install {})", packages.join(" and "), packages.join(" "));
    let is_root = shell::output(root, "id", &["-u"]).is_ok_and(|id| id.trim() == "0");
    if !is_root || !shell::exists("apt-get") {
        return Err(by_hand);
    }
    let env = [("DEBIAN_FRONTEND".to_owned(), "noninteractive".to_owned())];
    println!("installing {}", packages.join(" "));
    let apt = |args: &[&str]| shell::stream(root, "apt-get", args, &env).map(|done| done.ok);
    // An old list of packages may still do, so only the install decides.
    let _ = apt(&["update", "-qq"]);
    let mut args = vec!["install", "-y", "-qq", "--no-install-recommends"];
    args.extend(packages);
    if apt(&args)? { Ok(()) } else { Err(by_hand) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &[&str]) -> Result<Options, Problem> {
        Options::parse(&args.iter().map(|a| (*a).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn quick_leaves_out_the_browser_alone() {
        let quick = parse(&["--quick"]).unwrap();
        let left_out: Vec<&str> = STAGES.iter().map(|(s, _)| *s).filter(|s| !quick.wants(s)).collect();
        assert_eq!(left_out, ["browser"]);
        assert!(STAGES.iter().all(|(s, _)| Options::default().wants(s)));
    }

    #[test]
    fn only_names_stages_that_exist() {
        let only = parse(&["--only", "tidy,fmt"]).unwrap();
        assert!(only.wants("tidy") && only.wants("fmt") && !only.wants("rust"));
        assert!(matches!(parse(&["--only", "tody"]), Err(Problem::Usage(_))));
        assert!(matches!(parse(&["--only"]), Err(Problem::Usage(_))));
        assert!(matches!(parse(&["--fast"]), Err(Problem::Usage(_))));
    }

    #[test]
    fn times_are_short_to_read() {
        assert_eq!(seconds(Duration::from_millis(1_240)), "1.2 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 min 05 s");
    }
}
