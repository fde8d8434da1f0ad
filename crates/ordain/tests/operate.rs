//! What whoever runs the program meets. A file that cannot be used is one clear line that says what to do, exit 1, and
//! nothing is changed; what only a server of PostgreSQL can be wrong about stands in `postgres.rs`. What happened stands
//! in the log under the id of its request. Sheets of paper come from the shell too.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

#[allow(dead_code)] // others use the rest of it
mod node;

use node::{Node, body, ordain, program, run};
use reqwest::Method;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

fn url(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

/// Every file of a folder with what it holds.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file());
    entries.map(|e| (e.file_name().into_string().unwrap(), fs::read(e.path()).unwrap())).collect()
}

/// What a command says of a database it cannot use, in both languages.
fn refused(folder: &Path, command: &mut Command, lang: &str) -> String {
    let before = files(folder);
    let Output { status, stderr, .. } = command.env("LC_ALL", lang).output().unwrap();
    let said = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(1), "{command:?}: {said}");
    assert_eq!(said.trim().lines().count(), 1, "{command:?}: {said}");
    assert!(!said.contains(['{', '}']) && !said.contains("unusable."), "{said}");
    let after = files(folder);
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>(), "{command:?}");
    assert!(before == after, "{command:?} has changed a file");
    said
}

const COMMANDS: [&[&str]; 4] = [
    &["serve", "--listen", "127.0.0.1:0"],
    &["serve", "--read-only", "--listen", "127.0.0.1:0"],
    &["audit", "verify"],
    &["user", "add", "--login", "a"],
];

/// No command makes anything of it, and each says why and what helps.
fn is_refused_by_all(folder: &Path, database: &str, en: &[&str], zh: &[&str]) {
    for args in COMMANDS {
        for (lang, words) in [("en_US.UTF-8", en), ("zh_CN.UTF-8", zh)] {
            let said = refused(folder, &mut ordain(folder, database, args), lang);
            assert!(words.iter().all(|word| said.contains(word)), "{args:?}: {said}");
        }
    }
}

/// A company in a file that nobody has open.
fn company(folder: &Path) -> std::path::PathBuf {
    let path = folder.join("ordain.db");
    run(folder, &url(&path), &["init", "--company", "Kept Ltd"]);
    // All of it in the one file.
    let file = Connection::open(&path).unwrap();
    file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(())).unwrap();
    path
}

#[test]
fn a_file_of_somebody_else_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("theirs.db");
    Connection::open(&path)
        .unwrap()
        .execute_batch("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)")
        .unwrap();
    is_refused_by_all(
        folder.path(),
        &url(&path),
        &["not a database of Ordain", "another file"],
        &["不是 Ordain 的数据库"],
    );
    fs::write(&path, "Dear Sir,\n".repeat(500)).unwrap();
    is_refused_by_all(
        folder.path(),
        &url(&path),
        &["not a database of Ordain", "another file"],
        &["不是 Ordain 的数据库"],
    );
}

#[test]
fn a_schema_that_is_newer_than_the_program_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = company(folder.path());
    let file = Connection::open(&path).unwrap();
    file.execute("INSERT INTO schema_migration VALUES (99, 'future', x'00')", ()).unwrap();
    drop(file);
    is_refused_by_all(
        folder.path(),
        &url(&path),
        &["schema 99", "newer", "use the newer program"],
        &["99", "较新版本"],
    );
}

#[test]
fn a_file_that_was_cut_off_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = company(folder.path());
    let whole = fs::read(&path).unwrap();
    for left in [whole.len() / 2, 60] {
        fs::write(&path, &whole[..left]).unwrap();
        let (en, zh) = (["damaged or cut off", "ordain restore"], ["已损坏或不完整", "ordain restore"]);
        is_refused_by_all(folder.path(), &url(&path), &en, &zh);
    }
}

/// The program as somebody who is not root, for whom rights of files count.
fn as_nobody(folder: &Path, args: &[&str]) -> Command {
    let built = Path::new(env!("CARGO_BIN_EXE_ordain"));
    let bin = folder.join("bin");
    if !bin.exists() {
        fs::create_dir(&bin).unwrap();
        fs::hard_link(built, bin.join("ordain"))
            .or_else(|_| fs::copy(built, bin.join("ordain")).map(drop))
            .unwrap();
    }
    let id = Command::new("id").arg("-u").output().unwrap();
    let mut command = match id.stdout.as_slice() {
        b"0\n" => {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(bin.join("ordain"));
            command
        }
        _ => Command::new(bin.join("ordain")),
    };
    command.current_dir("/").args(args);
    command
}

