//! What somebody may see of an order. The flow says so field by field: what a step hides from its people or shows them
//! the beginning of only, and what is sensitive to everybody but a few. The order form says it of the fields that it adds.
//! Whatever is shown of an order is cut to this first, so that no page, list or story tells more than another. Who took an
//! order in sees it whole.

use crate::case::world::House;
use crate::case::{Case, Task, facts};
use crate::rights::{Caller, CallerKind};
use ordain_domain::actor::Actor;
use ordain_domain::finding::{Code, Finding};
use ordain_domain::form::{FormField, OrderForm};
use ordain_domain::order::Content;
use ordain_domain::order::content::Difference;
use ordain_flow::access::{bare, full, names};
use ordain_flow::doc::{FieldAccess, Node, Party, PersonSettings, Sensitive, Source};
use ordain_flow::rule::RowExplained;
use ordain_flow::run::Flow;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Shown in place of what is not.
const VEILED: &str = "***";
/// Characters of a masked text that are shown, if it is at least twice as long.
const SHOWN: usize = 3;
/// Fields that hold no text, so that there is no beginning to show.
const TYPED: [&str; 5] =
    ["requested_date", "lines.quantity", "lines.unit_price", "lines.discount", "lines.requested_date"];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Veil {
    /// A text shows its beginning, anything else nothing.
    Mask,
    Hide,
}

/// The fields that somebody does not see, or not all of; a name without a veil is seen although something around it is
/// not.
#[derive(Clone, Debug, Default)]
pub struct Sight {
    fields: Vec<(String, Option<Veil>)>,
}

impl Sight {
    /// What somebody sees of an order of this form in these flows; without a case, of any order there.
    pub fn of(form: &OrderForm, flows: &[&Flow], case: Option<&Case>, caller: &Caller) -> Self {
        let by_form = kept_by_form(form, caller);
        let says = |flow: &&Flow| !by_form.is_empty() || has_veils(flow);
        let flows: Vec<&Flow> = flows.iter().copied().filter(says).collect();
        let nothing = flows.is_empty() && by_form.is_empty();
        if nothing || case.is_some_and(|case| took_in(case, caller)) || reads_everything(caller) {
            return Self::default();
        }
        let asks =
            || flows.iter().flat_map(|flow| flow.nodes()).filter_map(|node| Some((node, node.person()?)));
        let own = asks().filter(|(node, settings)| is_asked(node, settings, case, caller));
        let own: Vec<&PersonSettings> = own.map(|(_, settings)| settings).collect();
        let sensitive = || flows.iter().flat_map(|flow| &flow.doc().sensitive);
        let named = asks().flat_map(|(_, settings)| settings.fields.keys());
        let named = named.chain(sensitive().map(|(field, _)| field)).map(|field| full(field));
        let named: BTreeSet<String> = named.chain(by_form.iter().cloned()).collect();
        let veil = |field: &String| {
            let by_form = by_form.contains(field).then_some(Veil::Hide);
            // What a step says of all fields at once is not meant for those that the form keeps back.
            let means = |settings: &&&PersonSettings| by_form.is_none() || names_itself(settings, field);
            let said = own.iter().filter(means).filter_map(|settings| settings.access(field)).min();
            said.map_or_else(|| by_role(field, sensitive(), caller).max(by_form), of_access)
        };
        let fields: Vec<_> = named.into_iter().map(|field| (field.clone(), veil(&field))).collect();
        // Names alone keep nothing back.
        let veils = fields.iter().any(|(_, veil)| veil.is_some());
        if veils { Self { fields } } else { Self::default() }
    }

    /// What somebody sees of an order: as its flows say, or the one that it would enter now.
    pub fn of_case(case: &Case, house: &House, caller: &Caller) -> Self {
        let ahead = if case.flow.is_none() { house.flow_for(&case.order) } else { None };
        let ahead = ahead.and_then(|pin| house.flow(&pin));
        let flows: Vec<&Flow> = case.flows(house).chain(ahead).map(AsRef::as_ref).collect();
        Self::of(&house.form, &flows, Some(case), caller)
    }

