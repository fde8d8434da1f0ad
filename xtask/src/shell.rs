//! Running other programs: streamed line by line, or handed the terminal.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;

/// What a finished program left: its success and every line it printed, without colours.
pub struct Done {
    pub ok: bool,
    pub lines: Vec<String>,
}

/// Environment for a child, in the order given.
pub type Env = [(String, String)];

pub fn cargo_program() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

/// Runs cargo with our own terminal, for commands a person watches or answers.
pub fn cargo_inherit<S: AsRef<OsStr>>(root: &Path, args: &[S]) -> Result<bool, String> {
    inherit(root, &cargo_program(), args)
}

pub fn inherit<S: AsRef<OsStr>>(dir: &Path, program: &str, args: &[S]) -> Result<bool, String> {
    let status =
        command(dir, program).args(args).status().map_err(|e| format!("cannot run {program}: {e}"))?;
    Ok(status.success())
}

/// Runs a program without input, passes its output on as it comes, and keeps it.
pub fn stream<S: AsRef<OsStr>>(dir: &Path, program: &str, args: &[S], env: &Env) -> Result<Done, String> {
    let mut child = command(dir, program)
        .args(args)
        .envs(env.iter().map(|(k, v)| (k, v)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| format!("cannot run {program}: {e}"))?;
    let (sender, receiver) = mpsc::channel();
    let mut readers = Vec::new();
    if let Some(out) = child.stdout.take() {
        readers.push(forward(out, sender.clone()));
    }
    if let Some(err) = child.stderr.take() {
        readers.push(forward(err, sender.clone()));
    }
    drop(sender);
    let mut lines = Vec::new();
    for line in receiver {
        let mut out = std::io::stdout().lock();
        // A closed pipe on our side must not stop the run: the exit code still counts.
        let _ = writeln!(out, "{line}");
        lines.push(without_colours(&line));
    }
    for reader in readers {
        let _ = reader.join();
    }
    let status = child.wait().map_err(|e| format!("cannot wait for {program}: {e}"))?;
    Ok(Done { ok: status.success(), lines })
}

/// Runs a program silently and returns its standard output.
pub fn output<S: AsRef<OsStr>>(dir: &Path, program: &str, args: &[S]) -> Result<String, String> {
    let done = command(dir, program)
        .args(args)
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("cannot run {program}: {e}"))?;
    if done.status.success() {
        Ok(String::from_utf8_lossy(&done.stdout).into_owned())
    } else {
        let text = String::from_utf8_lossy(&done.stderr).trim().to_owned();
        Err(format!("{program} ended with {}: {text}", done.status))
    }
}

/// Whether a program can be started at all.
pub fn exists(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

/// A child that does not inherit what `cargo run` told us about ourselves.
fn command(dir: &Path, program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(dir);
    for (key, _) in std::env::vars_os() {
        let name = key.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name == "CARGO_BIN_NAME" {
            command.env_remove(&key);
        }
    }
    command
}

fn forward(from: impl Read + Send + 'static, to: mpsc::Sender<String>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut reader = BufReader::new(from);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|n| n > 0) {
            let line = String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']).to_owned();
            if to.send(line).is_err() {
                return;
            }
            bytes.clear();
        }
    })
}

/// The text without ANSI escape sequences.
pub fn without_colours(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\u{1b}' {
            out.push(c);
            continue;
        }
        if chars.peek() == Some(&'[') {
            chars.next();
            while chars.next().is_some_and(|c| !c.is_ascii_alphabetic()) {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_removed() {
        assert_eq!(without_colours("\u{1b}[32m ✓ \u{1b}[39mok\u{1b}[0m"), " ✓ ok");
        assert_eq!(without_colours("plain [1m"), "plain [1m");
    }

    #[test]
    fn both_streams_are_kept_and_the_exit_code_told() {
        let env = [("GREETING".to_owned(), "hello".to_owned())];
        let done =
            stream(Path::new("."), "sh", &["-c", "echo $GREETING; echo there >&2; exit 3"], &env).unwrap();
        assert!(!done.ok);
        let mut lines = done.lines;
        lines.sort();
        assert_eq!(lines, ["hello", "there"]);
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = stream(Path::new("."), "no-such-program-here", &["x"], &[]).err().unwrap();
        assert!(error.contains("no-such-program-here"));
        assert!(!exists("no-such-program-here"));
    }
}
