//! Of an order what a run is about, as facts: all of it, one line, or what one warehouse gives.

use super::Around;
use crate::case::side_run::About;
use jiff::civil::Date;
use ordain_domain::check::CheckedLine;
use ordain_domain::finding::{Check, Code, Finding, Severity};
use ordain_domain::order::{Line, Order};
use ordain_flow::doc::{CustomField, FlowDoc};
use ordain_flow::rule::{Facts, FindingFact, Member, Value};
use ordain_flow::run::Flow;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// Names of checks and codes, shared so that facts are built without copying text.
static CHECKS: LazyLock<Vec<Arc<str>>> =
    LazyLock::new(|| Check::ALL.iter().map(|c| Arc::from(c.name())).collect());
static CODES: LazyLock<Vec<Arc<str>>> =
    LazyLock::new(|| Code::ALL.iter().map(|c| Arc::from(c.name())).collect());

fn shared(names: &[Arc<str>], at: usize) -> Arc<str> {
    names.get(at).cloned().unwrap_or_else(|| Arc::from(""))
}

fn text(value: Option<&str>) -> Value {
    value.map_or(Value::Null, |text| Value::Text(Arc::from(text)))
}

fn scaled(value: Option<i64>, places: u32) -> Value {
    value.map_or(Value::Null, |value| Value::Number(Decimal::new(value, places)))
}

fn date(value: Option<Date>) -> Value {
    value.map_or(Value::Null, Value::Date)
}

/// What is over what the customer, or all that owe with it, may owe.
const CREDIT: [Code; 2] = [Code::CreditExceeded, Code::GroupCreditExceeded];
/// What departs from what was agreed with the customer, or from the company's clauses.
const TERMS: [Code; 3] = [Code::TermsDiffer, Code::ClauseMissing, Code::ClauseDeparts];

/// Superiors above a salesperson that are known.
const LEVELS_MAX: u8 = 20;

/// What can be promised of a line, the worst last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Promised {
    InStock,
    Later,
    Not,
}

impl Promised {
    fn name(self) -> &'static str {
        match self {
            Promised::InStock => "in_stock",
            Promised::Later => "partly_later",
            Promised::Not => "not_promisable",
        }
    }
}

pub(super) struct Part<'a> {
    around: Around<'a>,
    /// What has to be looked up is, where this flow names it; without a flow everything is.
    flow: Option<&'a Flow>,
    order: &'a Order,
    /// What of each line has left, in thousandths.
    shipped: BTreeMap<u32, i64>,
    warehouse: Option<&'a str>,
    /// The lines by their place; all of them where there is none.
    lines: Option<Vec<usize>>,
}

impl<'a> Part<'a> {
    pub fn whole(order: &'a Order, flow: Option<&'a Flow>, around: Around<'a>) -> Self {
        let shipped = order.fulfilment.shipped_milli();
        Self { around, flow, order, shipped, warehouse: None, lines: None }
    }

    pub fn of(
        order: &'a Order,
        about: Option<&'a About>,
        flow: Option<&'a Flow>,
        around: Around<'a>,
    ) -> Self {
        let held =
            |id: u32, code: &str| order.held.iter().any(|held| held.line == id && held.warehouse == code);
        let places = |wanted: &dyn Fn(u32) -> bool| {
            let lines = order.content.lines.iter().enumerate().filter(|(_, line)| wanted(line.id));
            Some(lines.map(|(at, _)| at).collect())
        };
        match about {
            None => Self::whole(order, flow, around),
            Some(About::Line(id)) => {
                Self { lines: places(&|line| line == *id), ..Self::whole(order, flow, around) }
            }
            Some(About::Warehouse(code)) => {
                let lines = places(&|line| held(line, code));
                Self { warehouse: Some(code), lines, ..Self::whole(order, flow, around) }
            }
        }
    }

    pub fn facts(&self, doc: &FlowDoc, custom: impl Fn(&CustomField) -> Value) -> Facts {
        let mut fields = self.fields();
        fields.extend(doc.fields.iter().filter(|field| !field.line).map(custom));
        let own: Vec<&CustomField> = doc.fields.iter().filter(|field| field.line).collect();
        Facts { fields, lines: self.lines(&own), findings: self.findings(), ..Facts::default() }
    }

