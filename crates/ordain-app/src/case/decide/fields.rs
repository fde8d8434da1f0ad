//! Fields of an order that a step may write: exactly those, and none of the others is lost.

use super::Story;
use crate::case::event::Event;
use crate::case::refusal::Refusal;
use crate::case::side_run::{MAIN, run_of};
use crate::case::world::House;
use crate::case::{Case, Task, choices};
use ordain_domain::order::{Content, Event as OrderEvent};
use ordain_flow::access::path_of;
use ordain_flow::doc::StockAction;
use ordain_flow::rule::Operand;
use ordain_flow::run::Assigned;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

impl Story<'_> {
    /// Writes fields of the order from the actor's task.
    pub(super) fn write_fields(&mut self, id: Uuid, values: &BTreeMap<String, Value>) -> Result<(), Refusal> {
        self.must_not_be_on_hold()?;
        let (_, task) = self.own_task(id)?;
        let run = run_of(task.visit);
        let step = self.node(task.visit, &task.node);
        // What was confirmed is changed by a change alone; custom fields are the flow's own.
        let aside = run != MAIN;
        let stands = self.is_confirmed() || (aside && self.case.order.is_changing());
        let open = |path: &str| !stands || path.starts_with("extra.");
        let may = |path: &&String| open(path) && step.is_some_and(|step| step.may_write(path));
        let closed: Vec<String> = values.keys().filter(|path| !may(path)).cloned().collect();
        if !closed.is_empty() {
            return Err(Refusal::FieldsNotWritable(closed));
        }
        let misfits = self.misfits(run, values);
        if !misfits.is_empty() {
            return Err(Refusal::FieldsUnreadable(misfits));
        }
        let values = self.placed(run, values.clone());
        let content = written(&self.case.order.content, &values).map_err(Refusal::FieldsUnreadable)?;
        let paths: Vec<String> = values.into_keys().collect();
        if let Some((node, path)) = self.guarded_by(&task, &paths) {
            return Err(Refusal::FieldGuarded { path, node });
        }
        let content = self.worked_out(content);
        if content == self.case.order.content {
            return Ok(());
        }
        self.order(OrderEvent::FieldsWritten { content: Box::new(content), paths });
        self.reschedule(None);
        self.look_again();
        self.go_on()
    }

    /// Paths of custom fields whose values are not of the type that the flow gives them.
    fn misfits(&self, run: u32, values: &BTreeMap<String, Value>) -> Vec<String> {
        let flow = self.case.run_at(run).and_then(|(pin, _)| self.world.house.flow(pin));
        let custom = |path: &str| flow.and_then(|flow| flow.doc().custom(path));
        let misfit =
            |(path, value): &(&String, &Value)| custom(path).is_some_and(|custom| !custom.takes(value));
        values.iter().filter(misfit).map(|(path, _)| path.clone()).collect()
    }

    /// The values at the paths that the run's custom fields have in the order.
    pub(super) fn placed(&self, run: u32, values: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
        values.into_iter().map(|(path, value)| (self.case.place_of(run, &path), value)).collect()
    }

    /// Carries out what a data step asks for, in the same commit.
    pub(super) fn set_data(
        &mut self,
        run: u32,
        assign: &[Assigned],
        stock: Option<StockAction>,
        tags: &[Arc<str>],
    ) -> Result<(), Refusal> {
        if !assign.is_empty() {
            let values = assign.iter().map(|assigned| {
                let value = assigned.value.as_ref().map_or(Value::Null, plain);
                (path_of(&assigned.field), value)
            });
            let values = self.placed(run, values.collect());
            self.fill(values)?;
        }
        if !tags.is_empty() {
            self.order(OrderEvent::Tagged { tags: tags.iter().map(ToString::to_string).collect() });
        }
        match stock {
            _ if self.is_confirmed() => {}
            Some(StockAction::Reserve) => {
                let backing = self.check();
                self.hold_resources(backing);
            }
            Some(StockAction::Release) => self.release_resources(),
            None => drop(self.check()),
        }
        Ok(())
    }

    /// Chooses people for steps to come, among those the steps allow.
    pub(super) fn choose_people(&mut self, people: &BTreeMap<String, Vec<String>>) -> Result<(), Refusal> {
        for (node, logins) in people {
            let step = choices::step_ahead(&self.case, &self.world.house, node);
            let step = step.ok_or_else(|| Refusal::UnknownStep(node.clone()))?;
            let settings = step.person().ok_or_else(|| Refusal::UnknownStep(node.clone()))?;
            if !choices::may_choose(&self.case, &self.world.house, self.actor(), step) {
                return Err(Refusal::NotYourTask);
            }
            let among = choices::among(settings).map(|party| self.world.house.people.members(party));
            for login in logins {
                self.active_person(login)?;
                if among.as_ref().is_some_and(|among| !among.iter().any(|user| user.login == *login)) {
                    return Err(Refusal::UnfitPerson(login.clone()));
                }
            }
            let (node, logins) = (node.clone(), logins.clone());
            self.emit(Event::PeopleChosen { node, logins });
        }
        Ok(())
    }

    pub(super) fn missing_fields(&self, task: &Task) -> Vec<String> {
        missing_fields(&self.case, &self.world.house, task)
    }

    /// Points of a step's checklist that are not ticked.
    pub(super) fn unticked(&self, number: u32, task: &Task) -> Vec<u32> {
        let node = self.node(task.visit, &task.node);
        let points = node.map_or(0, |node| u32::try_from(node.checklist().len()).unwrap_or(u32::MAX));
        let ticked = self.case.tasks.get(&number).map(|task| &task.ticked);
        (0..points).filter(|point| ticked.is_none_or(|ticked| !ticked.contains(point))).collect()
    }

    pub(super) fn tick(&mut self, id: Uuid, point: u32) -> Result<(), Refusal> {
        let (number, task) = self.own_task(id)?;
        if !self.unticked(number, &task).contains(&point) {
            return Err(Refusal::NothingDue);
        }
        self.emit(Event::PointTicked { task: number, point });
        Ok(())
    }
}

