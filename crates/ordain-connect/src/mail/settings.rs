//! Where the mail server is and who sends. The password is taken in and never shown again.

use std::fmt;
use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls as SmtpTls, TlsParameters};
use lettre::{AsyncSmtpTransport, Tokio1Executor};
use serde::Deserialize;

const CONNECT_LIMIT: Duration = Duration::from_secs(20);

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    /// Only for a server on this machine or in a closed network.
    None,
    #[default]
    Starttls,
    Tls,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpSettings {
    pub host: String,
    /// By default 25, 587 or 465, as `tls` has it.
    #[serde(default)]
    pub port: Option<u16>,
    #[serde(default)]
    pub tls: Tls,
    #[serde(default)]
    pub user: Option<String>,
    #[serde(default)]
    pub password: Option<String>,
    pub from: String,
    #[serde(default)]
    pub from_name: Option<String>,
}

/// Written out by hand to keep the password out of logs.
impl fmt::Debug for SmtpSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SmtpSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .field("user", &self.user)
            .field("password", &self.password.as_ref().map(|_| "***"))
            .field("from", &self.from)
            .field("from_name", &self.from_name)
            .finish()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailSettingsProblem {
    #[error("mail_bad_sender: {address}")]
    BadSender { address: String },
    #[error("mail_bad_host: {host}: {detail}")]
    BadHost { host: String, detail: String },
    #[error("mail_password_without_user")]
    PasswordWithoutUser,
}

impl SmtpSettings {
    pub(super) fn transport(&self) -> Result<AsyncSmtpTransport<Tokio1Executor>, MailSettingsProblem> {
        let bad_host = |error: SmtpError| MailSettingsProblem::BadHost {
            host: self.host.clone(),
            detail: error.to_string(),
        };
        let parameters = || TlsParameters::new(self.host.clone()).map_err(bad_host);
        let (tls, usual_port) = match self.tls {
            Tls::None => (SmtpTls::None, 25),
            Tls::Starttls => (SmtpTls::Required(parameters()?), 587),
            Tls::Tls => (SmtpTls::Wrapper(parameters()?), 465),
        };
        let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(self.host.clone())
            .port(self.port.unwrap_or(usual_port))
            .tls(tls)
            .timeout(Some(CONNECT_LIMIT));
        match (&self.user, &self.password) {
            (Some(user), password) => {
                let password = password.clone().unwrap_or_default();
                Ok(builder.credentials(Credentials::new(user.clone(), password)).build())
            }
            (None, None) => Ok(builder.build()),
            (None, Some(_)) => Err(MailSettingsProblem::PasswordWithoutUser),
        }
    }
}
