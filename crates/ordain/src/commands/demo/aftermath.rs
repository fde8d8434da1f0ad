//! What happens to confirmed orders: some are changed, goods leave, money comes in, a few customers complain.

use super::play::{Play, Put, Step, person};
use ordain_app::case::Case;
use ordain_app::case::decide::{ChangeAsked, Fulfil, OrderCommand, ShipLine};
use ordain_app::case::people::User;
use ordain_app::case::world::House;
use ordain_domain::decimal::{DecimalText, money_text, qty_text};
use ordain_domain::order::fulfilment::ComplaintState;
use ordain_domain::order::{ChangeState, Origin, Status};
use uuid::Uuid;

/// What there is to know of an order beside its tasks.
const CONFIRMED: i64 = -2;
const LEFT: i64 = -3;
/// Working minutes of a day.
const DAY: i64 = 480;

impl Play<'_> {
    pub(super) fn look_after(&mut self, case: &Case, house: &House) {
        let (id, number) = (case.order.id, case.order.number.clone());
        if case.order.confirmed_ms.is_some() && self.is_news(id, CONFIRMED) {
            match self.dice.percent(&format!("{number} change")) {
                0..5 => self.after_some_days(house, case, (0, 2), Step::Ask("sales1")),
                5 => self.after_some_days(house, case, (0, 3), Step::Ask("wh1")),
                _ => {}
            }
            if self.dice.percent(&format!("{number} ships")) < 65 {
                self.after_some_days(house, case, (1, 6), Step::Ship);
            }
        }
        if !case.order.fulfilment.shipments.is_empty() && self.is_news(id, LEFT) {
            if self.dice.percent(&format!("{number} pays")) < 80 {
                self.after_some_days(house, case, (1, 12), Step::Pay);
            }
            if self.dice.percent(&format!("{number} complains")) < 4 {
                self.after_some_days(house, case, (2, 5), Step::Complain);
            }
        }
        for complaint in &case.order.fulfilment.complaints {
            if complaint.state == ComplaintState::Open && self.is_news(id, -100 - i64::from(complaint.id)) {
                self.after_some_days(house, case, (0, 3), Step::AnswerComplaint(complaint.id));
            }
        }
        for change in &case.order.changes {
            if change.state == ChangeState::Requested && self.is_news(change.id, 0) {
                self.after_some_days(house, case, (0, 1), Step::TakeChange(change.id));
            }
        }
    }

    fn after_some_days(&mut self, house: &House, case: &Case, (from, to): (i64, i64), step: Step) {
        let question = format!("{} {step:?} when", case.order.number);
        let minutes = self.dice.between(&question, (from * DAY).max(30), to * DAY);
        self.plan(house, case.order.id, minutes, step);
    }

    fn one_of<'h>(&self, case: &Case, house: &'h House, logins: &[&str]) -> Option<&'h User> {
        let login = self.dice.one(&format!("{} {logins:?}", case.order.number), logins)?;
        house.people.by_login(login)
    }

    /// One piece less of the first line that has some.
    pub(super) fn ask(&self, case: &Case, house: &House, login: &str) -> Option<Put> {
        if case.order.status != Status::Confirmed {
            return None;
        }
        let mut content = case.order.content.clone();
        let some = case.order.checked.lines.iter().find(|line| line.qty_milli > Some(2_000))?;
        let (line, qty_milli) = (some.line, some.qty_milli?);
        for asked in content.lines.iter_mut().filter(|asked| asked.id == line) {
            asked.quantity = DecimalText::try_from(qty_text(qty_milli - 1_000)).ok();
        }
        let direct = login == "sales1";
        let said = if direct { &self.words.changes } else { &self.words.wishes };
        let reason = self.dice.one(&format!("{} why", case.order.number), said)?.clone();
        let origin = if direct { Origin::Customer } else { Origin::Warehouse };
        let asked = ChangeAsked { content, reason, origin, direct };
        Some((person(house.people.by_login(login)?), OrderCommand::RequestChange(Box::new(asked))))
    }

    pub(super) fn take_change(&self, case: &Case, house: &House, id: Uuid) -> Option<Put> {
        let change = case.order.change(id).filter(|change| change.state == ChangeState::Requested)?;
        let user = self.one_of(case, house, &["sales1", "sales2"])?;
        Some((person(user), OrderCommand::TakeChange { id: change.id }))
    }

    /// All that is left of it.
    pub(super) fn ship(&self, case: &Case, house: &House) -> Option<Put> {
        if !matches!(case.order.status, Status::Confirmed | Status::InFulfilment) {
            return None;
        }
        let left = case.order.unshipped_milli().into_iter().filter(|(_, milli)| *milli > 0);
        let line = |(line, milli)| ShipLine {
            line: Some(line),
            quantity: DecimalText::try_from(qty_text(milli)).ok(),
            ..ShipLine::default()
        };
        let carrier = self.dice.one(&format!("{} carrier", case.order.number), &self.words.carriers).cloned();
        let (revision, lines) = (case.order.revision, left.map(line).collect());
        let user = self.one_of(case, house, &["wh1", "wh2"])?;
        Some((
            person(user),
            OrderCommand::Fulfil(Box::new(Fulfil::Ship { revision, lines, carrier, note: None })),
        ))
    }

    pub(super) fn pay(&self, case: &Case, house: &House) -> Option<Put> {
        let totals = case.order.checked.totals.as_ref()?;
        let minor = Some(case.order.unpaid_minor()).filter(|minor| *minor > 0)?;
        let amount = DecimalText::try_from(money_text(minor, totals.currency)).ok();
        let reference = format!("HK-{}", case.order.number);
        let pay = Fulfil::Pay { reference, amount, on: None, method: None };
        let user = self.one_of(case, house, &["fin1", "fin2"])?;
        Some((person(user), OrderCommand::Fulfil(Box::new(pay))))
    }

    pub(super) fn complain(&self, case: &Case, house: &House) -> Option<Put> {
        let said = self.dice.one(&format!("{} complaint", case.order.number), &self.words.complaints)?;
        let complain = Fulfil::Complain { kind: said.kind.clone(), text: said.text.clone(), from: None };
        let user = self.one_of(case, house, &["cs1", "cs2"])?;
        Some((person(user), OrderCommand::Fulfil(Box::new(complain))))
    }

    pub(super) fn answer_complaint(&self, case: &Case, house: &House, id: u32) -> Option<Put> {
        let answer = self.dice.one(&format!("{} answer", case.order.number), &self.words.answers)?.clone();
        let user = self.one_of(case, house, &["cs1", "cs2"])?;
        Some((person(user), OrderCommand::Fulfil(Box::new(Fulfil::AnswerComplaint { id, answer }))))
    }
}
