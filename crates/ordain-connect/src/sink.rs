//! How a call to another system leaves: one trait, so that whoever makes calls need not know what carries them. A sink
//! calls at least once; the call's key makes copies known.

use serde_json::Value;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// One call, the same at every attempt.
#[derive(Clone, PartialEq)]
pub struct Call {
    /// What the receiver knows a repetition by.
    pub key: String,
    pub method: Method,
    /// Where to, with parts such as `{number}` that are filled from the body.
    pub url: String,
    pub headers: Vec<(String, String)>,
    /// An object. What fills no part of the address goes into the query where the method carries no body.
    pub body: Value,
    /// For the whole of the call.
    pub patience: Duration,
}

/// Written out by hand to keep secrets in headers out of logs.
impl fmt::Debug for Call {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&String> = self.headers.iter().map(|(name, _)| name).collect();
        let mut shown = formatter.debug_struct("Call");
        shown.field("key", &self.key).field("method", &self.method).field("url", &self.url);
        shown.field("headers", &names).field("patience", &self.patience).finish_non_exhaustive()
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    Get,
    #[default]
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    pub const ALL: [Method; 5] = [Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete];

    pub fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }

    pub fn has_body(self) -> bool {
        !matches!(self, Method::Get | Method::Delete)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct CallFailure {
    /// Worth another attempt later; otherwise the same call fails again.
    pub transient: bool,
    pub code: &'static str,
    pub detail: String,
    /// When the receiver said how long to wait.
    pub retry_after: Option<Duration>,
}

impl CallFailure {
    pub fn lasting(code: &'static str, detail: impl Into<String>) -> Self {
        Self { transient: false, code, detail: detail.into(), retry_after: None }
    }

    pub fn passing(code: &'static str, detail: impl Into<String>) -> Self {
        Self { transient: true, code, detail: detail.into(), retry_after: None }
    }
}

/// What the receiver answered; nothing said is null.
pub type Calling<'a> = Pin<Box<dyn Future<Output = Result<Value, CallFailure>> + Send + 'a>>;

/// Boxed rather than `async fn`, so that sinks of several kinds fit into one list.
pub trait Sink: Send + Sync {
    fn call<'a>(&'a self, call: &'a Call) -> Calling<'a>;
}
