//! Founds the demo company: people, customers, products, prices and stock.

use super::{DemoError, Login, source};
use ordain_app::admin::{UserItem, put_users};
use ordain_app::app::App;
use ordain_app::import::{ImportFile, ImportOptions, import_master};
use ordain_app::setup::{InitOptions, init_company};
use ordain_connect::mapping::Kind;
use ordain_domain::actor::Actor;

/// A founded demo company.
pub struct Founded {
    pub org: i64,
    pub logins: Vec<Login>,
}

/// # Errors
/// If the built-in data is refused, which would be a defect, or the database cannot be written.
pub async fn found(app: &App, password: &str) -> Result<Founded, DemoError> {
    let org = init_company(app, InitOptions::new(&source::company_name()?)).await?.org;
    let logins = staff(app, org, password).await?;
    let files = [
        ("customers", Kind::Customers, source::CUSTOMERS),
        ("products", Kind::Products, source::PRODUCTS),
        ("prices", Kind::Prices, source::PRICES),
        ("stock", Kind::Stock, source::STOCK),
    ];
    for (kind, of, bytes) in files {
        let file = ImportFile { name: format!("{kind}.csv"), bytes: bytes.to_vec(), mapping: None };
        let report = import_master(app, org, actor(), of, &file, ImportOptions::default()).await?;
        if !report.applied {
            let refused = report.rows.iter().find(|row| !row.findings.is_empty());
            return Err(DemoError::Refused { kind, detail: format!("{refused:?}") });
        }
    }
    Ok(Founded { org, logins })
}

fn actor() -> Actor {
    Actor::system("demo")
}

async fn staff(app: &App, org: i64, password: &str) -> Result<Vec<Login>, DemoError> {
    let people = source::staff()?;
    let item = |[login, name, department, roles, email]: &[String; 5]| UserItem {
        login: login.clone(),
        name: Some(name.clone()),
        department: known(department),
        roles: Some(roles.split(['|', ';', ' ']).filter(|role| !role.is_empty()).map(str::to_owned).collect()),
        email: Some(email.clone()),
        password: Some(password.to_owned().into()),
        ..UserItem::default()
    };
    put_users(app, org, actor(), people.iter().map(item).collect()).await?;
    let login = |[login, name, _, roles, _]: &[String; 5]| Login {
        login: login.clone(),
        name: name.clone(),
        roles: roles.clone(),
        password: password.to_owned(),
    };
    Ok(people.iter().map(login).collect())
}

/// Management and the like stand outside the departments that take part in confirming orders.
fn known(department: &str) -> Option<String> {
    let departments = ["sales", "finance", "warehouse", "planning", "service"];
    departments.contains(&department).then(|| department.to_owned())
}
