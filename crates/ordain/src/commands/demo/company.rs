//! The company before its first order: its people and what it trades in.

use super::data;
use crate::commands::{Failed, Outcome};
use ordain_app::admin::{AdminCommand, UserItem};
use ordain_app::app::App;
use ordain_app::gate::GateError;
use ordain_app::import::{ImportFile, ImportOptions, import_master};
use ordain_app::password;
use ordain_app::setup::InitOptions;
use ordain_connect::mapping::Kind;
use ordain_domain::actor::Actor;
use ordain_domain::calendar::{Calendar, CalendarRules, PublicHolidays};
use serde_json::{Value, json};

/// The calendar that a company is founded with: its first day is found by it.
pub(super) fn calendar(options: &InitOptions) -> Result<Calendar, Failed> {
    let mut rules = CalendarRules { timezone: options.timezone.clone(), ..CalendarRules::default() };
    if let Some(holidays) = PublicHolidays::of_timezone(&options.timezone) {
        holidays.apply(&mut rules);
    }
    Calendar::new(rules).map_err(|_| Failed(options.timezone.clone()))
}

pub(super) async fn people(app: &App, org: i64, password: &str) -> Result<Value, Failed> {
    let house = app.gate.houses().get(org).ok_or(GateError::Bug("no house".to_owned()))?;
    let hash = password::hash(password.to_owned().into()).await?;
    let staff = data::staff();
    let item = |staff: &data::Staff| UserItem {
        login: staff.login.clone(),
        name: Some(staff.name.clone()),
        department: Some(staff.department.clone()).filter(|code| house.people.departments.contains_key(code)),
        roles: Some(vec![staff.role.clone()]),
        email: Some(staff.email.clone()),
        password_hash: Some(hash.clone()),
        ..UserItem::default()
    };
    let items = staff.iter().map(item).collect();
    app.admin(org, Actor::system("demo"), AdminCommand::PutUsers(items)).await?;
    let login = |staff: &data::Staff| json!({ "login": staff.login, "name": staff.name, "role": staff.role, "password": password });
    Ok(staff.iter().map(login).collect())
}

pub(super) async fn master(app: &App, org: i64) -> Outcome {
    let files: [(Kind, &str, &[u8]); 4] = [
        (Kind::Customers, "customers.csv", data::CUSTOMERS),
        (Kind::Products, "products.csv", data::PRODUCTS),
        (Kind::Prices, "prices.csv", data::PRICES),
        (Kind::Stock, "stock.csv", data::STOCK),
    ];
    for (kind, name, bytes) in files {
        let file = ImportFile { name: name.to_owned(), bytes: bytes.to_vec(), mapping: None };
        let options = ImportOptions::default();
        let report = import_master(app, org, Actor::system("demo"), kind, &file, options).await?;
        if !report.applied {
            let row = report.rows.iter().find(|row| !row.findings.is_empty());
            return Err(Failed(format!("{name}: {row:?}")));
        }
    }
    Ok(())
}
