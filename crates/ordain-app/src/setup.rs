//! The first set-up: a company from which the first clean order can be confirmed at once.

use crate::admin::{AdminCommand, AdminDone, Init};
use crate::app::App;
use crate::gate::GateError;
use crate::password;
use ordain_domain::actor::Actor;
use ordain_domain::decimal::Currency;

/// The flow that every company starts with.
pub const STANDARD: &str = include_str!("../../../flows/standard.json");

/// Shipped flows that a new one can begin from, by key.
pub const TEMPLATES: [(&str, &str); 4] = [
    ("standard", STANDARD),
    ("sequential", include_str!("../../../flows/sequential.json")),
    ("large-and-special", include_str!("../../../flows/large-and-special.json")),
    ("fulfilment", include_str!("../../../flows/fulfilment.json")),
];

/// What is asked for when a company is founded.
#[derive(Clone, Debug)]
pub struct InitOptions {
    pub company: String,
    pub currency: Currency,
    /// IANA name.
    pub timezone: String,
}

impl InitOptions {
    pub fn new(company: &str) -> Self {
        let (currency, timezone) = (Currency::Cny, "Asia/Shanghai".to_owned());
        Self { company: company.to_owned(), currency, timezone }
    }
}

/// A founded company.
#[derive(Clone, Debug)]
pub struct InitDone {
    pub org: i64,
    /// One-time password of the user `admin`; it is stored nowhere.
    pub admin_password: String,
}

/// Founds a company beside those that exist.
///
/// # Errors
/// `Invalid` names what is wrong with the options; see [`GateError`].
pub async fn init_company(app: &App, options: InitOptions) -> Result<InitDone, GateError> {
    let org = app.store.orgs()?.last().map_or(1, |row| row.org + 1);
    let admin_password = password::one_time()?;
    let init = Init {
        company: options.company,
        currency: options.currency,
        timezone: options.timezone,
        admin_password_hash: password::hash(admin_password.clone().into()).await?,
        flow: STANDARD.to_owned(),
    };
    match app.admin(org, Actor::system("setup"), AdminCommand::Init(Box::new(init))).await? {
        AdminDone::Founded { org, .. } => Ok(InitDone { org, admin_password }),
        other => Err(GateError::Bug(format!("founding a company answered {other:?}"))),
    }
}
