//! Deciding as a product with one mistake in it would: from a bent flow, house, case or moment, or with an event spoilt.
//! The state is folded from the events in any case, so that the mistake alone is there to be found.

use super::life::in_force;
use super::rules::Broken;
use ordain_app::case::decide::{By, Decided, OrderCommand, decide};
use ordain_app::case::facts::SCHEMA;
use ordain_app::case::world::World;
use ordain_app::case::{Case, Event, FlowPin, Refusal, TaskState, event};
use ordain_domain::calendar::{Calendar, CalendarRules};
use ordain_domain::order::Event as OrderEvent;
use ordain_flow::check::references;
use ordain_flow::doc::{DeadlineDo, Join, Node, NodeKind, Party, PersonSettings, Vote};
use ordain_flow::run::{Event as FlowEvent, Flow};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::sync::Arc;

const MONTH_MS: i64 = 30 * 24 * 3_600_000;

/// Flows are bent once, as compiling them takes long.
#[derive(Default)]
pub struct Bender {
    flows: BTreeMap<FlowPin, Arc<Flow>>,
}

impl Bender {
    /// # Errors
    /// As the product refuses.
    pub fn decide(
        &mut self,
        broken: Broken,
        case: Option<&Case>,
        world: &World,
        command: &OrderCommand,
        by: &By,
    ) -> Result<Decided, Refusal> {
        let mut world = world.clone();
        self.bend_house(broken, &mut world);
        let mut bent = case.cloned();
        if let Some(case) = &mut bent {
            bend_case(broken, case, &world, command);
        }
        let (at_ms, mut by) = (by.at_ms, by.clone());
        if broken == Broken::FiresEarly && matches!(command, OrderCommand::Fire { .. }) {
            by.at_ms += MONTH_MS;
        }
        let mut decided = decide(bent.as_ref(), &world, command, &by)?;
        spoil(broken, &mut decided.events);
        let mut folded = case.cloned();
        for event in &decided.events {
            event::apply(&mut folded, event, at_ms);
        }
        if let Some(mut case) = folded {
            case.version += 1;
            decided.case = case;
        }
        Ok(decided)
    }

    fn bend_house(&mut self, broken: Broken, world: &mut World) {
        let house = Arc::make_mut(&mut world.house);
        match broken {
            Broken::AsksLeavers => house.people.users.values_mut().for_each(|user| user.disabled = false),
            Broken::WorksAtNight => {
                let week = std::array::from_fn(|_| vec![(0, 1_440)]);
                if let Ok(calendar) = Calendar::new(CalendarRules { week, ..CalendarRules::default() }) {
                    house.calendars = calendar.into();
                }
            }
            _ if bends_flows(broken) => {
                for (pin, flow) in &mut house.flows {
                    let bent = self.flows.entry(pin.clone()).or_insert_with(|| bent_flow(broken, flow));
                    *flow = bent.clone();
                }
            }
            _ => {}
        }
    }
}

fn bends_flows(broken: Broken) -> bool {
    matches!(
        broken,
        Broken::IgnoresFourEyes
            | Broken::CountsTooFew
            | Broken::PassesLargeOrders
            | Broken::PassesOver
            | Broken::JoinsEarly
    )
}

fn bent_flow(broken: Broken, flow: &Arc<Flow>) -> Arc<Flow> {
    let mut doc = flow.doc().clone();
    bend_steps(broken, &mut doc.steps);
    match Flow::compile(doc, &SCHEMA) {
        Ok(bent) if references(bent.doc()).is_empty() => Arc::new(bent),
        _ => flow.clone(),
    }
}

fn bend_steps(broken: Broken, steps: &mut [Node]) {
    for node in steps {
        match &mut node.kind {
            NodeKind::Review(settings) => bend_person(broken, settings),
            NodeKind::Task(work) => bend_person(broken, &mut work.person),
            NodeKind::Parallel { join, .. } if broken == Broken::JoinsEarly => *join = Join::Any,
            _ => {}
        }
        for lane in node.lanes_mut() {
            bend_steps(broken, &mut lane.steps);
        }
    }
}

fn bend_person(broken: Broken, settings: &mut PersonSettings) {
    match broken {
        Broken::IgnoresFourEyes => settings.exclude.clear(),
        Broken::CountsTooFew if !matches!(settings.vote, Vote::Any | Vote::Claim) => {
            settings.vote = Vote::Count(1);
        }
        Broken::PassesLargeOrders => {
            for rule in settings.deadline.iter_mut().flat_map(|deadline| &mut deadline.rules) {
                if let DeadlineDo::AutoPass { max_amount } = &mut rule.action {
                    *max_amount = Some(Decimal::new(i64::MAX, 0));
                }
            }
        }
        Broken::PassesOver => settings.auto_when_clear = true,
        _ => {}
    }
}

fn bend_case(broken: Broken, case: &mut Case, world: &World, command: &OrderCommand) {
    let OrderCommand::Decide { task: wanted, .. } = command else {
        let submits =
            matches!(command, OrderCommand::Submit { .. } | OrderCommand::Edit { submit: true, .. });
        if broken == Broken::ChangesVersion && submits && case.flow.is_some() {
            case.flow = in_force(&world.house);
        }
        return;
    };
    let Some((number, visit)) = case.task(*wanted).map(|(number, task)| (number, task.visit)) else { return };
    for (at, task) in &mut case.tasks {
        match (broken, &mut task.state) {
            (Broken::HearsTwice, TaskState::Done { by, .. }) if task.visit == visit => {
                *by = ordain_domain::actor::Actor::system("somebody");
            }
            (Broken::CountsClosed, state) if *at == number => *state = TaskState::Open,
            _ => {}
        }
    }
}

fn spoil(broken: Broken, events: &mut Vec<Event>) {
    match broken {
        Broken::AsksNobody => events.retain(|event| !matches!(event, Event::TaskAssigned { .. })),
        Broken::EndsTwice => {
            let ended = |event: &&Event| matches!(event, Event::Flow(FlowEvent::Ended { .. }));
            let again = events.iter().find(ended).cloned();
            events.extend(again);
        }
        Broken::LosesFields => {
            for event in events {
                if let Event::Order(OrderEvent::FieldsWritten { content, .. }) = event {
                    content.customer_po = None;
                }
            }
        }
        Broken::LosesOwners => {
            for event in events {
                if let Event::ExceptionRaised { exception } = event {
                    exception.owner = Party::User("nobody".to_owned());
                }
            }
        }
        _ => {}
    }
}
