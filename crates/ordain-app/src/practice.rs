//! Practice: beside every company lies another one in the same database, under its number with the sign turned, in which
//! people try everything out. It has its own people, goods, orders, log and figures, so nothing done there touches the
//! company; what would leave it goes nowhere; nobody can sign in to it but through the company. Each person who goes
//! over keeps their id, and comes back as who they are.

use crate::admin::{AdminCommand, CustomerItem, Init, ProductItem, StockItem, UserItem};
use crate::app::App;
use crate::case::decide::{OrderCommand, Place};
use crate::case::people::User;
use crate::case::world::{House, STANDARD_FLOW};
use crate::gate::{Command, GateError};
use crate::password;
use crate::session::{Opening, SignedIn, open};
use crate::setup::STANDARD;
use jiff::Span;
use ordain_domain::actor::Actor;
use ordain_domain::decimal::DecimalText;
use ordain_domain::order::{Content, Line};
use serde::Deserialize;
use std::collections::BTreeMap;

const SAMPLE: &str = include_str!("../data/practice.json");
/// With so many orders under way nobody needs more.
const UNDER_WAY_MAX: i64 = 40;

/// The practice company of a company, and the company of a practice company.
pub fn other_side(org: i64) -> i64 {
    -org
}

pub fn is_practice(org: i64) -> bool {
    org < 0
}

/// What lies in every practice company.
#[derive(Deserialize)]
struct Sample {
    /// Where people of a role work.
    departments: BTreeMap<String, String>,
    people: Vec<UserItem>,
    customers: Vec<CustomerItem>,
    products: Vec<ProductItem>,
    stock: Vec<StockItem>,
    orders: Vec<SampleOrder>,
}

#[derive(Deserialize)]
struct SampleOrder {
    customer: String,
    po: String,
    /// Wanted so many days from now.
    days: i64,
    leave_out: Option<String>,
    note: Option<String>,
    /// Product, quantity, price.
    lines: Vec<(String, String, String)>,
}

fn sample() -> Result<Sample, GateError> {
    serde_json::from_str(SAMPLE).map_err(|error| GateError::Bug(format!("practice data: {error}")))
}

/// Takes somebody over to the practice company of their own, in a role of their choice, and puts fresh samples before
/// them. The session lasts no longer than the one it takes the place of.
///
/// # Errors
/// See [`GateError`].
pub async fn start(
    app: &App,
    org: i64,
    user: &User,
    role: Option<&str>,
    expires_at_ms: i64,
) -> Result<SignedIn, GateError> {
    let (practice, sample) = (other_side(org), sample()?);
    found(app, org).await?;
    lay_out(app, org, &sample).await?;
    let there = house(app, practice)?;
    let own = user.department.clone().filter(|code| there.people.departments.contains_key(code));
    let practised = match role {
        None => User { department: own, ..user.clone() },
        Some(role) => User {
            department: sample.departments.get(role).cloned(),
            roles: vec![role.to_owned()],
            ..user.clone()
        },
    };
    let actor = Actor::Person { id: user.id, name: user.name.clone() };
    app.admin(practice, actor.clone(), AdminCommand::JoinPractice(Box::new(practised))).await?;
    place_orders(app, practice, &sample).await?;
    open(app, practice, user.id, Opening { actor, viewer: None, expires_at_ms }).await
}

/// Brings somebody back from the practice company.
///
/// # Errors
/// `Refused(NotFound)` if they are not of the company any more; see [`GateError`].
pub async fn end(app: &App, practice: i64, user: &User, expires_at_ms: i64) -> Result<SignedIn, GateError> {
    let actor = Actor::Person { id: user.id, name: user.name.clone() };
    open(app, other_side(practice), user.id, Opening { actor, viewer: None, expires_at_ms }).await
}

fn house(app: &App, org: i64) -> Result<std::sync::Arc<House>, GateError> {
    app.gate.houses().get(org).ok_or_else(|| GateError::Bug("no house".to_owned()))
}

async fn found(app: &App, org: i64) -> Result<(), GateError> {
    let practice = other_side(org);
    if app.gate.houses().get(practice).is_some() {
        return Ok(());
    }
    let rules = house(app, org)?.rules.clone();
    let company = app.store.orgs()?.into_iter().find(|row| row.org == org).map(|row| row.name);
    let init = Init {
        company: company.unwrap_or_default(),
        currency: rules.currency,
        timezone: rules.timezone,
        // Nobody learns it, and nobody could sign in with it.
        admin_password_hash: password::hash(password::one_time()?.into()).await?,
        flow: STANDARD.to_owned(),
    };
    match app.admin(practice, Actor::system("practice"), AdminCommand::Init(Box::new(init))).await {
        // Somebody else was faster.
        Err(GateError::Invalid(_)) if app.gate.houses().get(practice).is_some() => Ok(()),
        done => done.map(drop),
    }
}

