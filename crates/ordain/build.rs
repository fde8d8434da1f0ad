//! Builds the web app before the program that carries it, when its sources have changed.
//!
//! With `ORDAIN_SKIP_UI=1` the program carries a page that says so instead: for checks that need no browser.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::{env, fs, io};

const NEEDS_NODE: &str = "error: Ordain's web app needs Node 20 or newer: install it \
    (Debian: apt install nodejs npm) and build again";

fn main() -> ExitCode {
    let ui = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui");
    println!("cargo:rerun-if-env-changed=ORDAIN_SKIP_UI");
    for source in ["src", "public", "index.html", "package-lock.json", "vite.config.ts"] {
        println!("cargo:rerun-if-changed={}", ui.join(source).display());
    }
    let skip = env::var("ORDAIN_SKIP_UI").is_ok_and(|value| value == "1");
    let made = if skip { stub(&ui.join("dist")) } else { build(&ui) };
    match made {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            println!("cargo:warning={why}");
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// Leaves a built app alone.
fn stub(dist: &Path) -> Result<(), String> {
    let page = dist.join("index.html");
    if page.exists() {
        return Ok(());
    }
    let text = "<!doctype html><title>Ordain</title><p>Built without the web app (ORDAIN_SKIP_UI=1).</p>\n";
    fs::create_dir_all(dist).and_then(|()| fs::write(page, text)).map_err(|error| error.to_string())
}

fn build(ui: &Path) -> Result<(), String> {
    let modified = |path: &Path| fs::metadata(path).and_then(|found| found.modified()).ok();
    let installed = modified(&ui.join("node_modules/.package-lock.json"));
    if installed.is_none() || installed < modified(&ui.join("package-lock.json")) {
        npm(ui, &["ci", "--no-audit", "--no-fund"])?;
    }
    npm(ui, &["run", "build"])
}

fn npm(ui: &Path, args: &[&str]) -> Result<(), String> {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    match Command::new(program).args(args).current_dir(ui).output() {
        Ok(done) if done.status.success() => Ok(()),
        Ok(done) => {
            let said = [done.stdout, done.stderr].concat();
            Err(format!("npm {} failed:\n{}", args.join(" "), String::from_utf8_lossy(&said)))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(NEEDS_NODE.to_owned()),
        Err(error) => Err(format!("npm: {error}")),
    }
}
