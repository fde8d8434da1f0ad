//! Goods that are to come, in the random company: bought, moved, cut and received, each time with word to those who were
//! promised them, as the Gate gives it.

use super::deal::{PRODUCTS, WAREHOUSES};
use super::model::{Kept, Model};
use super::play::Play;
use super::rng::Rng;
use jiff::civil::Date;
use ordain_app::case::Case;
use ordain_app::case::decide::{Fulfil, OrderCommand, PromiseStep, Settlement};
use ordain_domain::order::Order;
use ordain_domain::promise::{Source, Supply, losses, qty_at, qty_of};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What is bought of a product and not here yet.
#[derive(Clone, Debug)]
pub struct Bought {
    pub product: String,
    pub warehouse: Option<String>,
    pub qty_milli: i64,
    pub date: Date,
}

pub type Purchases = BTreeMap<Source, Bought>;

/// Most purchases that are open at a time.
const OPEN: usize = 4;

impl Model {
    /// What of a purchase nobody was promised, for a decision that adds what is its order's own.
    pub(super) fn supplies(&self, own: Option<&Case>) -> impl Iterator<Item = (&str, Supply)> {
        let mine = move |source: &Source| own.map_or(0, |case| qty_of(&case.order.coming_taken(), source));
        let today = self.house.calendar.date_at(self.now_ms);
        // What is overdue is promised to nobody.
        let in_time = self.bought.iter().filter(move |(_, bought)| bought.date >= today);
        in_time.map(move |(source, bought)| {
            // The order that is decided about is out of the books meanwhile.
            let promised = self.promised(source) + mine(source);
            let supply = Supply {
                source: source.clone(),
                warehouse: bought.warehouse.clone(),
                free_milli: bought.qty_milli - promised,
                date: bought.date,
            };
            (bought.product.as_str(), supply)
        })
    }

    fn promised(&self, source: &Source) -> i64 {
        self.orders.values().map(|kept| qty_of(&kept.case.order.coming_taken(), source)).sum()
    }

    /// Who was promised what of a purchase: confirmed orders first, then the older.
    fn holders(&self, source: &Source) -> Vec<(Uuid, i64)> {
        self.holders_of(|order| qty_of(&order.coming_taken(), source))
    }

    fn holders_of(&self, of: impl Fn(&Order) -> i64) -> Vec<(Uuid, i64)> {
        let mut found: Vec<(bool, Uuid, i64)> = self
            .orders
            .iter()
            .map(|(id, kept)| (!kept.case.order.status.is_firm(), *id, kept))
            .map(|(waits, id, kept)| (waits, id, of(&kept.case.order)))
            .filter(|(.., qty)| *qty > 0)
            .collect();
        found.sort();
        found.into_iter().map(|(_, id, qty)| (id, qty)).collect()
    }

    /// Whether some promise is broken.
    pub(super) fn is_broken(&self) -> bool {
        self.orders.values().any(|kept| !kept.case.order.broken.is_empty())
    }

    /// Nobody was ever promised more of a purchase than comes.
    pub(super) fn supplies_suffice(&self) -> Result<(), String> {
        for kept in self.orders.values() {
            for part in kept.case.order.coming_taken().iter() {
                let there = self.bought.get(&part.source).map_or(0, |bought| bought.qty_milli);
                let promised = self.promised(&part.source);
                if promised > there && !self.moving {
                    return Err(format!("{:?}: {promised} promised of {there}", part.source));
                }
            }
        }
        Ok(())
    }
}

