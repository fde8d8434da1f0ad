//! A whole company in a test's hand: the real application on a file of its own, a clock that stands until it is moved,
//! people with logins, goods on the shelves, and a real mail server.
//!
//! A story ends with [`World::end`], which lets everything run that is due and then asserts that nothing was left
//! lying: no timer, no mail, no order that waits for nobody, no damage in the log. A story that forgets to end fails.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a fixture of tests: it ends on surprise"
)]

// The fault harness keeps its mail server to itself; this is the same one.
#[allow(clippy::duplicate_mod, reason = "private to the fault harness")]
#[path = "faults/sink.rs"]
mod sink;

mod data;

pub use data::{customer, order_of, product};
pub use sink::Sink;

use crate::cluster::Passing;
use crate::company::{MONDAY_MS, STANDARD_FLOW};
use crate::home::{Home, Mould};
use data::{AFTER_FOUNDING, ORG, found, opened};
use ordain_app::admin::{AdminCommand, AdminDone, UserItem, recheck_waiting};
use ordain_app::app::App;
use ordain_app::audit;
use ordain_app::call::make_calls;
use ordain_app::case::Case;
use ordain_app::case::decide::{OrderCommand, Place};
use ordain_app::case::people::User;
use ordain_app::case::world::House;
use ordain_app::gate::GateError;
use ordain_app::mail::deliver_outbox;
use ordain_app::outbox::Deliveries;
use ordain_app::query::queue::{Desk, Queue};
use ordain_app::query::{order, waiting};
use ordain_app::reconcile::{fire_due_timers, seal_all};
use ordain_connect::channel::Channel;
use ordain_connect::http::{HttpSink, PrivateHosts};
use ordain_connect::mail::{SmtpChannel, SmtpSettings, Tls};
use ordain_connect::sink::Sink as CallSink;
use ordain_domain::actor::Actor;
use ordain_domain::order::{Content, Status};
use ordain_flow::doc::Party;
use ordain_flow::run::Decision;
use ordain_store::{NoticeRow, OrderFilter, OutboxRow, TaskNarrow, TaskRow};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::sync::OnceCell;
use uuid::Uuid;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
static MOULD: OnceCell<Mould> = OnceCell::const_new();

/// What a story says it leaves behind on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Left {
    /// Mail that has not left yet.
    QueuedMail,
    /// Mail, or a call of another system, that was given up.
    FailedMail,
}

/// A company of which a story is told.
pub struct World {
    pub app: App,
    pub org: i64,
    sinks: Vec<Sink>,
    left: BTreeSet<Left>,
    ended: bool,
    pub home: Home,
    _dir: tempfile::TempDir,
    _passing: Option<Passing>,
}

