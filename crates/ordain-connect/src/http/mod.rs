//! Calls over HTTP. Where a call may go is guarded, redirects are not followed, no proxy is taken from the environment,
//! and what comes back is foreign: it is bounded, and read as JSON or not at all.

mod guard;

use crate::sink::{Call, CallFailure, Calling, Sink};
use guard::{Forbidden, GuardedResolver};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode, Url, redirect};
use serde_json::Value;
use std::net::IpAddr;
use std::sync::OnceLock;
use std::time::Duration;

pub use guard::PrivateHosts;

/// Header under which the receiver learns the key of a call.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

const ANSWER_MAX: usize = 1024 * 1024;
/// How much of a refusal is kept, in characters.
const TOLD_MAX: usize = 300;
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// What a receiver may ask for at most before the next attempt.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(3_600);

pub struct HttpSink {
    hosts: PrivateHosts,
    /// Made at the first call: a machine without root certificates can still do everything else.
    client: OnceLock<Result<Client, String>>,
}

/// Chooses the one provider of TLS. Whoever makes an HTTP client of their own does so first.
pub fn provide_tls() {
    // It is chosen once; another part of the program may have been earlier.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

impl HttpSink {
    pub fn new(hosts: PrivateHosts) -> Self {
        Self { hosts, client: OnceLock::new() }
    }

    fn client(&self) -> Result<&Client, CallFailure> {
        let made = self.client.get_or_init(|| {
            provide_tls();
            let builder = Client::builder().redirect(redirect::Policy::none()).no_proxy();
            let builder = builder.connect_timeout(CONNECT_LIMIT).user_agent("ordain");
            let resolver = GuardedResolver(self.hosts.clone());
            builder.dns_resolver(resolver).build().map_err(|error| error.to_string())
        });
        made.as_ref().map_err(|why| CallFailure::passing("no_client", why.as_str()))
    }

    /// The address of a call, if it may be called.
    fn address(&self, call: &Call, left: &mut Value) -> Result<Url, CallFailure> {
        let bad = |why: &str| CallFailure::lasting("bad_address", why);
        let mut url = Url::parse(&filled(&call.url, left)?).map_err(|error| bad(&error.to_string()))?;
        let host = url.host_str().ok_or_else(|| bad("no host"))?.to_owned();
        // Names are looked at when they are resolved; numbers are not resolved.
        let literal = host.trim_matches(['[', ']']).parse::<IpAddr>().ok();
        if let Some(inside) = literal.filter(|address| !self.hosts.admits(&host, *address)) {
            return Err(CallFailure::lasting("forbidden_address", Forbidden(inside).to_string()));
        }
        if url.scheme() != "https" && !(url.scheme() == "http" && self.hosts.contains(&host)) {
            return Err(CallFailure::lasting("insecure_address", format!("{}://{host}", url.scheme())));
        }
        if !call.method.has_body() {
            let fields = left.as_object().into_iter().flatten();
            let pairs: Vec<(String, String)> =
                fields.map(|(name, value)| (name.clone(), plain(value))).collect();
            if !pairs.is_empty() {
                url.query_pairs_mut().extend_pairs(pairs);
            }
        }
        Ok(url)
    }

    async fn send(&self, call: &Call) -> Result<Value, CallFailure> {
        let mut left = call.body.clone();
        let url = self.address(call, &mut left)?;
        let method = reqwest::Method::from_bytes(call.method.name().as_bytes())
            .map_err(|error| CallFailure::lasting("bad_method", error.to_string()))?;
        let request = self.client()?.request(method, url).headers(headers(call)?).timeout(call.patience);
        let request = if call.method.has_body() { request.json(&left) } else { request };
        let response = request.send().await.map_err(|error| unsent(&error))?;
        let (status, wait) = (response.status(), retry_after(&response));
        let text = read(response).await?;
        if !status.is_success() {
            return Err(refused(status, &text, wait));
        }
        match text.trim() {
            "" => Ok(Value::Null),
            text => serde_json::from_str(text)
                .map_err(|error| CallFailure::lasting("answer_unreadable", error.to_string())),
        }
    }
}

impl Sink for HttpSink {
    fn call<'a>(&'a self, call: &'a Call) -> Calling<'a> {
        Box::pin(self.send(call))
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The address with its parts filled in; what fills a part is taken out of the body.
fn filled(url: &str, body: &mut Value) -> Result<String, CallFailure> {
    let mut made = String::with_capacity(url.len());
    let mut rest = url;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after
            .split_once('}')
            .ok_or_else(|| CallFailure::lasting("bad_address", "a part that is not closed"))?;
        let value = body.as_object_mut().and_then(|fields| fields.remove(name));
        let value = value.filter(|value| !value.is_null() && !value.is_object() && !value.is_array());
        let value = value.ok_or_else(|| CallFailure::lasting("address_part_missing", name))?;
        made.push_str(before);
        made.push_str(&escaped(&plain(&value)));
        rest = behind;
    }
    made.push_str(rest);
    Ok(made)
}

/// A value as one part of a path: nothing in it leads elsewhere.
fn escaped(value: &str) -> String {
    let mut made = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'~' => made.push(char::from(byte)),
            other => made.push_str(&format!("%{other:02X}")),
        }
    }
    made
}