    fn asks(&self, fact: &str) -> bool {
        self.flow.is_none_or(|flow| flow.asks(fact))
    }

    /// Whether a path of the order lies in what the run is about.
    fn covers(&self, path: &str) -> bool {
        let Some(lines) = &self.lines else { return true };
        let place = path.strip_prefix("lines[").and_then(|rest| rest.split_once(']'));
        place.is_none_or(|(at, _)| at.parse().is_ok_and(|at| lines.contains(&at)))
    }

    /// The order's own facts, in the order of the schema.
    pub fn fields(&self) -> Vec<Value> {
        let (order, checked) = (self.order, &self.order.checked);
        let has = |code: Code| {
            let found = |finding: &Finding| finding.code == code && self.covers(&finding.path);
            Value::Bool(checked.findings.iter().any(found))
        };
        let any = |codes: &[Code]| Value::Bool(codes.iter().any(|code| has(*code) == Value::Bool(true)));
        let customer = checked.customer.as_ref();
        let (gross, net) = self.amounts();
        vec![
            gross,
            net,
            text(order.content.currency.as_deref()),
            text(Some(&order.channel)),
            text(Some(&order.content.order_type)),
            text(customer.map(|customer| customer.code.as_str())),
            text(customer.and_then(|customer| customer.level.as_deref())),
            text(order.content.payment_terms.as_deref()),
            any(&TERMS),
            has(Code::SpecialRequest),
            has(Code::PriceDiffers),
            has(Code::StockShort),
            any(&CREDIT),
            Value::Number(Decimal::from(self.lines.as_ref().map_or(order.content.lines.len(), Vec::len))),
            Value::Number(Decimal::from(order.revision)),
            has(Code::BelowFloor),
            date(order.content.requested_date),
            customer.and_then(|customer| customer.first_order).map_or(Value::Null, Value::Bool),
            self.promise(),
            Value::Number(Decimal::from(self.count(&TERMS))),
            // The engine fills it in where a rule asks.
            Value::Null,
            text(order.content.ship_to.address.as_deref().filter(|_| self.asks("region"))),
            self.salesperson(),
            self.department(),
            Value::Tags(order.tags.iter().map(|tag| Arc::from(tag.as_str())).collect()),
        ]
    }

    fn count(&self, codes: &[Code]) -> usize {
        let findings = self.order.checked.findings.iter();
        findings.filter(|finding| codes.contains(&finding.code) && self.covers(&finding.path)).count()
    }

    /// The customer's salesperson with those above.
    fn salesperson(&self) -> Value {
        if !self.asks("salesperson") {
            return Value::Null;
        }
        let owner = self.order.checked.customer.as_ref().and_then(|customer| customer.owner.as_deref());
        let Some(login) = owner else { return Value::Null };
        let house = self.around.house;
        let user = house.people.by_login(login);
        let above = user.map(|user| house.organisation.managers_above(user, &house.people, LEVELS_MAX));
        let above = above.unwrap_or_default().into_iter().map(Arc::from).collect();
        Value::Member(Member { login: login.into(), above })
    }

    /// The department of the salesperson, else of whoever entered the order.
    fn department(&self) -> Value {
        if !self.asks("department") {
            return Value::Null;
        }
        let people = &self.around.house.people;
        let owner = self.order.checked.customer.as_ref().and_then(|customer| customer.owner.as_deref());
        let entered = || people.users.get(&self.order.receiver.person()?);
        let user = owner.and_then(|login| people.by_login(login)).or_else(entered);
        text(user.and_then(|user| user.department.as_deref()))
    }

    /// What the order can be promised at worst; nothing while no line can be looked at.
    fn promise(&self) -> Value {
        if !self.asks("promise") {
            return Value::Null;
        }
        let lines = self.order.checked.lines.iter().enumerate();
        let meant = lines.filter(|(at, _)| self.lines.as_ref().is_none_or(|lines| lines.contains(at)));
        let worst = meant.filter_map(|(_, line)| self.promised(line)).max();
        worst.map_or(Value::Null, |promised| text(Some(promised.name())))
    }

