//! Mail: to customers about their orders, and figures to whom the company names. That of an order is written from the order as it was when the mail was decided, not as it is when it leaves, and
//! under the same id at every attempt.

mod deliver;

pub use deliver::deliver_outbox;

use crate::answer_code::AnswerCodes;
use crate::audit::{entries, replay};
use crate::case::Case;
use crate::case::answer::CODE_MS;
use crate::case::decide::ANSWER_CODE;
use crate::case::event::Event;
use crate::case::notice_text::{IN_APP, MAIL};
use crate::case::world::House;
use crate::gate::{FigureMail, OutboxMessage};
use ordain_connect::channel::{Message, Recipient};
use ordain_connect::template::{Rendered, TemplateError, render, render_wording};
use ordain_connect::wording::{Wording, line, variables};
use ordain_domain::actor::Actor;
use ordain_domain::decimal::{money_text, price_text, qty_text};
use ordain_domain::order::{Event as OrderEvent, Question};
use ordain_flow::doc::{Channel, Party};
use ordain_store::{LogRow, OutboxRow, Store, StoreError};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// Customers are written to in the language of the company.
const LANG: &str = "zh-CN";
const SAMPLE: &str = "…";

/// Why a message cannot be written. Trying again would not help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Template(#[from] TemplateError),
    #[error("the message or its order cannot be read: {0}")]
    Unreadable(String),
}

/// Writes the mail of an outbox row.
///
/// # Errors
/// See [`WriteError`].
pub fn write(
    store: &Store,
    house: &House,
    codes: &AnswerCodes,
    row: &OutboxRow,
) -> Result<Message, WriteError> {
    let unreadable = |why: &str| WriteError::Unreadable(why.to_owned());
    if row.order_id.is_none() {
        return of_figures(row);
    }
    let outbox: OutboxMessage =
        serde_json::from_str(&row.message).map_err(|error| unreadable(&error.to_string()))?;
    let order = row.order_id.ok_or_else(|| unreadable("no order"))?;
    let entries = entries(store, row.org, order, outbox.version)?;
    let case = replay(&entries).ok().flatten().ok_or_else(|| unreadable("no log"))?;
    let question = entries.last().and_then(question);
    let mut data = data(store, house, row.org, &case, question.as_ref())?;
    if outbox.template == ANSWER_CODE {
        let (order, sent) = (case.order.id, Uuid::from_bytes(row.id));
        data["answer"] = json!({ "code": codes.of(row.org, order, sent), "minutes": CODE_MS / 60_000 });
    }
    let channel = outbox.by.map_or(MAIL, Channel::name);
    let rendered = said(house, (&outbox.template, channel, LANG), &data)?;
    let name = case.order.checked.customer.as_ref().map(|customer| customer.name.clone());
    Ok(Message {
        id: Uuid::from_bytes(row.id).hyphenated().to_string(),
        to: Recipient { name, address: outbox.to },
        subject: rendered.subject,
        text: rendered.text,
        html: Some(rendered.html),
    })
}

/// A mail that is about no order holds all it says.
fn of_figures(row: &OutboxRow) -> Result<Message, WriteError> {
    let read = serde_json::from_str(&row.message);
    let mail: FigureMail = read.map_err(|error| WriteError::Unreadable(error.to_string()))?;
    let rendered = render(&mail.template, &mail.lang, &mail.data)?;
    Ok(Message {
        id: Uuid::from_bytes(row.id).hyphenated().to_string(),
        to: Recipient { name: None, address: mail.to },
        subject: rendered.subject,
        text: rendered.text,
        html: Some(rendered.html),
    })
}

/// What a notice to the customer would say now, in a language.
///
/// # Errors
/// See [`WriteError`].
pub fn preview(
    store: &Store,
    house: &House,
    org: i64,
    case: &Case,
    template: &str,
    lang: &str,
) -> Result<Rendered, WriteError> {
    Ok(said(house, (template, MAIL, lang), &data(store, house, org, case, None)?)?)
}

/// What an event is told with by a way, in the company's words where it has some.
fn said(
    house: &House,
    (event, channel, lang): (&str, &str, &str),
    data: &Value,
) -> Result<Rendered, TemplateError> {
    let unknown = || TemplateError::Unknown { template: event.to_owned(), lang: lang.to_owned() };
    let wording = house.notice_texts.to_customers(event, channel, lang).ok_or_else(unknown)?;
    render_wording(&wording, lang, data)
}

