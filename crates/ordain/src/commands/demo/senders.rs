//! Whoever answers for an order completes what is missing or was sent back, and gives up what leads nowhere.

use super::play::{Play, Put, Step, after, person};
use jiff::Span;
use ordain_app::case::Case;
use ordain_app::case::decide::OrderCommand;
use ordain_app::case::people::User;
use ordain_app::case::world::House;
use ordain_domain::decimal::DecimalText;
use ordain_domain::finding::{Code, Finding};
use ordain_domain::order::{Content, Status};
use std::collections::{BTreeMap, BTreeSet};

/// How often somebody tries to complete an order.
const ATTEMPTS: u8 = 2;
/// What there is to know of an order beside its tasks.
const IN_REVIEW: i64 = -1;
const DRAFT: i64 = -4;

impl Play<'_> {
    pub(super) fn look_at_sender(&mut self, case: &Case, house: &House) {
        let (id, number) = (case.order.id, &case.order.number);
        if case.order.status == Status::Draft && self.is_news(id, DRAFT) {
            let (from, to) = match self.dice.percent(&format!("{number} typed")) {
                0..60 => (4, 25),
                60..92 => (25, 80),
                _ => (80, 300),
            };
            let minutes = self.dice.between(&format!("{number} typed when"), from, to);
            self.plan_at(id, after(house, case.order.created_ms, minutes), Step::Submit);
        }
        if case.order.status == Status::InReview && self.is_news(id, IN_REVIEW) {
            let (from, to, code) = match self.dice.percent(&format!("{number} gone")) {
                0..2 => (60, 900, "customer_cancelled"),
                2 => (120, 1_500, "lost_to_competitor"),
                _ => return,
            };
            let minutes = self.dice.between(&format!("{number} gone when"), from, to);
            self.plan(house, id, minutes, Step::GiveUp(code));
        }
        let Some(since) = case.incomplete_since_ms.filter(|_| case.order.status == Status::Incomplete) else {
            return;
        };
        if self.is_news(id, since) {
            let question = format!("{number} {}", case.version);
            let (from, to) = match self.dice.percent(&format!("{question} pace")) {
                0..62 => (10, 200),
                62..88 => (200, 900),
                _ => (1_500, 6_000),
            };
            let minutes = self.dice.between(&format!("{question} minutes"), from, to);
            self.plan(house, id, minutes, Step::Complete);
        }
    }

    /// Who answers for an order: whoever handed it in, else one of sales.
    pub(super) fn seller<'h>(&self, case: &Case, house: &'h House) -> Option<&'h User> {
        let receiver = case.order.receiver.person().and_then(|id| house.people.users.get(&id));
        receiver.or_else(|| {
            let login = self.dice.one(&format!("{} seller", case.order.number), &["sales1", "sales2"])?;
            house.people.by_login(login)
        })
    }

    pub(super) fn submit(&self, case: &Case, house: &House) -> Option<Put> {
        let submit = OrderCommand::Submit { reasons: BTreeMap::new() };
        Some((person(self.seller(case, house)?), submit)).filter(|_| case.order.status == Status::Draft)
    }

    pub(super) fn complete(&mut self, case: &Case, house: &House, tries: u8) -> Option<Put> {
        if case.order.status != Status::Incomplete {
            return None;
        }
        let luck = self.dice.percent(&format!("{} complete {tries}", case.order.number));
        let has = |code: Code| case.order.open_findings().any(|finding| finding.code == code);
        let guest = case.order.content.customer.is_none();
        let ended = match luck {
            _ if has(Code::DuplicateOrder) && luck < 80 => Some("duplicate"),
            0..28 if guest => Some("incomplete_data"),
            0..5 => Some("customer_silent"),
            5..9 => Some("lost_to_competitor"),
            _ if has(Code::StockShort) && (luck < 45 || case.order.content.lines.len() < 2) => {
                Some("short_or_late")
            }
            _ => None,
        };
        if let Some(code) = ended {
            return self.give_up(case, house, code);
        }
        if tries < ATTEMPTS {
            // What is still incomplete then is looked at once more.
            let minutes =
                self.dice.between(&format!("{} complete again {tries}", case.order.number), 200, 900);
            let at_ms = after(house, self.now_ms(), minutes);
            self.plan_again(case.order.id, at_ms, Step::Complete, tries + 1);
        }
        let content = Box::new(self.mended(case, house));
        let edit = OrderCommand::Edit { content, submit: true, reasons: BTreeMap::new() };
        Some((person(self.seller(case, house)?), edit))
    }

    /// The order as the customer means it.
    fn mended(&self, case: &Case, house: &House) -> Content {
        let mut content = case.order.content.clone();
        if content.customer.is_none() {
            let n = self.dice.between(&format!("{} customer", case.order.number), 0, i64::MAX);
            content.customer = self.defaults.customer(n.unsigned_abs());
        }
        let open = |code: Code| case.order.open_findings().filter(move |finding| finding.code == code);
        if open(Code::TermsDiffer).next().is_some() {
            content.payment_terms = None;
        }
        self.defaults.complete(&mut content);
        let agreed: BTreeMap<usize, &String> =
            open(Code::PriceDiffers).filter_map(|of| Some((line_of(of)?, of.facts.get("agreed")?))).collect();
        let short: BTreeSet<usize> = open(Code::StockShort).filter_map(line_of).collect();
        for (n, line) in content.lines.iter_mut().enumerate() {
            if let Some(price) = agreed.get(&n) {
                line.unit_price = DecimalText::try_from((*price).clone()).ok();
            }
        }
        // Where nothing can be had there is nothing to leave out.
        if short.len() < content.lines.len() {
            let mut n = 0..;
            content.lines.retain(|_| n.next().is_none_or(|n| !short.contains(&n)));
        }
        let soon = house.calendar.date_at(self.now_ms()).saturating_add(Span::new().days(3));
        content.requested_date = content.requested_date.map(|date| date.max(soon));
        content
    }

    pub(super) fn give_up(&self, case: &Case, house: &House, code: &str) -> Option<Put> {
        let under_way = matches!(case.order.status, Status::Incomplete | Status::InReview);
        if !under_way || case.order.confirmed_ms.is_some() {
            return None;
        }
        let reason = self.words.give_up.get(code).cloned().unwrap_or_default();
        let cancel = OrderCommand::Cancel { reason, code: Some(code.to_owned()) };
        Some((person(self.seller(case, house)?), cancel))
    }
}

/// The place of the line that a finding is about.
fn line_of(finding: &Finding) -> Option<usize> {
    let (n, _) = finding.path.strip_prefix("lines[")?.split_once(']')?;
    n.parse().ok()
}