impl Play {
    /// Something becomes of goods that are to come.
    pub(super) fn move_supply(&mut self, told: &mut String) -> Result<(), String> {
        if let Some(broken) = self.broken()
            && self.rng.chance(50)
        {
            return self.settle_line(broken, told);
        }
        if self.rng.chance(10) {
            return self.settle_something(told);
        }
        if self.rng.chance(15) {
            return self.count_less(told);
        }
        if self.rng.chance(40)
            && let Some((id, product)) = self.lacking()
        {
            return self.find_goods(id, product, told);
        }
        let known: Vec<Source> = self.model.bought.keys().cloned().collect();
        if known.len() < OPEN && (known.is_empty() || self.rng.chance(30)) {
            self.buy();
            return Ok(());
        }
        let Some(source) = self.rng.pick(&known).cloned() else { return Ok(()) };
        let holders = self.model.holders(&source);
        let shares: Vec<i64> = holders.iter().map(|(_, qty)| *qty).collect();
        let Some(bought) = self.model.bought.get(&source).cloned() else { return Ok(()) };
        self.model.moving = true;
        if self.rng.chance(35) {
            let warehouse = bought.warehouse.clone().unwrap_or_else(|| self.rng.word(&WAREHOUSES).to_owned());
            let came = if self.rng.chance(50) { bought.qty_milli } else { bought.qty_milli.min(3_000) };
            *self.model.truth.on_hand.entry((bought.product, warehouse.clone())).or_default() += came;
            let left = losses(&shares, came);
            for ((id, share), left) in holders.iter().zip(left).filter(|((_, share), left)| share != left) {
                let (source, warehouse, qty_milli) = (source.clone(), warehouse.clone(), share - left);
                self.tell(*id, PromiseStep::Arrived { source, warehouse, qty_milli }, told)?;
            }
            self.change(&source, |bought| bought.qty_milli -= came);
        } else {
            let cut = [0, 0, 2_000, 30_000].get(self.rng.below(4)).copied().unwrap_or(0);
            let date = self.soon();
            self.change(&source, |bought| {
                bought.qty_milli = (bought.qty_milli - cut).max(0);
                bought.date = date;
            });
            for ((id, _), lost_milli) in holders.iter().zip(losses(&shares, bought.qty_milli - cut)) {
                let (source, date) = (source.clone(), Some(date));
                self.tell(*id, PromiseStep::Moved { source, lost_milli, date }, told)?;
            }
        }
        self.model.moving = false;
        self.model.supplies_suffice()
    }

    /// A line of an order whose promise is broken, now this one, now that.
    fn broken(&mut self) -> Option<(Uuid, u32)> {
        let of = |(id, kept): (&Uuid, &Kept)| Some((*id, kept.case.order.broken.first()?.line));
        let all: Vec<(Uuid, u32)> = self.model.orders.iter().filter_map(of).collect();
        self.rng.pick(&all).copied()
    }

    fn settle_line(&mut self, (id, line): (Uuid, u32), told: &mut String) -> Result<(), String> {
        let by = some_settlement(&mut self.rng);
        self.put(Some(id), &OrderCommand::SettlePromise { line, by }, None, told)
    }

    /// Somebody decides about a promise or a complaint, whether it is open or not.
    fn settle_something(&mut self, told: &mut String) -> Result<(), String> {
        let complained = |kept: &Kept| !kept.case.order.fulfilment.complaints.is_empty();
        let about: Vec<Uuid> =
            self.model.orders.iter().filter(|(_, kept)| complained(kept)).map(|(id, _)| *id).collect();
        let close = self.rng.chance(50).then(|| self.rng.pick(&about).copied()).flatten();
        let any: Vec<Uuid> = self.model.orders.keys().copied().collect();
        let settle = OrderCommand::SettlePromise { line: 1, by: Settlement::Instead };
        let (id, command) = match (close, self.rng.pick(&any)) {
            (Some(id), _) => {
                let close = Fulfil::CloseComplaint { id: 1, outcome: "replaced".to_owned() };
                (id, OrderCommand::Fulfil(Box::new(close)))
            }
            (None, Some(id)) => (*id, settle),
            (None, None) => return Ok(()),
        };
        self.put(Some(id), &command, None, told)
    }

    /// A count finds fewer goods than were promised.
    fn count_less(&mut self, told: &mut String) -> Result<(), String> {
        let held: Vec<((String, String), i64)> = self
            .model
            .reserved
            .iter()
            .filter(|(_, qty)| **qty > 0)
            .map(|(at, qty)| (at.clone(), *qty))
            .collect();
        let Some((place, reserved)) = self.rng.pick(&held).cloned() else { return Ok(()) };
        let counted = [0, 1_000, reserved / 2].get(self.rng.below(3)).copied().unwrap_or(0).min(reserved);
        self.count(place, counted + self.model.truth.kept_back_milli, told)
    }