impl World {
    /// The company on a Monday at ten: staff, customer `C001` (NET30, 200,000 of credit), products `P-1`…`P-5` at
    /// 12.50, `M-1` at 500.00 and `F-1` at 3.33 with 9 % tax, 100 pieces of each in two warehouses.
    pub async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::with_company(dir.path(), &MOULD, found).await;
        let app = opened(home.database(), AFTER_FOUNDING);
        let (left, _passing) = (BTreeSet::new(), home.passing());
        Self { app, org: ORG, sinks: Vec::new(), left, ended: false, home, _dir: dir, _passing }
    }

    // People.

    pub fn house(&self) -> Arc<House> {
        self.app.gate.houses().get(self.org).unwrap()
    }

    pub fn user(&self, login: &str) -> User {
        self.house().people.by_login(login).expect(login).clone()
    }

    pub fn actor(&self, login: &str) -> Actor {
        let user = self.user(login);
        Actor::Person { id: user.id, name: user.name }
    }

    pub async fn disable(&self, login: &str) {
        let item = UserItem { login: login.into(), disabled: Some(true), ..UserItem::default() };
        self.put(AdminCommand::PutUsers(vec![item])).await;
    }

    /// Publishes the standard flow with other settings for one step; the next order takes it.
    pub async fn change_step(&self, node: &str, settings: serde_json::Value) {
        let mut doc: serde_json::Value = serde_json::from_str(STANDARD_FLOW).unwrap();
        let kind = kind_of(&mut doc["steps"], node).unwrap_or_else(|| panic!("no step {node}"));
        for (name, value) in settings.as_object().unwrap() {
            kind[name] = value.clone();
        }
        let command = AdminCommand::PublishFlow { key: "standard".into(), doc: doc.to_string() };
        self.app.admin(self.org, Actor::system("admin"), command).await.unwrap();
    }

    // Master data.

    /// Puts data as the process admin does, and lets the orders go on that waited for it.
    pub async fn put(&self, command: AdminCommand) -> usize {
        let done = self.app.admin(self.org, Actor::system("admin"), command).await.unwrap();
        let AdminDone::Upserted { touched, .. } = done else { return 0 };
        recheck_waiting(&self.app, self.org, &touched.products, &touched.customers).await.unwrap()
    }

    /// Counts what is on hand now.
    pub async fn goods(&self, product: &str, warehouse: &str, on_hand: &str) -> usize {
        // The first feed of a company makes its warehouse.
        let known = &self.house().warehouses;
        if !known.is_empty() && !known.iter().any(|code| code == warehouse) {
            self.put(AdminCommand::PutWarehouses(vec![data::warehouse(warehouse)])).await;
        }
        let item = data::stock(product, warehouse, on_hand);
        self.put(AdminCommand::FeedStock { as_of: None, items: vec![item] }).await
    }

    // Orders.

    pub async fn command(
        &self,
        login: &str,
        id: Option<Uuid>,
        command: OrderCommand,
    ) -> Result<Arc<Case>, GateError> {
        self.app.order(self.org, self.actor(login), id, command).await
    }

    /// A new order as it stands after its commit.
    pub async fn place(&self, login: &str, content: Content) -> Arc<Case> {
        self.receive(login, "manual", None, content, true).await
    }

    pub async fn receive(
        &self,
        login: &str,
        channel: &str,
        source: Option<serde_json::Value>,
        content: Content,
        submit: bool,
    ) -> Arc<Case> {
        let place = Place {
            channel: channel.into(),
            source,
            content,
            submit,
            reasons: BTreeMap::new(),
            entered_later: None,
        };
        self.command(login, None, OrderCommand::Place(Box::new(place))).await.unwrap()
    }

    pub async fn edit(&self, login: &str, id: Uuid, content: Content) -> Result<Arc<Case>, GateError> {
        let command =
            OrderCommand::Edit { content: Box::new(content), submit: true, reasons: BTreeMap::new() };
        self.command(login, Some(id), command).await
    }

    /// Decides the task that one person holds in a step.
    pub async fn answer(
        &self,
        login: &str,
        id: Uuid,
        node: &str,
        decision: Decision,
    ) -> Result<Arc<Case>, GateError> {
        let task = self.task_of(login, id, node);
        let reason = (decision != Decision::Approve).then(|| "不同意".to_owned());
        let command = OrderCommand::Decide { task, decision, reason, accept: BTreeMap::new() };
        self.command(login, Some(id), command).await
    }

    /// Decides the open task of a step, whoever holds it.
    pub async fn answer_by(
        &self,
        login: &str,
        id: Uuid,
        node: &str,
        decision: Decision,
    ) -> Result<Arc<Case>, GateError> {
        let (task, reason) = (self.task(id, node), Some("不同意".to_owned()));
        let command = OrderCommand::Decide { task, decision, reason, accept: BTreeMap::new() };
        self.command(login, Some(id), command).await
    }

    /// The open task that one person holds in a step.
    pub fn task_of(&self, login: &str, id: Uuid, node: &str) -> Uuid {
        let holder = Party::User(login.to_owned());
        let case = self.case(id);
        let mut open = case.open_tasks().filter(|(_, task)| task.node == node && task.holder == holder);
        open.next().unwrap_or_else(|| panic!("{login} holds no task in {node}")).1.id
    }

    /// Who holds the open tasks of a step, oldest first.
    pub fn holders(&self, id: Uuid, node: &str) -> Vec<String> {
        let case = self.case(id);
        let open = case.open_tasks().filter(|(_, task)| task.node == node);
        open.map(|(_, task)| task.holder.key().to_owned()).collect()
    }

    /// Approves the open task of a step.
    pub async fn approve(&self, login: &str, id: Uuid, node: &str) -> Result<Arc<Case>, GateError> {
        self.accept(login, id, node, &[]).await
    }

    /// Approves and sets findings aside, each with its reason.
    pub async fn accept(
        &self,
        login: &str,
        id: Uuid,
        node: &str,
        reasons: &[(&str, &str)],
    ) -> Result<Arc<Case>, GateError> {
        let accept = reasons.iter().map(|(id, why)| ((*id).to_owned(), (*why).to_owned())).collect();
        let task = self.task(id, node);
        let command = OrderCommand::Decide { task, decision: Decision::Approve, reason: None, accept };
        self.command(login, Some(id), command).await
    }

    /// Sends an order back to whoever received it.
    pub async fn send_back(&self, login: &str, id: Uuid, node: &str, why: &str) -> Arc<Case> {
        let (task, reason) = (self.task(id, node), Some(why.to_owned()));
        let command =
            OrderCommand::Decide { task, decision: Decision::Return, reason, accept: BTreeMap::new() };
        self.command(login, Some(id), command).await.unwrap()
    }

    /// The open task of a step.
    pub fn task(&self, id: Uuid, node: &str) -> Uuid {
        let case = self.case(id);
        let open: Vec<_> = case.open_tasks().map(|(_, task)| (task.node.clone(), task.id)).collect();
        open.iter().find(|(of, _)| of == node).unwrap_or_else(|| panic!("{node} is not in {open:?}")).1
    }

    /// The order as it is stored.
    pub fn case(&self, id: Uuid) -> Case {
        order::by_id(&self.app.store, self.org, id).unwrap()
    }

    pub fn status(&self, id: Uuid) -> Status {
        self.case(id).order.status
    }

    /// Steps that wait for somebody.
    pub fn open_steps(&self, id: Uuid) -> Vec<String> {
        self.case(id).open_tasks().map(|(_, task)| task.node.clone()).collect()
    }

    /// What lies in somebody's queue.
    pub fn tasks_of(&self, login: &str) -> Vec<TaskRow> {
        self.queue_of(login, Queue::Mine)
    }

    /// The tasks of a queue of somebody's.
    pub fn queue_of(&self, login: &str, queue: Queue) -> Vec<TaskRow> {
        let (house, user) = (self.house(), self.user(login));
        self.desk(&house, &user).tasks(queue, &TaskNarrow::default(), None, 100).unwrap()
    }

    /// Numbers of the orders in a queue of somebody's.
    pub fn orders_of(&self, login: &str, queue: Queue) -> Vec<String> {
        let (house, user) = (self.house(), self.user(login));
        let rows = self.desk(&house, &user).orders(queue, &TaskNarrow::default(), None, 100).unwrap();
        rows.into_iter().map(|row| row.number).collect()
    }

    fn desk<'a>(&'a self, house: &'a House, user: &'a User) -> Desk<'a> {
        Desk { store: &self.app.store, org: self.org, house, user, now_ms: self.now_ms(), reach: None }
    }

    /// Numbers of the orders that wait for somebody to complete them.
    pub fn returned_to(&self, login: &str) -> Vec<String> {
        self.orders_of(login, Queue::Returned)
    }

    // Time.

    pub fn now_ms(&self) -> i64 {
        self.app.clock.now_ms()
    }

    /// The instant so many days after the Monday, on the clock of Shanghai.
    pub fn instant(day: i64, hour: i64, minute: i64) -> i64 {
        MONDAY_MS + day * DAY_MS + (hour - 10) * 60 * MINUTE_MS + minute * MINUTE_MS
    }

    /// Moves the clock and fires what has come due; gives how many timers had an effect.
    pub async fn pass_to(&self, day: i64, hour: i64, minute: i64) -> usize {
        let to = Self::instant(day, hour, minute);
        assert!(to >= self.now_ms(), "time does not run backwards");
        self.app.clock.set_ms(to);
        self.fire().await
    }

    /// Moves the clock by seconds.
    pub async fn pass_seconds(&self, seconds: i64) -> usize {
        self.app.clock.set_ms(self.now_ms() + seconds * 1_000);
        self.fire().await
    }

    /// Fires until nothing is due any more: a reminder may bring the next one.
    async fn fire(&self) -> usize {
        let mut fired = 0;
        loop {
            match fire_due_timers(&self.app).await.unwrap() {
                0 => return fired,
                more => fired += more,
            }
        }
    }

    // Messages.

    /// Kinds of the notices in somebody's program about an order, oldest first.
    pub fn notices(&self, login: &str, id: Uuid) -> Vec<String> {
        let user = self.user(login).id.into_bytes();
        let mut rows = Vec::new();
        loop {
            let before = rows.last().map(|row: &NoticeRow| row.id);
            let page = self.app.store.notices_of_user(self.org, user, None, before, 200).unwrap();
            let last = page.len() < 200;
            rows.extend(page);
            if last {
                break;
            }
        }
        let about = rows.into_iter().filter(|row| row.order_id == Some(id.into_bytes()));
        let mut kinds: Vec<String> = about.map(|row| row.kind).collect();
        kinds.reverse();
        kinds
    }

    pub fn outbox(&self, id: Uuid) -> Vec<OutboxRow> {
        self.app.store.outbox_of_order(self.org, id.into_bytes()).unwrap()
    }

    /// From now on mail goes to a server that fails by this plan.
    pub fn mail_server(&mut self, plan: &[&str], seed: u64) {
        self.sinks.push(Sink::start(plan, seed));
    }

    /// Delivers what is due, through SMTP.
    pub async fn deliver(&mut self) -> Deliveries {
        if self.sinks.is_empty() {
            self.mail_server(&[], 1);
        }
        let settings = SmtpSettings {
            host: "127.0.0.1".to_owned(),
            port: self.sinks.last().map(|sink| sink.port),
            tls: Tls::None,
            user: None,
            password: None,
            from: "order@example.cn".to_owned(),
            from_name: None,
        };
        let channel: Arc<dyn Channel> = Arc::new(SmtpChannel::new(&settings).unwrap());
        deliver_outbox(&self.app, &channel).await.unwrap()
    }

    /// Makes the calls that are due, over HTTP; this machine may be called.
    pub async fn call(&self) -> Deliveries {
        self.call_only(&["127.0.0.1"]).await
    }

    /// As [`World::call`], where only these hosts inside the network may be called.
    pub async fn call_only(&self, private: &[&str]) -> Deliveries {
        let hosts = PrivateHosts::new(private.iter().map(|host| (*host).to_owned()));
        let sink: Arc<dyn CallSink> = Arc::new(HttpSink::new(hosts));
        make_calls(&self.app, &sink).await.unwrap()
    }

    /// Every mail that arrived, as it came over the wire.
    pub fn arrived(&self) -> Vec<String> {
        self.sinks.iter().flat_map(Sink::mails).collect()
    }

    // The end.

    /// Says that something is left behind on purpose.
    pub fn leaves(&mut self, left: Left) {
        self.left.insert(left);
    }

    /// Lets everything run that is due, and asserts that nothing was left lying.
    pub async fn end(mut self) {
        self.ended = true;
        self.fire().await;
        if !self.left.contains(&Left::QueuedMail) && self.count("queued") > 0 {
            self.deliver().await;
        }
        seal_all(&self.app).await.unwrap();
        let due = self.app.store.due_timers(self.now_ms(), 100).unwrap();
        assert!(due.is_empty(), "timers that never fired: {due:?}");
        for (left, state) in [(Left::QueuedMail, "queued"), (Left::FailedMail, "failed")] {
            let found = self.count(state);
            assert_eq!(found > 0, self.left.contains(&left), "{found} mails are {state}");
        }
        for row in self.app.store.list_orders(self.org, &OrderFilter::default(), None, 200).unwrap() {
            self.settled(&self.case(Uuid::from_bytes(row.id)));
        }
        self.shelves();
        let report = audit::verify(&self.app.store, self.org, false, None, &mut |_| {}).unwrap();
        assert_eq!(report.first_problem, None);
        assert_eq!(report.unsealed, 0, "{report:?}");
        assert_eq!(self.app.store.integrity_check().unwrap(), Vec::<String>::new());
    }

    fn count(&self, state: &str) -> i64 {
        self.app.store.outbox_count(self.org, state).unwrap()
    }

    /// An order is over or waits for somebody who is there, and whoever was told has the notice.
    fn settled(&self, case: &Case) {
        let (number, house) = (&case.order.number, self.house());
        if matches!(case.order.status, Status::Incomplete | Status::InReview | Status::AwaitingCustomer) {
            assert!(!waiting::waiting(case, &house).is_empty(), "{number} waits for nobody");
        }
        for (_, task) in case.open_tasks() {
            assert!(!house.people.members(&task.holder).is_empty(), "{number}: nobody holds {}", task.node);
        }
        let told = case.notices.iter().filter(|notice| notice.channel == "in_app");
        let mut by_user: BTreeMap<Uuid, usize> = BTreeMap::new();
        for notice in told {
            *by_user.entry(Uuid::parse_str(&notice.to).unwrap()).or_default() += 1;
        }
        for (user, count) in by_user {
            let login = &house.people.users[&user].login;
            assert_eq!(self.notices(login, case.order.id).len(), count, "{number}: notices of {login}");
        }
    }

    /// No more is promised than lies there.
    fn shelves(&self) {
        let rows = self.app.store.list_products(self.org, "", "", 200).unwrap();
        for product in rows {
            for row in self.app.store.stock_of_product(self.org, &product.code).unwrap() {
                assert!(row.reserved_milli <= row.on_hand_milli, "oversold: {row:?}");
            }
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        assert!(self.ended || std::thread::panicking(), "the story did not end its world");
    }
}

/// The settings of a step, wherever in the tree it stands.
fn kind_of<'a>(steps: &'a mut serde_json::Value, node: &str) -> Option<&'a mut serde_json::Value> {
    for step in steps.as_array_mut()? {
        if step["id"] == node {
            return step.get_mut("kind");
        }
        let lanes = step.get_mut("kind").and_then(|kind| kind.get_mut("lanes"));
        for lane in lanes.and_then(|lanes| lanes.as_array_mut()).into_iter().flatten() {
            if let Some(found) = kind_of(&mut lane["steps"], node) {
                return Some(found);
            }
        }
    }
    None
}