/// Brings the samples back to what they were, and the flow to the one in force.
async fn lay_out(app: &App, org: i64, sample: &Sample) -> Result<(), GateError> {
    let practice = other_side(org);
    let put = async |command| app.admin(practice, Actor::system("practice"), command).await.map(drop);
    put(AdminCommand::PutUsers(sample.people.clone())).await?;
    put(AdminCommand::PutCustomers(sample.customers.clone())).await?;
    put(AdminCommand::PutProducts(sample.products.clone())).await?;
    put(AdminCommand::FeedStock { as_of: None, items: sample.stock.clone() }).await?;
    let version = house(app, org)?.active.get(STANDARD_FLOW).copied();
    let flow = version.map(|version| app.store.flow(org, STANDARD_FLOW, version)).transpose()?.flatten();
    let Some(flow) = flow else { return Ok(()) };
    match put(AdminCommand::PublishFlow { key: flow.key, doc: flow.doc }).await {
        // It names people or systems that are not here: the flow that companies start with stays.
        Ok(()) | Err(GateError::Invalid(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

async fn place_orders(app: &App, practice: i64, sample: &Sample) -> Result<(), GateError> {
    let counts = app.store.order_counts(practice)?;
    let open = counts.iter().filter(|count| matches!(count.status.as_str(), "incomplete" | "in_review"));
    if open.map(|count| count.n).sum::<i64>() >= UNDER_WAY_MAX {
        return Ok(());
    }
    let there = house(app, practice)?;
    let clerk = there.people.by_login("sample-sales");
    let clerk = clerk.map(|user| Actor::Person { id: user.id, name: user.name.clone() });
    let clerk = clerk.unwrap_or_else(|| Actor::system("practice"));
    for order in &sample.orders {
        let place = Place {
            channel: "phone".to_owned(),
            source: None,
            content: order.content(sample, &there, app.clock.now_ms()),
            submit: true,
            reasons: BTreeMap::new(),
            entered_later: None,
        };
        let command = OrderCommand::Place(Box::new(place));
        let command = Command::Order { id: None, expected: None, command };
        app.gate.send(app.envelope(practice, clerk.clone(), command, None)).await?;
    }
    Ok(())
}

impl SampleOrder {
    fn content(&self, sample: &Sample, house: &House, now_ms: i64) -> Content {
        let customer = sample.customers.iter().find(|known| known.code == self.customer);
        let unit = |code: &str| sample.products.iter().find(|known| known.code == code)?.unit.clone();
        let line = |(id, (product, quantity, price)): (u32, &(String, String, String))| Line {
            id,
            product: Some(product.clone()),
            quantity: DecimalText::try_from(quantity.clone()).ok(),
            unit: unit(product),
            unit_price: DecimalText::try_from(price.clone()).ok(),
            ..Line::default()
        };
        let ship_to = customer.and_then(|known| known.ship_to.clone()).unwrap_or_default();
        let ship_to = ship_to.into_iter().next().filter(|_| self.leave_out.as_deref() != Some("ship_to"));
        Content {
            customer: Some(self.customer.clone()),
            // Two of the same would be taken for one order handed in twice.
            customer_po: Some(format!("{}-{}", self.po, now_ms / 1_000 % 10_000_000)),
            order_type: "standard".to_owned(),
            currency: Some(house.rules.currency.code().to_owned()),
            requested_date: house.calendar.date_at(now_ms).checked_add(Span::new().days(self.days)).ok(),
            payment_terms: customer.and_then(|known| known.payment_terms.clone()),
            ship_to: ship_to.unwrap_or_default(),
            invoice: customer.and_then(|known| known.invoice.clone()).unwrap_or_default(),
            special_requests: self.note.clone(),
            lines: (1..).zip(&self.lines).map(line).collect(),
            ..Content::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::people::ROLES;

    #[test]
    fn what_is_practised_on_can_be_read_and_every_department_has_somebody() {
        let sample = sample().unwrap_or_else(|error| panic!("{error:?}"));
        assert!(sample.departments.keys().all(|role| ROLES.contains(&role.as_str())));
        for department in sample.departments.values() {
            assert!(sample.people.iter().any(|each| each.department.as_ref() == Some(department)));
        }
        assert!(!sample.orders.is_empty());
    }
}