fn headers(call: &Call) -> Result<HeaderMap, CallFailure> {
    let mut headers = HeaderMap::new();
    let own = [(IDEMPOTENCY_KEY.to_owned(), call.key.clone())];
    for (name, value) in call.headers.iter().chain(&own) {
        // What is wrong with a value is not said: it may be a secret.
        let bad = || CallFailure::lasting("bad_header", name.as_str());
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
        headers.insert(key, HeaderValue::from_str(value).map_err(|_| bad())?);
    }
    Ok(headers)
}

fn unsent(error: &reqwest::Error) -> CallFailure {
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if let Some(forbidden) = cause.downcast_ref::<Forbidden>() {
            return CallFailure::lasting("forbidden_address", forbidden.to_string());
        }
        source = cause.source();
    }
    let code = if error.is_timeout() { "timeout" } else { "unreachable" };
    // The address may hold what is nobody's business; the innermost cause says enough.
    CallFailure::passing(code, innermost(error))
}

fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

/// The body as text, as far as it may go.
async fn read(mut response: Response) -> Result<String, CallFailure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unsent(&error))? {
        if bytes.len().saturating_add(chunk.len()) > ANSWER_MAX {
            return Err(CallFailure::lasting("answer_too_large", ANSWER_MAX.to_string()));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A receiver that is busy or ill may be well again; one that does not want the call will not want it later.
fn refused(status: StatusCode, text: &str, retry_after: Option<Duration>) -> CallFailure {
    let transient = status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429);
    let said: String = text.chars().filter(|c| !c.is_control()).take(TOLD_MAX).collect();
    let detail = if said.is_empty() { status.to_string() } else { format!("{status}: {said}") };
    CallFailure { transient, code: "refused", detail, retry_after }
}

fn retry_after(response: &Response) -> Option<Duration> {
    let seconds: u64 = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(RETRY_AFTER_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::Method;
    use serde_json::json;

    fn call(url: &str, body: Value) -> Call {
        let (key, method, patience) = ("k".to_owned(), Method::Get, Duration::from_secs(1));
        Call { key, method, url: url.to_owned(), headers: Vec::new(), body, patience }
    }

    fn address(url: &str, body: Value) -> Result<String, &'static str> {
        let sink = HttpSink::new(PrivateHosts::new(["10.0.0.7".to_owned()]));
        let call = call(url, body);
        let made = sink.address(&call, &mut call.body.clone());
        made.map(|url| url.to_string()).map_err(|failure| failure.code)
    }

    #[test]
    fn values_stay_in_their_part_of_the_address() {
        let made = address("https://erp.example.com/orders/{no}", json!({ "no": "../a?b=c", "x": "1 2" }));
        assert_eq!(made.as_deref(), Ok("https://erp.example.com/orders/%2E%2E%2Fa%3Fb%3Dc?x=1+2"));
        assert_eq!(address("https://erp.example.com/{no}", json!({})), Err("address_part_missing"));
        assert_eq!(address("https://erp.example.com/{no", json!({ "no": 1 })), Err("bad_address"));
    }

    #[test]
    fn the_inside_is_called_only_where_it_was_named() {
        assert_eq!(address("http://10.0.0.7/x", json!({})).as_deref(), Ok("http://10.0.0.7/x"));
        for inside in ["https://10.0.0.8/", "https://0x7f.1/", "https://2130706433/", "https://[::1]/"] {
            assert_eq!(address(inside, json!({})), Err("forbidden_address"), "{inside}");
        }
        assert_eq!(address("http://erp.example.com/", json!({})), Err("insecure_address"));
        assert_eq!(address("file:///etc/passwd", json!({})), Err("bad_address"));
    }

    #[test]
    fn secrets_stay_out_of_what_is_shown() {
        let headers = vec![("authorization".to_owned(), "Bearer geheim".to_owned())];
        let shown = format!("{:?}", Call { headers, ..call("https://erp.example.com/", json!({ "a": 1 })) });
        assert!(shown.contains("authorization") && !shown.contains("geheim"), "{shown}");
    }
}
