//! How a message leaves: one trait for every way out, so that the outbox need not know whether it speaks to a
//! mail server or a telephone company. A channel delivers at least once; the message's id makes copies known.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The same for every attempt: letters, digits, `.`, `_` and `-`.
    pub id: String,
    pub to: Recipient,
    pub subject: String,
    pub text: String,
    pub html: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    pub name: Option<String>,
    pub address: String,
}

/// The receiver has taken the message on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivered {
    /// What the receiver answered, for the record.
    pub answer: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct DeliveryFailure {
    /// Worth another attempt later; otherwise this message will never be taken.
    pub transient: bool,
    pub code: &'static str,
    pub detail: String,
    /// When the receiver said how long to wait.
    pub retry_after: Option<Duration>,
}

pub type Delivery<'a> = Pin<Box<dyn Future<Output = Result<Delivered, DeliveryFailure>> + Send + 'a>>;

/// Boxed rather than `async fn`, so that channels of several kinds fit into one list.
pub trait Channel: Send + Sync {
    fn deliver<'a>(&'a self, message: &'a Message) -> Delivery<'a>;
}
