//! Who is told, by which channel, and when it counts as late. Nothing is sent here: the outbox rows are written in
//! the same commit as the events.

use super::Story;
use super::change::CHANGE_CONFIRMED;
use crate::case::Task;
use crate::case::choices;
use crate::case::event::Event;
use crate::case::people::User;
use crate::case::refusal::Refusal;
use ordain_domain::actor::Actor;
use ordain_domain::order::{Event as OrderEvent, Question, QuestionTo};
use ordain_flow::doc::{NodeKind, NoticeOn, NotifyTo, Party};
use ordain_flow::run::Flow;
use std::collections::BTreeSet;
use uuid::Uuid;

pub(super) const MAIL: &str = "mail";
pub(super) const IN_APP: &str = "in_app";
/// The notice that an order is confirmed.
const ORDER_CONFIRMED: &str = "order_confirmed";
/// The notice that goods come at another time than was confirmed.
const DELIVERY_CHANGED: &str = "delivery_changed";

impl Story<'_> {
    pub(super) fn request_notice(&mut self, flow: &Flow, node: &str) {
        let Some(NodeKind::Notify { template, to, late_after_minutes }) =
            flow.node(node).map(|node| &node.kind)
        else {
            return;
        };
        let late_ms = late_after_minutes
            .map(|minutes| self.world.house.calendar.add_working_minutes(self.by.at_ms, minutes));
        let change = self.case.order.change_under_review().map(|change| change.id);
        if let Some(change) = change.filter(|_| template == ORDER_CONFIRMED) {
            // The order was confirmed before: what is told now is the change, to each once.
            if to.contains(&NotifyTo::Customer) {
                self.mail_of_change(CHANGE_CONFIRMED, change, late_ms);
            }
            self.also_told.extend(self.people_among(to));
            return;
        }
        self.notify_all(template, to, late_ms);
    }

    /// Tells everybody in a list, each once.
    pub(super) fn notify_all(&mut self, template: &str, to: &[NotifyTo], late_ms: Option<i64>) {
        if to.contains(&NotifyTo::Customer) {
            self.mail_customer(template, late_ms);
        }
        for user in self.people_among(to) {
            self.tell(template, user);
        }
    }

    pub(super) fn people_among(&self, to: &[NotifyTo]) -> BTreeSet<Uuid> {
        let mut found = BTreeSet::new();
        for to in to {
            match to {
                NotifyTo::Customer => {}
                NotifyTo::Owner => found.extend(self.owners().iter().map(|user| user.id)),
                NotifyTo::Department(code) => found.extend(self.party(Party::Department(code.clone()))),
                NotifyTo::Role(role) => found.extend(self.party(Party::Role(role.clone()))),
                NotifyTo::User(login) => found.extend(self.party(Party::User(login.clone()))),
            }
        }
        found
    }

    fn party(&self, party: Party) -> Vec<Uuid> {
        self.world.house.people.members(&party).iter().map(|user| user.id).collect()
    }

    /// Who answers for the order inside the company: the person who received it, else the sales department.
    pub(super) fn owners(&self) -> Vec<&User> {
        let people = &self.world.house.people;
        if let Actor::Person { id, .. } = &self.case.order.receiver
            && let Some(user) = people.users.get(id).filter(|user| !user.disabled)
        {
            return vec![user];
        }
        let sales = people.members(&Party::Department("sales".to_owned()));
        if sales.is_empty() { people.members(&Party::Role("process_admin".to_owned())) } else { sales }
    }

    /// Puts a message for a person into the application.
    pub(super) fn tell(&mut self, template: &str, user: Uuid) {
        self.queue_notice(template, IN_APP, user.to_string(), None);
    }

    pub(super) fn queue_notice(
        &mut self,
        template: &str,
        channel: &str,
        to: String,
        change: Option<Uuid>,
    ) -> Uuid {
        let id = self.ids.mint();
        let (template, channel) = (template.to_owned(), channel.to_owned());
        self.order(OrderEvent::NoticeQueued { id, template, channel, to, change });
        id
    }

    /// Puts a mail to the customer into the outbox; a customer without an address becomes somebody's work.
    pub(super) fn mail_customer(&mut self, template: &str, late_ms: Option<i64>) {
        self.mail(template, None, late_ms);
    }

    /// Tells the customer what became of a change.
    pub(super) fn mail_of_change(&mut self, template: &str, change: Uuid, late_ms: Option<i64>) {
        self.mail(template, Some(change), late_ms);
    }

    fn mail(&mut self, template: &str, change: Option<Uuid>, late_ms: Option<i64>) {
        let contacts = self.world.master.customer.iter().flat_map(|customer| &customer.contacts);
        let address = contacts.filter_map(|contact| contact.email.clone()).next();
        let id = self.queue_notice(template, MAIL, address.clone().unwrap_or_default(), change);
        if let Some(late_ms) = late_ms {
            self.emit(Event::NoticeExpected { id, late_ms });
        }
        if address.is_none() {
            self.order(OrderEvent::NoticeFailed { id, why: "no_address".to_owned() });
            self.tell_owners("customer_has_no_address");
        }
    }

    /// Sends a notice to the customer by hand. Nobody is told of a confirmation that has not happened.
    pub(super) fn send_notice(&mut self, template: &str, to: Option<&str>) -> Result<(), Refusal> {
        let status = self.case.order.status;
        if !matches!(template, ORDER_CONFIRMED | DELIVERY_CHANGED | "customer_confirmation") {
            return Err(Refusal::UnknownNotice(template.to_owned()));
        }
        // What is under review is not confirmed.
        if template == ORDER_CONFIRMED && self.case.order.is_changing() {
            return Err(Refusal::ChangeUnderReview);
        }
        let again = template == ORDER_CONFIRMED && status.is_firm();
        let fits = again || choices::notice(&self.case.order) == Some(template);
        if !fits {
            return Err(Refusal::WrongStatus(status));
        }
        match to.map(str::trim).filter(|to| !to.is_empty()) {
            Some(to) if !to.contains('@') => Err(Refusal::BadAddress(to.to_owned())),
            Some(to) => {
                self.queue_notice(template, MAIL, to.to_owned(), None);
                Ok(())
            }
            None => {
                self.mail_customer(template, None);
                Ok(())
            }
        }
    }

    /// Tells what happened to a task, as its step says.
    pub(super) fn tell_of_task(&mut self, on: NoticeOn, task: &Task) {
        let told = self.settings(&task.node).and_then(|settings| settings.notice(on));
        let Some((template, to)) = told.map(|(template, to)| (template.to_owned(), to.to_vec())) else {
            return;
        };
        let mut told = self.people_among(&to);
        match (on, task.claimed_by) {
            (NoticeOn::Done | NoticeOn::Returned, _) => told.extend(self.owners().iter().map(|user| user.id)),
            (_, Some(user)) => drop(told.insert(user)),
            (_, None) => told.extend(self.party(task.holder.clone())),
        }
        for user in told {
            self.tell(&template, user);
        }
    }

    pub(super) fn tell_owners(&mut self, template: &str) {
        let owners: Vec<Uuid> = self.owners().iter().map(|user| user.id).collect();
        for owner in owners {
            self.tell(template, owner);
        }
    }

    pub(super) fn tell_party(&mut self, template: &str, party: &Party) {
        let members: Vec<Uuid> = self.world.house.people.members(party).iter().map(|user| user.id).collect();
        for member in members {
            self.tell(template, member);
        }
    }

    /// Takes a new question to whom it is put.
    pub(super) fn pass_on(&mut self, question: &Question) {
        match question.to {
            QuestionTo::Customer => self.mail_customer("question_to_customer", Some(question.due_ms)),
            QuestionTo::Sales => self.tell_handler("question_to_sales", question.to),
        }
    }

    /// Records what became of a message; a message that cannot be delivered becomes somebody's work.
    pub(super) fn notice_delivered(&mut self, id: Uuid, failed: Option<&str>) -> Result<(), Refusal> {
        let notice = self.case.notices.iter().find(|notice| notice.id == id).ok_or(Refusal::NothingDue)?;
        if notice.sent_ms.is_some() {
            return Err(Refusal::NothingDue);
        }
        match failed {
            None => self.order(OrderEvent::NoticeSent { id }),
            Some(why) => {
                self.order(OrderEvent::NoticeFailed { id, why: why.to_owned() });
                self.tell_owners("notice_failed");
            }
        }
        Ok(())
    }
}