/// Paths that a step must leave filled and that are empty.
pub(crate) fn missing_fields(case: &Case, house: &House, task: &Task) -> Vec<String> {
    let Some(node) = case.node_at(house, task.visit, &task.node) else { return Vec::new() };
    let run = run_of(task.visit);
    let content = serde_json::to_value(&case.order.content).unwrap_or_default();
    let filled = |path: &String| match path.as_str() {
        "fulfilment.billed" => case.order.as_it_stands().is_billed(),
        path => is_filled(&content, &steps(&case.place_of(run, path))),
    };
    node.required().into_iter().filter(|path| !filled(path)).collect()
}

pub(super) fn plain(operand: &Operand) -> Value {
    match operand {
        Operand::Bool(value) => Value::Bool(*value),
        // Decimals travel as text everywhere.
        Operand::Number(value) => Value::String(value.to_string()),
        Operand::Text(value) | Operand::Field(value) => Value::String(value.clone()),
        Operand::Date(value) => Value::String(value.to_string()),
        Operand::List(items) => Value::Array(items.iter().map(plain).collect()),
        // Rows alone work values out.
        Operand::Set(_) | Operand::Formula(_) | Operand::Deviation(_) => Value::Null,
    }
}

/// The steps of a path: names, and numbers of lines.
fn steps(path: &str) -> Vec<&str> {
    path.split(['.', '[', ']']).filter(|step| !step.is_empty()).collect()
}

/// Whether there is a value at a path; without the number of a line, in every one of them.
fn is_filled(at: &Value, steps: &[&str]) -> bool {
    match (steps, at) {
        ([], Value::String(text)) => !text.trim().is_empty(),
        ([], value) => !value.is_null(),
        ([step, rest @ ..], Value::Array(items)) => match step.parse::<usize>() {
            Ok(number) => items.get(number).is_some_and(|item| is_filled(item, rest)),
            Err(_) => !items.is_empty() && items.iter().all(|item| is_filled(item, steps)),
        },
        ([step, rest @ ..], other) => other.get(step).is_some_and(|value| is_filled(value, rest)),
    }
}

/// The content with other values at some paths, or the paths that lead nowhere or take no such value.
pub(super) fn written(content: &Content, values: &BTreeMap<String, Value>) -> Result<Content, Vec<String>> {
    let mut all = serde_json::to_value(content).unwrap_or_default();
    let mut wrong = Vec::new();
    for (path, value) in values {
        let before = all.clone();
        let placed = place(&mut all, &steps(path), value);
        if !placed || serde_json::from_value::<Content>(all.clone()).is_err() {
            wrong.push(path.clone());
            all = before;
        }
    }
    match serde_json::from_value(all) {
        Ok(content) if wrong.is_empty() => Ok(content),
        _ => Err(wrong),
    }
}

fn place(at: &mut Value, steps: &[&str], value: &Value) -> bool {
    match (steps, at) {
        ([], at) => {
            *at = value.clone();
            true
        }
        ([step, rest @ ..], Value::Array(items)) => {
            let item = step.parse::<usize>().ok().and_then(|index| items.get_mut(index));
            item.is_some_and(|item| place(item, rest, value))
        }
        ([last], Value::Object(fields)) if value.is_null() => {
            fields.remove(*last);
            true
        }
        ([step, rest @ ..], Value::Object(fields)) => {
            let empty = if rest.is_empty() { Value::Null } else { Value::Object(serde_json::Map::new()) };
            place(fields.entry(*step).or_insert(empty), rest, value)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_field_of_the_lines_is_filled_when_each_line_has_it() {
        let content = json!({ "lines": [{ "unit": "pcs" }, { "unit": "" }], "extra": { "no": 0 } });
        let filled = |path: &str| is_filled(&content, &steps(path));
        assert!(filled("lines[0].unit") && filled("extra.no"));
        assert!(!filled("lines.unit") && !filled("lines[7].unit") && !filled("ship_to.name"));
    }

    #[test]
    fn writing_one_field_leaves_every_other_as_it_was() {
        let content: Content = serde_json::from_value(json!({
            "customer": "C1", "ship_to": { "name": "Li", "address": "Shanghai" }, "special_requests": "red",
            "lines": [{ "id": 1, "product": "P", "quantity": "2" }], "extra": { "colour": "red" },
        }))
        .unwrap();
        let values = BTreeMap::from([("ship_to.address".to_owned(), json!("Ningbo"))]);
        let after = written(&content, &values).unwrap();
        let mut expected = content.clone();
        expected.ship_to.address = Some("Ningbo".to_owned());
        assert_eq!(after, expected);
        let values = BTreeMap::from([
            ("lines[7].quantity".to_owned(), json!("1")),
            ("requested_date".to_owned(), json!("soon")),
            ("extra.colour".to_owned(), Value::Null),
        ]);
        assert_eq!(
            written(&content, &values),
            Err(vec!["lines[7].quantity".into(), "requested_date".into()])
        );
    }
}
