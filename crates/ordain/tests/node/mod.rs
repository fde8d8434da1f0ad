//! The program as a process: its commands, and a server of it with a token of its own.

use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

pub fn program(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ordain"));
    command.current_dir(folder).args(args);
    command
}

pub fn ordain(folder: &Path, database: &str, args: &[&str]) -> Command {
    let mut command = program(folder, args);
    command.args(["--database", database]);
    command
}

pub fn run(folder: &Path, database: &str, args: &[&str]) -> String {
    let Output { status, stdout, stderr } = ordain(folder, database, args).output().unwrap();
    assert!(status.success(), "{args:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap().trim().to_owned()
}

/// A node at work; it ends with the test.
pub struct Node {
    child: Child,
    door: Door,
    told: std::sync::mpsc::Receiver<String>,
}

/// Where a node is asked, whether it still lives or not.
#[derive(Clone)]
pub struct Door {
    pub base: String,
    token: String,
    client: Client,
}

impl std::ops::Deref for Node {
    type Target = Door;

    fn deref(&self) -> &Door {
        &self.door
    }
}

impl Node {
    pub fn start(folder: &Path, database: &str, token: &str) -> Self {
        Self::of(&mut ordain(folder, database, &["serve", "--listen", "127.0.0.1:0"]), token)
    }

    /// A node that a command of one's own starts.
    pub fn of(serve: &mut Command, token: &str) -> Self {
        let mut child = serve.stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let base = said.find_map(|line| Some(line.split_once("http://")?.1.to_owned()));
        let (tell, told) = std::sync::mpsc::channel();
        // Nobody may want to know.
        std::thread::spawn(move || said.for_each(|line| drop(tell.send(line))));
        let base = format!("http://{}", base.unwrap().split_whitespace().next().unwrap());
        ordain_connect::http::provide_tls();
        Self { child, door: Door { base, token: token.to_owned(), client: Client::new() }, told }
    }

    /// The first line of its log with these words.
    pub fn hears(&self, words: &str) -> String {
        let wait = std::time::Duration::from_secs(5);
        let mut lines = std::iter::from_fn(|| self.told.recv_timeout(wait).ok());
        lines.find(|line| line.contains(words)).unwrap_or_else(|| panic!("nothing about {words} in the log"))
    }

    /// Ends it as a service manager would, and waits until it has ended.
    pub fn stop(mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
    }

    /// The most memory it has had at once, in bytes.
    pub fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        peak.trim_end_matches("kB").trim().parse::<u64>().unwrap() * 1_024
    }

    /// Ends it as a power cut would.
    pub fn die(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Door {
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}/api/v1{path}", self.base)).bearer_auth(&self.token)
    }

    pub async fn put(&self, path: &str, body: &Value) {
        let answer = self.request(Method::PUT, path).json(body).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
    }

    /// A customer with credit and a product with a price.
    pub async fn furnish(&self) {
        let item = json!([{ "code": "C001", "name": "Customer", "level": "A", "credit_limit": "100000.00",
            "currency": "CNY", "payment_terms": "NET30" }]);
        self.put("/customers", &json!({ "items": item })).await;
        let item = json!([{ "code": "P-1", "name": "Screw", "unit": "pcs", "tax_rate": "0.13", "list_price": "12.50" }]);
        self.put("/products", &json!({ "items": item })).await;
    }

    pub async fn place(&self, key: &str) -> Value {
        let placed = self.order(key).send().await.unwrap();
        assert_eq!(placed.status(), 201);
        body(placed).await
    }

    /// As [`Self::place`]; none if nobody knows yet what became of it.
    pub async fn try_place(&self, key: &str) -> Option<Value> {
        let answer = self.order(key).send().await.ok()?;
        let status = answer.status().as_u16();
        assert!(status == 201 || status == 503, "{status}: {}", answer.text().await.unwrap());
        if status == 201 { serde_json::from_str(&answer.text().await.ok()?).ok() } else { None }
    }

    fn order(&self, key: &str) -> RequestBuilder {
        let lines = json!([{ "product": "P-1", "quantity": "1", "unit": "pcs", "unit_price": "12.50" }]);
        let soon = jiff::Zoned::now().date() + jiff::Span::new().days(21);
        let order = json!({
            "customer": "C001", "customer_po": key, "channel": "api", "order_type": "standard", "currency": "CNY",
            "requested_date": soon.to_string(), "payment_terms": "NET30", "submit": true, "lines": lines,
            "ship_to": { "name": "Li", "phone": "139", "address": "Road 1" },
            "invoice": { "title": "Customer One", "tax_no": "91330000DEM000001R", "kind": "vat_special" },
        });
        self.request(Method::POST, "/orders").header("idempotency-key", key).json(&order)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // Gone already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub async fn body(answer: Response) -> Value {
    serde_json::from_str(&answer.text().await.unwrap()).unwrap()
}
