//! Sends messages as mail through an SMTP server. Every message goes over a connection of its own, so that a
//! server that has silently closed an idle one is never noticed too late, and every send has a time limit that
//! covers the whole conversation: lettre's own covers only connecting.

mod compose;
mod folder;
mod settings;

use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use crate::channel::{Channel, Delivered, Delivery, DeliveryFailure, Message};
use compose::Sender;
pub use folder::MailFolder;
pub use settings::{MailSettingsProblem, SmtpSettings, Tls};

const SEND_LIMIT: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub struct SmtpChannel {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    sender: Sender,
    send_limit: Duration,
}

impl SmtpChannel {
    pub fn new(settings: &SmtpSettings) -> Result<Self, MailSettingsProblem> {
        Ok(Self {
            transport: settings.transport()?,
            sender: Sender::new(&settings.from, settings.from_name.as_deref())?,
            send_limit: SEND_LIMIT,
        })
    }

    /// Gives up a send sooner, or later, than after 60 seconds.
    pub fn with_send_limit(self, send_limit: Duration) -> Self {
        Self { send_limit, ..self }
    }

    async fn send(&self, message: &Message) -> Result<Delivered, DeliveryFailure> {
        let mail = self.sender.compose(message)?;
        match tokio::time::timeout(self.send_limit, self.transport.send(mail)).await {
            Ok(Ok(response)) => {
                let lines: Vec<&str> = response.message().collect();
                Ok(Delivered { answer: format!("{} {}", response.code(), lines.join(" ")) })
            }
            Ok(Err(error)) => Err(failure(&error)),
            Err(_) => Err(DeliveryFailure {
                transient: true,
                code: "smtp_timeout",
                detail: format!("{} s", self.send_limit.as_secs()),
                retry_after: None,
            }),
        }
    }
}

impl Channel for SmtpChannel {
    fn deliver<'a>(&'a self, message: &'a Message) -> Delivery<'a> {
        Box::pin(self.send(message))
    }
}

/// Answers that refuse us, not the message: another message would fare no better, so each is worth keeping until
/// somebody has put the account right.
const ABOUT_LOGIN: [&str; 4] = ["530", "534", "535", "538"];

fn failure(error: &SmtpError) -> DeliveryFailure {
    let status = error.status().map(|code| code.to_string()).unwrap_or_default();
    let (transient, code) = if ABOUT_LOGIN.contains(&status.as_str()) {
        (true, "smtp_login")
    } else if error.is_permanent() {
        (false, "smtp_refused")
    } else if error.is_transient() {
        (true, "smtp_deferred")
    } else if error.is_tls() {
        (true, "smtp_tls")
    } else if error.is_timeout() {
        (true, "smtp_timeout")
    } else if error.is_response() || error.is_client() {
        (true, "smtp_protocol")
    } else {
        (true, "smtp_connection")
    };
    DeliveryFailure { transient, code, detail: error.to_string(), retry_after: None }
}