    /// What somebody is told by the check of an order that they type, or of one that they edit. They know the fields of the
    /// form that they have typed, unless they edit an order of which they do not see all. What the flow keeps back is kept
    /// back even from whoever took the order in: a check tells of customers and prices that the order does not.
    pub fn of_check(house: &House, flow: Option<&Flow>, edited: Option<&Case>, caller: &Caller) -> Self {
        let partly = edited.is_some_and(|case| !Self::of_case(case, house, caller).is_clear());
        let typed = OrderForm::default();
        Self::of(if partly { &house.form } else { &typed }, flow.as_slice(), None, caller)
    }

    /// What somebody sees in lists, which hold orders of all flows: what any of them keeps back is kept back.
    pub fn in_lists(house: &House, caller: &Caller) -> Self {
        let of = |flows: &[&Flow]| Self::of(&house.form, flows, None, caller).fields;
        let mut fields: BTreeMap<String, Option<Veil>> = of(&[]).into_iter().collect();
        for (_, flow) in house.active_flows() {
            for (field, veil) in of(&[flow.as_ref()]) {
                let known = fields.entry(field).or_default();
                *known = (*known).max(veil);
            }
        }
        Self { fields: fields.into_iter().collect() }
    }

    pub fn is_clear(&self) -> bool {
        self.fields.is_empty()
    }

    /// What keeps a field back, by the longest name that covers it.
    pub fn veil(&self, path: &str) -> Option<Veil> {
        let covering = self.fields.iter().filter(|(field, _)| names(field, path));
        covering.max_by_key(|(field, _)| field.len()).and_then(|(_, veil)| *veil)
    }

    /// Something of a group of fields is kept back.
    pub fn keeps_back_within(&self, group: &str) -> bool {
        self.veil(group).is_some()
            || self.fields.iter().any(|(field, veil)| veil.is_some() && names(group, field))
    }

    /// Sums follow from prices.
    pub fn money(&self) -> Option<Veil> {
        self.veil("totals.gross").max(self.veil("lines.unit_price"))
    }

    /// Where goods are held is shown with how many of them, by warehouse.
    pub fn held(&self) -> Option<Veil> {
        self.veil("lines.warehouse").max(self.veil("lines.quantity"))
    }

    /// Something by which a search finds orders is kept back.
    pub fn searches_blindly(&self) -> bool {
        ["customer", "customer_po", "ship_to.phone", "lines.product"]
            .iter()
            .any(|path| self.veil(path).is_some())
    }

    pub fn text(&self, path: &str, text: Option<String>) -> Option<String> {
        match self.veil(path) {
            None => text,
            Some(Veil::Hide) => None,
            Some(Veil::Mask) => text.map(|text| masked(&text)),
        }
    }

