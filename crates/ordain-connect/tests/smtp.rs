//! Mail over a real SMTP server on loopback, well and badly behaved.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ordain_connect::channel::{Channel, Message, Recipient};
use ordain_connect::mail::{SmtpChannel, SmtpSettings, Tls};

struct Sink {
    server: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn python() -> PathBuf {
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.venv/bin/python");
    let python = std::env::var_os("ORDAIN_TEST_PYTHON").map_or(usual, PathBuf::from);
    assert!(python.exists(), "no Python with aiosmtpd at {}: `cargo xtask test` makes it", python.display());
    python
}

impl Sink {
    fn start(plan: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/smtp_sink.py");
        let mut server = Command::new(python())
            .arg(script)
            .arg(folder.path())
            .args(plan)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { port: line.trim().parse().expect("the sink prints its port"), server, folder }
    }

    fn channel(&self) -> SmtpChannel {
        channel(self.port)
    }

    fn mails(&self) -> Vec<String> {
        let mut paths: Vec<PathBuf> =
            std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        // The server's log of its planned faults lies beside the mails.
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "eml"));
        paths.sort();
        paths.iter().map(|path| String::from_utf8(std::fs::read(path).unwrap()).unwrap()).collect()
    }
}

fn channel(port: u16) -> SmtpChannel {
    let settings = SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port: Some(port),
        tls: Tls::None,
        user: None,
        password: None,
        from: "order@example.cn".to_owned(),
        from_name: Some("华东五金".to_owned()),
    };
    SmtpChannel::new(&settings).unwrap()
}

fn message(id: &str) -> Message {
    Message {
        id: id.to_owned(),
        to: Recipient { name: Some("李明".to_owned()), address: "li@example.cn".to_owned() },
        subject: "订单确认 SO-20261123-000001 \u{1f4e6}".to_owned(),
        text: "贵司订单已确认。\r\n.\r\n.. 一行以点开头\r\n".to_owned(),
        html: Some("<p>贵司订单已确认。</p>".to_owned()),
    }
}

/// Asks Python's own mail reader, which is no kin of the library that wrote the mail.
fn python_reads(folder: &Path, expression: &str) -> String {
    let program = format!(
        "import sys,glob,email,email.policy\n\
         m=email.message_from_bytes(open(sorted(glob.glob(sys.argv[1]+'/*.eml'))[0],'rb').read(),policy=email.policy.default)\n\
         sys.stdout.buffer.write(str({expression}).encode())"
    );
    let output = Command::new(python()).args(["-c", &program]).arg(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn chinese_mail_arrives_as_it_was_written() {
    let sink = Sink::start(&[]);
    let delivered = sink.channel().deliver(&message("m-1")).await.unwrap();
    assert!(delivered.answer.starts_with("250"), "{}", delivered.answer);
    let folder = sink.folder.path();
    for (expression, expected) in [
        ("m['Subject']", "订单确认 SO-20261123-000001 \u{1f4e6}"),
        ("m['From'].addresses[0].display_name", "华东五金"),
        ("m['To'].addresses[0].display_name", "李明"),
        ("m['To'].addresses[0].addr_spec", "li@example.cn"),
        ("m['Message-ID']", "<m-1@example.cn>"),
        ("m.get_content_type()", "multipart/alternative"),
        ("[p.get_content_type() for p in m.iter_parts()]", "['text/plain', 'text/html']"),
        ("m.get_body(('plain',)).get_content().splitlines()[1:3]", "['.', '.. 一行以点开头']"),
        ("m.get_body(('html',)).get_content().strip()", "<p>贵司订单已确认。</p>"),
        ("len(m.defects)", "0"),
    ] {
        assert_eq!(python_reads(folder, expression), expected, "{expression}");
    }
}

#[tokio::test]
async fn answers_of_the_server_say_whether_to_try_again() {
    for (plan, transient, code) in
        [("--fail-permille=1000", true, "smtp_deferred"), ("--refuse-permille=1000", false, "smtp_refused")]
    {
        let sink = Sink::start(&[plan]);
        let failure = sink.channel().deliver(&message("m-2")).await.unwrap_err();
        assert_eq!((failure.transient, failure.code), (transient, code), "{failure}");
        assert!(sink.mails().is_empty());
    }
}

#[tokio::test]
async fn a_mute_server_costs_the_time_limit_and_no_more() {
    let sink = Sink::start(&["--hang-permille=1000"]);
    let started = Instant::now();
    let channel = sink.channel().with_send_limit(Duration::from_millis(700));
    let failure = channel.deliver(&message("m-3")).await.unwrap_err();
    assert_eq!((failure.transient, failure.code), (true, "smtp_timeout"));
    assert!(started.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn a_server_that_accepts_and_says_nothing_is_given_up() {
    let mute = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let channel = channel(mute.local_addr().unwrap().port()).with_send_limit(Duration::from_millis(500));
    assert_eq!(channel.deliver(&message("m-4")).await.unwrap_err().code, "smtp_timeout");
}

#[tokio::test]
async fn no_server_is_a_transient_failure() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let failure = channel(port).deliver(&message("m-5")).await.unwrap_err();
    assert_eq!((failure.transient, failure.code), (true, "smtp_connection"), "{failure}");
}

#[tokio::test]
async fn with_faults_nothing_is_lost_and_copies_carry_one_id() {
    let sink =
        Sink::start(&["--fail-permille=300", "--hang-permille=50", "--reset-permille=100", "--seed=7"]);
    let channel = sink.channel().with_send_limit(Duration::from_millis(400));
    let mut attempts = 0;
    for number in 0..40 {
        let message = message(&format!("m-{number:03}"));
        while let Err(failure) = channel.deliver(&message).await {
            assert!(failure.transient, "{failure}");
            attempts += 1;
            assert!(attempts < 400, "the plan lets most attempts pass");
        }
    }
    let ids: Vec<String> = sink
        .mails()
        .iter()
        .filter_map(|mail| mail.lines().find(|line| line.starts_with("Message-ID:")).map(str::to_owned))
        .collect();
    let distinct: std::collections::BTreeSet<&String> = ids.iter().collect();
    assert_eq!(distinct.len(), 40);
    assert!(ids.len() > 40, "the plan cuts some answers, which makes copies");
    assert!(ids.is_sorted(), "in the order they were sent");
}