    fn promised(&self, line: &CheckedLine) -> Option<Promised> {
        let needed = self.needed(line)?;
        Some(match line.available_milli? {
            free if free < needed => Promised::Not,
            _ if line.later => Promised::Later,
            _ => Promised::InStock,
        })
    }

    /// What of a line has not left yet.
    fn needed(&self, line: &CheckedLine) -> Option<i64> {
        line.qty_milli.map(|qty| qty - self.shipped.get(&line.line).copied().unwrap_or(0))
    }

    /// With tax and without.
    fn amounts(&self) -> (Value, Value) {
        let Some(totals) = &self.order.checked.totals else { return (Value::Null, Value::Null) };
        let money = |minor| Value::Number(Decimal::new(minor, totals.currency.exponent()));
        // The whole order weighs what it was parted from as well.
        let weight = self.order.weight_minor().unwrap_or(totals.gross);
        let Some(lines) = &self.lines else { return (money(weight), money(totals.net)) };
        let checked = lines.iter().filter_map(|at| self.order.checked.lines.get(*at));
        let sums = checked.fold((0_i64, 0_i64), |(gross, tax), line| {
            let (amount, of_it) = (line.amount_minor.unwrap_or(0), line.tax_minor.unwrap_or(0));
            (gross.saturating_add(amount), tax.saturating_add(of_it))
        });
        (money(sums.0), money(sums.0.saturating_sub(sums.1)))
    }

    fn lines(&self, custom: &[&CustomField]) -> Vec<Vec<Value>> {
        let exponent = self.order.checked.totals.as_ref().map_or(2, |totals| totals.currency.exponent());
        let (asks_promise, asks_category) = (self.asks("l.promise"), self.asks("l.category"));
        let row = |asked: &Line, checked: &CheckedLine| {
            let promised = self.promised(checked);
            let mut row = vec![
                text(asked.product.as_deref()),
                scaled(self.quantity(asked.id, checked.qty_milli), 3),
                scaled(checked.price_e4, 4),
                scaled(checked.amount_minor, exponent),
                Value::Bool(promised == Some(Promised::Not)),
                date(asked.requested_date.or(self.order.content.requested_date)),
                text(promised.filter(|_| asks_promise).map(Promised::name)),
                text(checked.category.as_deref().filter(|_| asks_category)),
                scaled(checked.agreed_e4, 4),
            ];
            row.extend(custom.iter().map(|field| field.value(asked.extra.get(&field.field))));
            row
        };
        let all = self.order.content.lines.iter().zip(&self.order.checked.lines).enumerate();
        let meant = all.filter(|(at, _)| self.lines.as_ref().is_none_or(|lines| lines.contains(at)));
        meant.map(|(_, (asked, checked))| row(asked, checked)).collect()
    }

    /// What is asked, or what of it the warehouse gives.
    fn quantity(&self, line: u32, asked_milli: Option<i64>) -> Option<i64> {
        let Some(code) = self.warehouse else { return asked_milli };
        let held = self.order.held.iter().filter(|held| held.line == line && held.warehouse == code);
        Some(held.map(|held| held.qty_milli).sum())
    }

    fn findings(&self) -> Vec<FindingFact> {
        let order = self.order;
        let fact = |finding: &Finding| FindingFact {
            check: shared(&CHECKS, finding.code.check() as usize),
            code: shared(&CODES, finding.code as usize),
            open: order.is_open(finding),
            sender: finding.code.severity() == Severity::Blocker,
        };
        let findings = order.checked.findings.iter().filter(|finding| self.covers(&finding.path)).map(fact);
        // An unanswered question keeps the order from its end like a finding that no review owns.
        let question = order.open_questions().next().map(|_| FindingFact {
            check: Arc::from("question"),
            code: Arc::from("question"),
            open: true,
            sender: false,
        });
        findings.chain(question).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_names_stand_where_the_enums_say() {
        assert!(Check::ALL.iter().all(|check| &*shared(&CHECKS, *check as usize) == check.name()));
        assert!(Code::ALL.iter().all(|code| &*shared(&CODES, *code as usize) == code.name()));
    }
}