/// A folder in which nobody may write, with a company.
fn shut(folder: &Path) -> std::path::PathBuf {
    let path = company(folder);
    fs::set_permissions(&path, Permissions::from_mode(0o444)).unwrap();
    fs::set_permissions(folder, Permissions::from_mode(0o555)).unwrap();
    path
}

#[test]
fn a_disk_that_cannot_be_written_is_named_with_the_way_to_read_it() {
    let (folder, tools) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::set_permissions(tools.path(), Permissions::from_mode(0o755)).unwrap();
    let database = url(&shut(folder.path()));
    for (lang, words) in
        [("en_US.UTF-8", ["cannot be written", "--read-only"]), ("zh_CN.UTF-8", ["无法写入", "--read-only"])]
    {
        for args in [&["serve", "--listen", "127.0.0.1:0"][..], &["user", "add", "--login", "a"]] {
            let mut command = as_nobody(tools.path(), args);
            let said = refused(folder.path(), command.args(["--database", &database]), lang);
            assert!(words.iter().all(|word| said.contains(word)), "{args:?}: {said}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s067_a_disk_that_cannot_be_written_is_served_for_reading() {
    let (folder, tools) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::set_permissions(tools.path(), Permissions::from_mode(0o755)).unwrap();
    let path = company(folder.path());
    let token = run(folder.path(), &url(&path), &["token", "create", "--role", "admin", "--name", "shop"]);
    {
        let node = Node::start(folder.path(), &url(&path), &token);
        node.furnish().await;
        node.place("PO-1").await;
        node.stop();
    }
    // With whatever its journal holds.
    for name in files(folder.path()).keys() {
        fs::set_permissions(folder.path().join(name), Permissions::from_mode(0o444)).unwrap();
    }
    fs::set_permissions(folder.path(), Permissions::from_mode(0o555)).unwrap();
    let before = files(folder.path());
    let mut serve = as_nobody(tools.path(), &["serve", "--read-only", "--listen", "127.0.0.1:0"]);
    let node = Node::of(serve.args(["--database", &url(&path)]), &token);
    let read = node.request(Method::GET, "/orders").send().await.unwrap();
    assert_eq!(body(read).await["items"][0]["customer_po"], "PO-1");
    let refused = node.request(Method::POST, "/orders").json(&json!({})).send().await.unwrap();
    assert_eq!(refused.status(), 503);
    assert_eq!(body(refused).await["code"], "read_only");
    drop(node);
    assert!(before == files(folder.path()), "nothing was changed");
    let checked = as_nobody(tools.path(), &["audit", "verify", "--database", &url(&path)]).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[test]
fn no_database_at_all_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for (args, word) in [
        (["serve", "--read-only", "--database", "sqlite:none.db"], "none.db"),
        (["serve", "--listen", "127.0.0.1:0", "--database=mysql://x"], "mysql://x"),
    ] {
        let said = refused(folder.path(), &mut program(folder.path(), &args), "en_US.UTF-8");
        assert!(said.contains(word), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_tells_each_request_by_its_id() {
    let folder = tempfile::tempdir().unwrap();
    let path = company(folder.path());
    let token = run(folder.path(), &url(&path), &["token", "create", "--role", "admin", "--name", "shop"]);
    let mut serve = ordain(folder.path(), &url(&path), &["serve", "--listen", "127.0.0.1:0"]);
    serve.env("ORDAIN_LOG", "info,ordain::access=debug").env("ORDAIN_LOG_FORMAT", "json");
    let node = Node::of(&mut serve, &token);
    let asked = node.request(Method::GET, "/orders?q=secret-customer").header("x-request-id", "request-0001");
    let answer = asked.send().await.unwrap();
    assert_eq!(answer.headers()["x-request-id"], "request-0001");
    let line = node.hears("request-0001");
    let told: serde_json::Value =
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
    assert_eq!(told["span"]["id"], "request-0001", "{line}");
    assert_eq!((&told["status"], &told["span"]["path"]), (&json!(200), &json!("/api/v1/orders")), "{line}");
    assert!(!line.contains("secret-customer") && !line.contains(&token), "{line}");
}

#[test]
fn s067_sheets_are_printed_from_the_shell_and_overwrite_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let database = url(&company(folder.path()));
    let open = run(folder.path(), &database, &["sheets", "open-orders", "--lang", "zh"]);
    assert!(
        open.starts_with("<!doctype html>") && open.contains("在办订单清单") && open.contains("Kept Ltd"),
        "{open}"
    );
    run(
        folder.path(),
        &database,
        &["sheets", "blank-order", "--lang", "en", "--copies", "3", "--out", "blank.html"],
    );
    let blank = fs::read_to_string(folder.path().join("blank.html")).unwrap();
    assert_eq!(blank.matches("<section class=\"blank\">").count(), 3);
    let mut again = ordain(folder.path(), &database, &["sheets", "blank-order", "--out", "blank.html"]);
    assert!(refused(folder.path(), &mut again, "en_US.UTF-8").contains("exists already"));
}

/// What the sizing table of docs/operations.md gives a workshop.
const WORKSHOP_MEMORY: u64 = 512 * 1_024 * 1_024;
const WORKSHOP_ORDERS: usize = 200;

#[tokio::test(flavor = "multi_thread")]
async fn s031_a_day_of_a_workshop_fits_its_one_small_machine() {
    let folder = tempfile::tempdir().unwrap();
    let path = company(folder.path());
    let token = run(folder.path(), &url(&path), &["token", "create", "--role", "admin", "--name", "shop"]);
    let node = Node::start(folder.path(), &url(&path), &token);
    node.furnish().await;
    for n in 0..WORKSHOP_ORDERS {
        node.place(&format!("PO-{n}")).await;
    }
    assert!(node.peak_memory() < WORKSHOP_MEMORY, "{} bytes", node.peak_memory());
    node.stop();
    let size = fs::metadata(&path).unwrap().len();
    assert!(size < 20 * 1_024 * 1_024, "{size} bytes on disk for a day");
}

#[tokio::test(flavor = "multi_thread")]
async fn s031_nothing_is_kept_for_those_who_pay() {
    let folder = tempfile::tempdir().unwrap();
    let path = company(folder.path());
    let token = run(folder.path(), &url(&path), &["token", "create", "--role", "admin", "--name", "shop"]);
    let config = run(folder.path(), &url(&path), &["serve", "--print-config"]);
    let node = Node::start(folder.path(), &url(&path), &token);
    let contract = body(node.request(Method::GET, "/openapi.json").send().await.unwrap()).await;
    let operations =
        contract["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values());
    let answers = operations.flat_map(|operation| operation["responses"].as_object().into_iter().flatten());
    assert_eq!(answers.clone().filter(|(status, _)| *status == "402").count(), 0);
    assert!(answers.count() > 100, "every operation is looked at");
    for word in ["license", "licence", "edition", "subscription"] {
        assert!(!config.to_lowercase().contains(word), "{config}");
    }
}

/// Exit code and answer of the checks over a file with this text.
fn checked(name: &str, text: &str) -> (Option<i32>, Value) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), text).unwrap();
    let Output { status, stdout, .. } =
        program(folder.path(), &["flow", "check", name, "--json"]).env("LC_ALL", "en").output().unwrap();
    (status.code(), serde_json::from_slice(&stdout).unwrap())
}

#[test]
fn whatever_is_wrong_with_a_flow_is_one_object_for_scripts() {
    let standard = include_str!("../../../flows/standard.json");
    let (code, fine) = checked("fine.json", standard);
    assert_eq!(code, Some(0), "{fine}");
    assert!(fine["not_checked"].as_array().unwrap().contains(&json!("F-002")), "{fine}");

    let (code, malformed) = checked("cut.json", "{\"key\": ");
    assert_eq!((code, &malformed["problems"][0]["code"]), (Some(1), &json!("malformed_json")), "{malformed}");
    let (code, malformed) = checked("cut.yaml", "key: [");
    assert_eq!((code, &malformed["problems"][0]["code"]), (Some(1), &json!("malformed_yaml")), "{malformed}");

    let mut doc: Value = serde_json::from_str(standard).unwrap();
    doc["name"] = json!(7);
    doc["colour"] = json!("red");
    let (code, misfit) = checked("misfit.json", &doc.to_string());
    let problems = misfit["problems"].as_array().unwrap();
    let paths: Vec<&Value> = problems.iter().map(|problem| &problem["path"]).collect();
    assert_eq!(code, Some(1));
    assert!(paths.contains(&&json!("name")) && paths.contains(&&json!("colour")), "{misfit}");
    for problem in problems {
        assert_eq!(problem["severity"], "blocker");
        assert!(!problem["text"].as_str().unwrap().is_empty());
    }

    let mut doc: Value = serde_json::from_str(standard).unwrap();
    doc["steps"] = json!([]);
    let (code, unsound) = checked("unsound.json", &doc.to_string());
    assert_eq!(code, Some(1));
    let first = &unsound["problems"][0];
    assert!(first["code"].as_str().unwrap().starts_with("F-"), "{unsound}");
    assert!(!first["text"].as_str().unwrap().contains(['{', '}']), "{unsound}");
}
