//! Who is told, by which channel, and when it counts as late. Nothing is sent here: the outbox rows are written in
//! the same commit as the events.

use super::Story;
use super::change::CHANGE_CONFIRMED;
use crate::case::Task;
use crate::case::choices;
use crate::case::event::Event;
use crate::case::lookup::Lookup;
use crate::case::people::User;
use crate::case::refusal::Refusal;
use crate::case::side_run::run_of;
use ordain_domain::actor::Actor;
use ordain_domain::master::Contact;
use ordain_domain::order::{Event as OrderEvent, Question, QuestionTo, Way};
use ordain_flow::doc::{Channel, ContactFrom, NodeKind, NoticeOn, NotifyTo, Party};
use ordain_flow::run::Flow;
use std::collections::{BTreeSet, VecDeque};
use uuid::Uuid;

pub(super) const MAIL: &str = "mail";
pub(super) const IN_APP: &str = "in_app";
/// The notice that an order is confirmed.
const ORDER_CONFIRMED: &str = "order_confirmed";
/// The notice that goods come at another time than was confirmed.
const DELIVERY_CHANGED: &str = "delivery_changed";

const NO_ADDRESS: &str = "no_address";

/// Whom of a customer a message is for, and by which ways.
#[derive(Clone, Copy)]
pub(super) struct Reach<'a> {
    pub contact: &'a ContactFrom,
    pub channels: &'a [Channel],
}

impl Default for Reach<'_> {
    fn default() -> Self {
        Self { contact: &ContactFrom::Main, channels: &[] }
    }
}