    /// The case as it may be shown.
    pub fn cut<'a>(&self, case: &'a Case) -> Cow<'a, Case> {
        if self.is_clear() {
            return Cow::Borrowed(case);
        }
        let mut shown = case.clone();
        shown.order.content = self.content(&case.order.content);
        self.checked(&mut shown);
        for finding in &mut shown.order.checked.findings {
            let open = finding.facts.clone();
            *finding = self.finding(finding);
            // A reason stands for the facts it was given for, shown or not.
            if let Some(accepted) = shown.order.accepted.get_mut(&finding.id())
                && accepted.facts == open
            {
                accepted.facts.clone_from(&finding.facts);
            }
        }
        Cow::Owned(shown)
    }

    fn checked(&self, shown: &mut Case) {
        let checked = &mut shown.order.checked;
        if self.veil("customer").is_some() {
            checked.customer = None;
        }
        if self.money().is_some() {
            checked.totals = None;
        }
        let (prices, quantities) =
            (self.veil("lines.unit_price").is_some(), self.veil("lines.quantity").is_some());
        for line in &mut checked.lines {
            if self.money().is_some() {
                (line.amount_minor, line.tax_minor) = (None, None);
            }
            if prices {
                (line.price_e4, line.agreed_e4, line.agreed_from) = (None, None, None);
            }
            if quantities {
                (line.qty_milli, line.available_milli) = (None, None);
            }
            if self.veil("lines.product").is_some() {
                line.name = None;
            }
        }
        if quantities {
            shown.order.held.clear();
        }
    }

    fn content(&self, content: &Content) -> Content {
        let mut all = serde_json::to_value(content).unwrap_or_default();
        self.veil_below("", &mut all);
        // Every field that is kept back can be absent, so what is left is still an order.
        serde_json::from_value(all).unwrap_or_default()
    }

    fn veil_below(&self, path: &str, value: &mut Value) {
        match value {
            Value::Object(fields) => fields.iter_mut().for_each(|(name, value)| {
                let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                self.veil_below(&below, value);
            }),
            Value::Array(items) if path == "lines" => {
                items.iter_mut().for_each(|item| self.veil_below(path, item));
            }
            // Lines are told apart by their number, whatever else is kept back of them.
            _ if path == "lines.id" => {}
            _ => match (self.veil(path), &value) {
                (None, _) => {}
                (_, Value::Bool(_)) => *value = Value::Bool(false),
                (_, _) if path == "order_type" => *value = Value::String(VEILED.to_owned()),
                (Some(Veil::Mask), Value::String(text)) if !TYPED.contains(&path) => {
                    *value = Value::String(masked(text));
                }
                _ => *value = Value::Null,
            },
        }
    }

    /// The content that somebody hands in, with what is kept back from them as it was before.
    pub fn keep(&self, before: &Content, after: Content) -> Content {
        if self.is_clear() {
            return after;
        }
        let json = |content: &Content| serde_json::to_value(content).unwrap_or_default();
        let mut kept = json(&after);
        self.keep_below("", &json(before), &mut kept);
        serde_json::from_value(kept).unwrap_or(after)
    }

    fn keep_below(&self, path: &str, before: &Value, after: &mut Value) {
        match (before, after) {
            (Value::Array(old), Value::Array(new)) if path == "lines" => {
                for line in new {
                    let known = old.iter().find(|known| known.get("id") == line.get("id"));
                    self.keep_below(path, known.unwrap_or(&Value::Null), line);
                }
            }
            (before, Value::Object(fields)) => {
                let known = before.as_object().into_iter().flat_map(|known| known.keys());
                let all: BTreeSet<String> = known.chain(fields.keys()).cloned().collect();
                for name in all {
                    let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    let old = before.get(&name).unwrap_or(&Value::Null);
                    match (self.veil(&below), old, fields.get_mut(&name)) {
                        (_, _, Some(value)) if value.is_object() || below == "lines" => {
                            self.keep_below(&below, old, value);
                        }
                        // Nothing of it was handed in: what is kept back of it is there all the same.
                        (None, old, None) if old.is_object() => {
                            let mut kept = Value::Object(serde_json::Map::new());
                            self.keep_below(&below, old, &mut kept);
                            if kept.as_object().is_some_and(|kept| !kept.is_empty()) {
                                fields.insert(name, kept);
                            }
                        }
                        (Some(_), Value::Null, _) if below != "lines.id" => drop(fields.remove(&name)),
                        (Some(_), old, _) if below != "lines.id" => drop(fields.insert(name, old.clone())),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    pub fn finding(&self, finding: &Finding) -> Finding {
        let product = finding.code == Code::StockShort && self.veil("lines.product").is_some();
        let money = finding.path.starts_with("totals") && self.money().is_some();
        let mut shown = finding.clone();
        if product || money || self.veil(&finding.path).is_some() {
            shown.facts.values_mut().for_each(|fact| VEILED.clone_into(fact));
        }
        shown
    }

    /// A difference as it may be told; nothing where even the field is hidden.
    pub fn difference(&self, difference: &Difference) -> Option<Difference> {
        let mut shown = difference.clone();
        if self.is_clear() {
            return Some(shown);
        }
        let path =
            if shown.path.starts_with("lines[") && shown.path.ends_with(']') { "lines" } else { &shown.path };
        if self.veil(path) == Some(Veil::Hide) {
            return None;
        }
        let path = bare(path);
        self.veil_below(&path, &mut shown.before);
        self.veil_below(&path, &mut shown.after);
        Some(shown)
    }

    /// Whether a row of a condition may be told: its value, and that it holds.
    pub fn tells(&self, row: &RowExplained) -> bool {
        let field = &row.field;
        if facts::paths(field).next().is_none() {
            let custom = [format!("extra.{field}"), format!("lines.extra.{field}")];
            return custom.iter().all(|path| self.veil(path).is_none());
        }
        facts::paths(field).all(|path| match path {
            "totals.gross" => self.money().is_none(),
            path => self.veil(path).is_none(),
        })
    }
}

fn masked(text: &str) -> String {
    let most = if text.chars().count() >= 2 * SHOWN { SHOWN } else { 0 };
    text.chars().take(most).chain(VEILED.chars()).collect()
}

fn has_veils(flow: &Flow) -> bool {
    let veiled =
        |settings: &PersonSettings| settings.fields.values().any(|access| of_access(*access).is_some());
    !flow.doc().sensitive.is_empty() || flow.nodes().filter_map(Node::person).any(veiled)
}

/// The fields that the form shows to other roles alone.
fn kept_by_form(form: &OrderForm, caller: &Caller) -> BTreeSet<String> {
    let sees = |field: &FormField| {
        let mut roles = field.visible_to.iter();
        field.visible_to.is_empty() || roles.any(|role| belongs(caller, &Party::Role(role.clone())))
    };
    form.fields.iter().filter(|field| !sees(field)).map(FormField::path).collect()
}

fn names_itself(settings: &PersonSettings, field: &str) -> bool {
    settings.fields.keys().any(|named| full(named) == field)
}

fn of_access(access: FieldAccess) -> Option<Veil> {
    match access {
        FieldAccess::Edit | FieldAccess::Read => None,
        FieldAccess::Mask => Some(Veil::Mask),
        FieldAccess::Hide => Some(Veil::Hide),
    }
}

fn by_role<'a>(
    field: &str,
    sensitive: impl Iterator<Item = (&'a String, &'a Sensitive)>,
    caller: &Caller,
) -> Option<Veil> {
    let covering = sensitive.filter(|(name, _)| names(name, field));
    let (_, rule) = covering.max_by_key(|(name, _)| name.len())?;
    let seen = rule.visible_to.iter().any(|party| belongs(caller, party));
    (!seen).then_some(if rule.hidden { Veil::Hide } else { Veil::Mask })
}

fn belongs(caller: &Caller, party: &Party) -> bool {
    match &caller.kind {
        CallerKind::Person(user) => user.belongs_to(party),
        CallerKind::Token { role, .. } => matches!(party, Party::Role(key) if key == role),
    }
}

fn took_in(case: &Case, caller: &Caller) -> bool {
    match (&case.order.receiver, &caller.kind) {
        (Actor::Person { id, .. }, CallerKind::Person(user)) => *id == user.id,
        (Actor::Token { id, .. }, CallerKind::Token { id: own, .. }) => id == own,
        _ => false,
    }
}

/// A program with the rights of an administrator carries whole orders from system to system.
fn reads_everything(caller: &Caller) -> bool {
    matches!(&caller.kind, CallerKind::Token { role, .. } if role == "admin")
}

/// The step is theirs: its sources name them, or a task of it came to them.
fn is_asked(node: &Node, settings: &PersonSettings, case: Option<&Case>, caller: &Caller) -> bool {
    let named = settings.assignee.iter().filter_map(Source::candidates).flatten();
    if named.chain(settings.backup.clone()).any(|party| belongs(caller, &party)) {
        return true;
    }
    let Some((case, user)) = case.zip(caller.user()) else { return false };
    let theirs = |task: &Task| {
        let own = Some(user.id);
        user.belongs_to(&task.holder) || task.claimed_by == own || task.decider() == own
    };
    case.tasks.values().any(|task| task.node == node.id && theirs(task))
}