    /// A count finds so many goods in a place: of what is missing, whoever is served last loses first.
    pub(super) fn count(
        &mut self,
        place: (String, String),
        on_hand_milli: i64,
        told: &mut String,
    ) -> Result<(), String> {
        let at = (place.0.as_str(), place.1.as_str());
        let holders = self.model.holders_of(|order| qty_at(&order.stock_taken(), at));
        let shares: Vec<i64> = holders.iter().map(|(_, qty)| *qty).collect();
        let left_milli = on_hand_milli - self.model.truth.kept_back_milli;
        self.model.truth.on_hand.insert(place.clone(), on_hand_milli);
        self.model.moving = true;
        for ((id, _), lost_milli) in holders.iter().zip(losses(&shares, left_milli)) {
            if lost_milli > 0 {
                let (product, warehouse) = place.clone();
                self.tell(*id, PromiseStep::Gone { product, warehouse, lost_milli }, told)?;
            }
        }
        self.model.moving = false;
        self.model.everything_adds_up()?;
        self.model.supplies_suffice()
    }

    /// An order that was promised what does not come, for which nothing was found yet.
    fn lacking(&self) -> Option<(Uuid, String)> {
        self.model.orders.iter().find_map(|(id, kept)| {
            let bare = kept.case.order.broken.iter().find(|broken| broken.instead.is_empty())?;
            Some((*id, bare.product.clone()))
        })
    }

    /// Goods are found, and the order that lacks them is looked at again.
    fn find_goods(&mut self, id: Uuid, product: String, told: &mut String) -> Result<(), String> {
        for place in WAREHOUSES.map(|place| (product.clone(), place.to_owned())) {
            let reserved = self.model.reserved.get(&place).copied().unwrap_or(0);
            let enough = reserved + self.model.truth.kept_back_milli + 60_000;
            self.model.truth.on_hand.insert(place, enough);
        }
        *told = format!("{id}: goods found");
        self.model.put(Some(id), &OrderCommand::Recheck, None).map(|_| ())
    }

    fn buy(&mut self) {
        let product = self.rng.word(&PRODUCTS[..3]).to_owned();
        let number = format!("{:x}", self.rng.next());
        let source =
            if self.rng.chance(70) { Source::Purchase { number, line: 1 } } else { Source::Work { number } };
        let warehouse = self.rng.chance(60).then(|| self.rng.word(&WAREHOUSES).to_owned());
        let qty_milli = 1_000 * i64::try_from(5 + self.rng.below(60)).unwrap_or(5);
        let date = self.soon();
        if self.rng.chance(60) {
            // So that it is needed: no more lies there than is promised.
            for place in WAREHOUSES.map(|place| (product.clone(), place.to_owned())) {
                let reserved = self.model.reserved.get(&place).copied().unwrap_or(0);
                self.model.truth.on_hand.insert(place, reserved + self.model.truth.kept_back_milli);
            }
        }
        self.model.bought.insert(source, Bought { product, warehouse, qty_milli, date });
    }

    fn soon(&mut self) -> Date {
        let days = i64::try_from(1 + self.rng.below(9)).unwrap_or(1);
        self.model.house.calendar.date_at(self.model.now_ms + days * 24 * 3_600_000)
    }

    fn change(&mut self, source: &Source, act: impl FnOnce(&mut Bought)) {
        if let Some(bought) = self.model.bought.get_mut(source) {
            act(bought);
        }
    }

    fn tell(&mut self, id: Uuid, step: PromiseStep, told: &mut String) -> Result<(), String> {
        self.put(Some(id), &OrderCommand::Promise(step), None, told)
    }
}

/// Somebody decides about a line that is broken.
pub fn settle(rng: &mut Rng, case: &Case) -> OrderCommand {
    if case.order.broken.iter().any(|broken| broken.instead.is_empty()) && rng.chance(50) {
        // Goods may have come meanwhile.
        return OrderCommand::Recheck;
    }
    let line = rng.pick(&case.order.broken).map_or(1, |broken| broken.line);
    OrderCommand::SettlePromise { line, by: some_settlement(rng) }
}

fn some_settlement(rng: &mut Rng) -> Settlement {
    if rng.chance(60) { Settlement::Instead } else { Settlement::NewDate }
}