impl Story<'_> {
    /// Where a step looks for its people.
    pub(super) fn lookup<'n>(&'n self, visit: u32, node: &'n str) -> Lookup<'n> {
        let (case, world) = (&self.case, self.world);
        Lookup { node, run: run_of(visit), case, world, at_ms: self.by.at_ms }
    }

    pub(super) fn request_notice(&mut self, flow: &Flow, visit: u32, node: &str) {
        let Some(NodeKind::Notify { template, to, late_after_minutes, channels }) =
            flow.node(node).map(|node| &node.kind)
        else {
            return;
        };
        let reach = Reach { channels, ..Reach::default() };
        let late_ms = late_after_minutes
            .map(|minutes| self.world.house.calendar.add_working_minutes(self.by.at_ms, minutes));
        let change = self.case.order.change_under_review().map(|change| change.id);
        if let Some(change) = change.filter(|_| template == ORDER_CONFIRMED) {
            // The order was confirmed before: what is told now is the change, to each once.
            if to.contains(&NotifyTo::Customer) {
                self.write_to_customer(CHANGE_CONFIRMED, (Some(change), late_ms), reach);
            }
            self.also_told.extend(self.people_among(to, self.lookup(visit, node)));
            return;
        }
        if to.contains(&NotifyTo::Customer) {
            self.write_to_customer(template, (None, late_ms), reach);
        }
        self.tell_among(template, to, (visit, node));
    }

    /// Tells everybody whom a step names, each once.
    pub(super) fn notify_all(&mut self, template: &str, to: &[NotifyTo], at: (u32, &str)) {
        if to.contains(&NotifyTo::Customer) {
            self.mail_customer(template, None);
        }
        self.tell_among(template, to, at);
    }

    fn tell_among(&mut self, template: &str, to: &[NotifyTo], (visit, node): (u32, &str)) {
        for user in self.people_among(to, self.lookup(visit, node)) {
            self.tell(template, user);
        }
    }

    /// Those in a list who belong to the house.
    pub(super) fn people_among(&self, to: &[NotifyTo], of: Lookup<'_>) -> BTreeSet<Uuid> {
        let mut found = BTreeSet::new();
        for to in to {
            match to {
                NotifyTo::Customer => {}
                NotifyTo::Owner => found.extend(self.owners().iter().map(|user| user.id)),
                NotifyTo::People(source) => {
                    found.extend(of.named(source).into_iter().flat_map(|party| self.party(party)));
                }
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
        self.queue(template, change, Way { channel: channel.to_owned(), to }, Vec::new())
    }

    pub(super) fn queue(&mut self, template: &str, change: Option<Uuid>, way: Way, then: Vec<Way>) -> Uuid {
        let (id, template) = (self.ids.mint(), template.to_owned());
        let Way { channel, to } = way;
        self.order(OrderEvent::NoticeQueued { id, template, channel, to, change, then });
        id
    }

    /// Puts a mail to the customer into the outbox; a customer without an address becomes somebody's work.
    pub(super) fn mail_customer(&mut self, template: &str, late_ms: Option<i64>) {
        self.write_to_customer(template, (None, late_ms), Reach::default());
    }

    /// Tells the customer what became of a change.
    pub(super) fn mail_of_change(&mut self, template: &str, change: Uuid, late_ms: Option<i64>) {
        self.write_to_customer(template, (Some(change), late_ms), Reach::default());
    }

    /// Puts a message to the customer into the outbox, by the first of these ways that is open.
    pub(super) fn write_to_customer(
        &mut self,
        template: &str,
        about: (Option<Uuid>, Option<i64>),
        reach: Reach<'_>,
    ) {
        let channels = if reach.channels.is_empty() { &[Channel::Mail] } else { reach.channels };
        let ways = channels.iter().map(|channel| Way {
            channel: channel.name().to_owned(),
            to: self.address(reach.contact, *channel).unwrap_or_default(),
        });
        self.try_ways(template, about, ways.collect());
    }

    /// Tries one way after the other; a customer who can be reached by none of them becomes somebody's work.
    fn try_ways(&mut self, template: &str, (change, late_ms): (Option<Uuid>, Option<i64>), ways: Vec<Way>) {
        let (mut ways, mut shut) = (VecDeque::from(ways), None);
        while let Some(way) = ways.pop_front() {
            shut = self.shut(&way);
            let id = self.queue(template, change, way, ways.iter().cloned().collect());
            if let Some(late_ms) = late_ms {
                self.emit(Event::NoticeExpected { id, late_ms });
            }
            match shut {
                None => return,
                Some(why) => self.order(OrderEvent::NoticeFailed { id, why: why.to_owned() }),
            }
        }
        self.tell_owners(if shut == Some(NO_ADDRESS) { "customer_has_no_address" } else { "notice_failed" });
    }

    /// Why nothing can leave by a way.
    fn shut(&self, way: &Way) -> Option<&'static str> {
        let carried =
            Channel::parse(&way.channel).is_some_and(|channel| self.world.house.channels.carries(channel));
        if way.to.is_empty() {
            return Some(NO_ADDRESS);
        }
        (!carried).then_some("channel_not_set_up")
    }

    pub(super) fn address(&self, from: &ContactFrom, channel: Channel) -> Option<String> {
        let contacts = || self.world.master.customer.iter().flat_map(|customer| &customer.contacts);
        let of = |contact: &Contact| match channel {
            Channel::Mail => contact.email.clone(),
            Channel::Sms | Channel::Im => contact.phone.clone(),
        };
        let phone = &self.case.order.content.ship_to.phone;
        match from {
            ContactFrom::Role(role) => {
                contacts().filter(|contact| contact.role.as_ref() == Some(role)).find_map(of)
            }
            ContactFrom::Order if channel != Channel::Mail => phone.clone(),
            ContactFrom::Main | ContactFrom::Order => contacts().find_map(of),
        }
        .filter(|address| !address.trim().is_empty())
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
        let told = self.settings(task.visit, &task.node).and_then(|settings| settings.notice(on));
        let Some((template, to)) = told.map(|(template, to)| (template.to_owned(), to.to_vec())) else {
            return;
        };
        let mut told = self.people_among(&to, self.lookup(task.visit, &task.node));
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
        let Some(notice) = self.case.notices.iter().find(|notice| notice.id == id) else {
            return self.hook_ended(id, failed);
        };
        if notice.sent_ms.is_some() {
            return Err(Refusal::NothingDue);
        }
        match failed {
            None => self.order(OrderEvent::NoticeSent { id }),
            Some(why) => {
                let (template, change, late_ms) = (notice.template.clone(), notice.change, notice.late_ms);
                let then = notice.then.clone();
                self.order(OrderEvent::NoticeFailed { id, why: why.to_owned() });
                if then.is_empty() {
                    self.tell_owners("notice_failed");
                } else {
                    self.try_ways(&template, (change, late_ms), then);
                }
            }
        }
        Ok(())
    }
}