/// What a text would say of an order. What only the moment of sending knows is a sample.
///
/// # Errors
/// See [`WriteError`].
pub fn preview_wording(
    store: &Store,
    house: &House,
    (org, case): (i64, &Case),
    (channel, lang): (&str, &str),
    wording: &Wording,
) -> Result<Rendered, WriteError> {
    if channel == IN_APP {
        let mut data: Map<String, Value> =
            variables(&wording.text).into_iter().map(|name| (name.to_owned(), json!(SAMPLE))).collect();
        data.insert("number".to_owned(), json!(case.order.number));
        let customer = case.order.checked.customer.as_ref().map(|customer| &customer.name);
        data.insert("customer".to_owned(), json!(customer));
        let text = line(&wording.text, &Value::Object(data));
        return Ok(Rendered { subject: String::new(), text, html: String::new() });
    }
    let mut data = data(store, house, org, case, None)?;
    data["question"] = json!({ "text": SAMPLE, "due": SAMPLE });
    data["answer"] = json!({ "code": SAMPLE, "minutes": CODE_MS / 60_000 });
    Ok(render_wording(wording, lang, &data)?)
}

fn data(
    store: &Store,
    house: &House,
    org: i64,
    case: &Case,
    question: Option<&Question>,
) -> Result<Value, StoreError> {
    let company = store.orgs()?.into_iter().find(|known| known.org == org).map(|org| org.name);
    Ok(json!({
        "company": company,
        "order": order_data(case, house),
        "contact": contact(case, house),
        "question": question.map(|question| json!({
            "text": question.text,
            "due": house.calendar.date_at(question.due_ms).to_string(),
        })),
    }))
}

/// The question that was asked in the entry which caused the mail.
fn question(entry: &LogRow) -> Option<Question> {
    let events: Vec<Event> = serde_json::from_str(&entry.events).ok()?;
    events.into_iter().rev().find_map(|event| match event {
        Event::Order(OrderEvent::QuestionAsked { question }) => Some(*question),
        _ => None,
    })
}

fn order_data(case: &Case, house: &House) -> Value {
    let order = &case.order;
    let (content, checked) = (&order.content, &order.checked);
    let totals = checked.totals.as_ref();
    let currency = totals.map_or(house.rules.currency, |totals| totals.currency);
    let money = |minor: Option<i64>| minor.map_or_else(String::new, |minor| money_text(minor, currency));
    let customer = checked.customer.as_ref().map(|customer| &customer.name).or(content.customer.as_ref());
    let address = &content.ship_to;
    let ship_to = (address.name.is_some() || address.phone.is_some() || address.address.is_some())
        .then(|| json!({ "name": address.name, "phone": address.phone, "address": address.address }));
    json!({
        "number": order.number,
        "revision": order.revision,
        "later_revision": Some(order.revision).filter(|revision| *revision > 1),
        "customer_po": content.customer_po,
        "customer_name": customer.cloned().unwrap_or_default(),
        "currency": currency.code(),
        "net": money(totals.map(|totals| totals.net)),
        "tax": money(totals.map(|totals| totals.tax)),
        "gross": money(totals.map(|totals| totals.gross)),
        "payment_terms": content.payment_terms,
        "requested_date": content.requested_date.map(|date| date.to_string()),
        "ship_to": ship_to,
        "special_requests": content.special_requests,
        "lines": content.lines.iter().map(|line| {
            let checked = checked.lines.iter().find(|checked| checked.line == line.id);
            let quantity = checked.and_then(|checked| checked.qty_milli).map(qty_text);
            let price = checked.and_then(|checked| checked.price_e4).map(price_text);
            let (promised, expected) = (order.promised_on(line.id), order.expected_on(line.id));
            json!({
                "product": line.product.clone().unwrap_or_default(),
                "name": checked.and_then(|checked| checked.name.clone()),
                "quantity": quantity.unwrap_or_default(),
                "unit": line.unit,
                "unit_price": price.unwrap_or_default(),
                "amount": money(checked.and_then(|checked| checked.amount_minor)),
                "promised_date": expected.map(|date| date.to_string()),
                "undated": promised.is_some() && expected.is_none(),
            })
        }).collect::<Vec<_>>(),
    })
}

/// Whom the customer can turn to: the person who received the order, else somebody in sales.
fn contact(case: &Case, house: &House) -> Value {
    let people = &house.people;
    let receiver = match &case.order.receiver {
        Actor::Person { id, .. } => people.users.get(id).filter(|user| !user.disabled),
        _ => None,
    };
    let first = |party: Party| people.members(&party).into_iter().next();
    let user = receiver
        .or_else(|| first(Party::Department("sales".to_owned())))
        .or_else(|| first(Party::Role("process_admin".to_owned())));
    json!({
        "name": user.map_or("", |user| &user.name),
        "email": user.and_then(|user| user.email.as_ref()),
        "phone": null,
    })
}
