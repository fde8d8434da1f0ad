//! A contract fake of another system: an HTTP server of its own that holds callers to the contract in
//! `docs/how-to/connect-a-system.md`. What breaks the contract is refused with the reason; a repetition under a known
//! key gets the answer of the first call and has no second effect; and it fails by plan.
#![allow(clippy::expect_used, reason = "a fixture of tests: it ends on surprise")]

use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

/// What the fake does with a call instead of keeping the contract.
#[derive(Clone, Debug)]
pub enum Failure {
    /// Answers with this status and nothing is done.
    Status(u16),
    /// Does what it was asked, and hangs up before it answers.
    HangUp,
    /// Answers with this body, whatever was asked.
    Says(String),
}

/// A call as it arrived.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrived {
    pub method: String,
    pub path: String,
    pub headers: BTreeMap<String, String>,
    pub body: Value,
}

#[derive(Default)]
struct State {
    plan: VecDeque<Failure>,
    arrived: Vec<Arrived>,
    /// Documents by the key under which they were made.
    made: BTreeMap<String, String>,
}

/// The running server. It serves until the process ends.
pub struct ContractFake {
    pub base_url: String,
    state: Arc<Mutex<State>>,
}

impl ContractFake {
    /// # Panics
    /// If no port can be had.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let base_url = format!("http://{}", listener.local_addr().expect("a bound port"));
        let state = Arc::new(Mutex::new(State::default()));
        let shared = state.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A caller that is gone does not want the answer.
                let _ = serve(&shared, stream);
            }
        });
        Self { base_url, state }
    }

    /// Fails the next calls so, in this order.
    pub fn fails(&self, plan: impl IntoIterator<Item = Failure>) {
        lock(&self.state).plan.extend(plan);
    }

    pub fn arrived(&self) -> Vec<Arrived> {
        lock(&self.state).arrived.clone()
    }

    /// How many documents were made, repetitions apart.
    pub fn made(&self) -> usize {
        lock(&self.state).made.len()
    }
}

fn lock(state: &Mutex<State>) -> std::sync::MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(state: &Mutex<State>, stream: TcpStream) -> std::io::Result<()> {
    let call = read(&stream)?;
    let mut state = lock(state);
    state.arrived.push(call.clone());
    let (status, body) = match state.plan.pop_front() {
        Some(Failure::Status(status)) => (status, json!({ "message": "busy" }).to_string()),
        Some(Failure::Says(body)) => (200, body),
        Some(Failure::HangUp) => {
            state.keep_contract(&call);
            return Ok(());
        }
        None => state.keep_contract(&call),
    };
    let head = format!("HTTP/1.1 {status} -\r\ncontent-type: application/json\r\nconnection: close\r\n");
    write!(&stream, "{head}content-length: {}\r\n\r\n{body}", body.len())
}

fn read(stream: &TcpStream) -> std::io::Result<Arrived> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes)?;
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Ok(Arrived { method, path, headers, body })
}

impl State {
    fn keep_contract(&mut self, call: &Arrived) -> (u16, String) {
        let header = |name: &str| call.headers.get(name).map(String::as_str).unwrap_or_default();
        let key = header("idempotency-key").to_owned();
        let wrong = [
            (call.method != "POST" || call.path != "/api/orders", 404, "POST /api/orders"),
            (header("authorization") != "Bearer geheim", 401, "authorization"),
            (!header("content-type").starts_with("application/json"), 415, "content-type"),
            (key.is_empty(), 400, "idempotency-key"),
            (call.body["order"]["no"].as_str().is_none_or(str::is_empty), 422, "order.no"),
            (call.body["order"]["amount"].as_str().is_none_or(str::is_empty), 422, "order.amount"),
        ];
        if let Some((_, status, what)) = wrong.into_iter().find(|(wrong, ..)| *wrong) {
            return (status, json!({ "message": what }).to_string());
        }
        let next = format!("ERP-{}", 1_000 + self.made.len());
        let number = self.made.entry(key).or_insert(next);
        (201, json!({ "code": 0, "data": { "id": number, "on": "2026-12-01T00:00:00Z" } }).to_string())
    }
}
