//! The real SMTP server that takes the mails of a bar, and fails by a seeded plan.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A running server. It ends when it is dropped.
pub struct Sink {
    server: Child,
    pub port: u16,
    folder: tempfile::TempDir,
}

fn python() -> PathBuf {
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.venv/bin/python");
    let python = std::env::var_os("ORDAIN_TEST_PYTHON").map_or(usual, PathBuf::from);
    assert!(python.exists(), "no Python with aiosmtpd at {}: `cargo xtask test` makes it", python.display());
    python
}

impl Sink {
    /// # Panics
    /// If there is no Python, or the server does not start.
    pub fn start(plan: &[&str], seed: u64) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ordain-connect/tests/smtp_sink.py");
        let mut server = Command::new(python())
            .arg(script)
            .arg(folder.path())
            .args(plan)
            .arg(format!("--seed={seed}"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut line = String::new();
        let out = server.stdout.take().expect("its stdout was asked for");
        BufReader::new(out).read_line(&mut line).expect("the server writes its port");
        Self { port: line.trim().parse().expect("a port"), server, folder }
    }

    /// How often the server failed by plan.
    pub fn faults(&self) -> u64 {
        let log = std::fs::read_to_string(self.folder.path().join("faults.log")).unwrap_or_default();
        log.lines().count() as u64
    }

    /// Every mail that was taken, in the order of arrival.
    pub fn mails(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).expect("the folder is there");
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|end| end == "eml"));
        paths.sort();
        paths
            .iter()
            .map(|path| String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned())
            .collect()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        // A server that is gone already is as gone as it is wanted to be.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
