//! A small company with people, goods and prices, and ways to talk to its server.

use crate::cluster::Passing;
use crate::home::{Home, Mould};
use ordain::server::connections::Limits;
use ordain::server::run::serve;
use ordain_app::admin::{AdminCommand, CustomerItem, PriceItem, ProductItem, StockItem, UserItem};
use ordain_app::app::App;
use ordain_app::clock::{Clock, IdSource};
use ordain_app::outbox::Carriers;
use ordain_app::password;
use ordain_app::seal::SealKey;
use ordain_app::session::create_token;
use ordain_app::setup::{InitOptions, init_company};
use ordain_domain::actor::Actor;
use ordain_store::Database;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::OnceCell;
use tokio::sync::watch;

pub const PASSWORD: &str = "a-good-password";
/// Login, department, role.
pub const STAFF: [(&str, Option<&str>, &str); 10] = [
    ("sales1", Some("sales"), "sales"),
    ("smgr1", Some("sales"), "sales_manager"),
    ("fin1", Some("finance"), "finance"),
    ("wh1", Some("warehouse"), "warehouse"),
    ("plan1", Some("planning"), "planning"),
    ("cs1", Some("service"), "service"),
    ("ops1", None, "process_admin"),
    ("boss", None, "management"),
    ("audit1", None, "auditor"),
    ("root1", None, "admin"),
];

pub struct Company {
    pub app: App,
    pub base: String,
    pub token: String,
    pub client: Client,
    home: Home,
    _stop: Vec<watch::Sender<bool>>,
    _folder: TempDir,
    _passing: Option<Passing>,
}

/// An answer, taken apart.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub text: String,
    pub body: Value,
    pub etag: Option<String>,
    pub replayed: bool,
    pub content_type: String,
}

/// Somebody signed in.
pub struct Person {
    pub cookie: String,
    pub csrf: String,
}

impl Person {
    /// Whoever an answer has signed in.
    pub async fn of(response: reqwest::Response) -> Self {
        let cookie = response.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        Self { cookie, csrf: body["user"]["csrf"].as_str().unwrap().to_owned() }
    }
}

pub async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let (etag, replayed) = (header("etag"), header("idempotent-replay").is_some());
    let content_type = header("content-type").unwrap_or_default();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::Null);
    Answer { status, text, body, etag, replayed, content_type }
}

impl Company {
    pub async fn open() -> Self {
        Self::open_at(Clock::Real).await
    }

    pub async fn open_at(clock: Clock) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = match &clock {
            Clock::Real => Home::with_company(folder.path(), &MOULD, founded_now).await,
            // Nothing may have happened there later than its clock says.
            _ => {
                let home = Home::fresh(folder.path());
                found(home.database(), clock.clone()).await;
                home
            }
        };
        let app = opened(home.database(), clock);
        let (_, token) = create_token(&app, 1, Actor::system("test"), "shop", "admin").await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(serve(listener, app.clone(), Carriers::default(), Limits::default(), None, stopped));
        ordain_connect::http::provide_tls();
        let _passing = home.passing();
        Self { app, base, token, client: Client::new(), home, _stop: vec![stop], _folder: folder, _passing }
    }

    /// Asks another server from now on: one over the same database that may only read.
    pub async fn turn_read_only(&mut self) {
        let reading = App::open_read_only(self.home.database(), Clock::Real).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        self.base = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(serve(listener, reading, Carriers::default(), Limits::default(), None, stopped));
        self._stop.push(stop);
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}/api/v1{path}", self.base))
    }

    pub fn by_token(&self, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).bearer_auth(&self.token)
    }

    pub async fn get(&self, path: &str) -> Answer {
        answer(self.by_token(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = self.by_token(Method::POST, path);
        answer(self.of_version(request, path).await.json(body)).await
    }

    pub async fn post_as(&self, person: &Person, path: &str, body: &Value) -> Answer {
        let request = self.as_person(person, Method::POST, path);
        answer(self.of_version(request, path).await.json(body)).await
    }

    /// The change of an order says of which version it is: of that which has just been read.
    pub async fn of_version(&self, request: RequestBuilder, path: &str) -> RequestBuilder {
        let Some(order) = path.strip_suffix("/changes") else { return request };
        let tag = self.get(order).await.etag;
        tag.into_iter().fold(request, |request, tag| request.header("if-match", tag))
    }

    /// Replaces a document that has just been read.
    pub async fn replace(&self, path: &str, body: &Value) -> Answer {
        let tag = self.get(path).await.etag.unwrap();
        answer(self.by_token(Method::PUT, path).header("if-match", tag).json(body)).await
    }

    pub async fn place(&self, body: &Value) -> Value {
        let made = self.post("/orders", body).await;
        assert_eq!(made.status, 201, "{}", made.text);
        made.body
    }

    pub async fn sign_in(&self, login: &str) -> Person {
        let body = json!({ "login": login, "password": PASSWORD });
        let response = self.request(Method::POST, "/session").json(&body).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        Person::of(response).await
    }

    pub fn as_person(&self, person: &Person, method: Method, path: &str) -> RequestBuilder {
        let request = self.request(method, path).header("cookie", &person.cookie);
        request.header("x-ordain-csrf", &person.csrf)
    }

    /// Decides the task of a step as somebody; accepts all that can be accepted.
    pub async fn decide(&self, person: &Person, order: &Value, node: &str, decision: &str) -> Answer {
        let task = task(order, node);
        let accept: Vec<Value> = task["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| finding["acceptable"] == true && finding["state"] == "open")
            .map(|finding| json!({ "finding_id": finding["id"], "reason": "agreed by phone" }))
            .collect();
        let body = json!({ "decision": decision, "reason": "looked at it", "accept": accept });
        let path = format!("/tasks/{}/decide", task["id"].as_str().unwrap());
        answer(self.as_person(person, Method::POST, &path).json(&body)).await
    }
}

/// The open task of a step.
pub fn task(order: &Value, node: &str) -> Value {
    let tasks = order["tasks"].as_array().unwrap();
    let found = tasks.iter().find(|task| task["node_id"] == node && task["state"] == "open");
    found.unwrap_or_else(|| panic!("no open task at {node}: {}", order["tasks"])).clone()
}

pub fn open_nodes(order: &Value) -> Vec<String> {
    let tasks = order["tasks"].as_array().unwrap().iter().filter(|task| task["state"] == "open");
    let mut nodes: Vec<String> = tasks.map(|task| task["node_id"].as_str().unwrap().to_owned()).collect();
    nodes.sort();
    nodes
}

pub fn codes(list: &Value) -> Vec<String> {
    let mut codes: Vec<String> =
        list.as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap().to_owned()).collect();
    codes.sort();
    codes
}

/// An order with nothing wrong: 10 pieces at 12.50.
pub fn clean(po: &str) -> Value {
    json!({
        "customer": "C001", "customer_po": po, "channel": "api", "currency": "CNY",
        "requested_date": soon(), "payment_terms": "NET30",
        "ship_to": { "name": "Li", "phone": "139", "address": "Road 1" },
        "invoice": { "title": "Customer One", "tax_no": "91330000DEM000001R", "kind": "vat_special" },
        "special_requests": "", "submit": true,
        "lines": [{ "product": "SKU-1", "quantity": "10", "unit": "pcs", "unit_price": "12.50" }],
        "extra": { "color": "red" }
    })
}

pub fn soon() -> String {
    let today = jiff::Zoned::now().date();
    today.checked_add(jiff::Span::new().days(20)).unwrap().to_string()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

static MOULD: OnceCell<Mould> = OnceCell::const_new();

fn opened(database: Database<'_>, clock: Clock) -> App {
    App::open(database, clock, IdSource::Real, SealKey::from_bytes(&[7; 32])).unwrap()
}

async fn founded_now(database: Database<'_>) {
    found(database, Clock::Real).await;
}

async fn found(database: Database<'_>, clock: Clock) {
    let app = opened(database, clock);
    init_company(&app, InitOptions::new("Test Ltd")).await.unwrap();
    let actor = || Actor::system("test");
    let hash = password::hash(PASSWORD.to_owned().into()).await.unwrap();
    let user = |(login, department, role): &(&str, Option<&str>, &str)| UserItem {
        login: (*login).to_owned(),
        name: some(&login.to_uppercase()),
        department: department.map(str::to_owned),
        roles: Some(vec![(*role).to_owned()]),
        password_hash: Some(hash.clone()),
        ..UserItem::default()
    };
    let customer = |code: &str, limit: &str| {
        serde_json::from_value::<CustomerItem>(json!({
            "code": code, "name": format!("Customer {code}"), "level": "A", "credit_limit": limit,
            "currency": "CNY", "payment_terms": "NET30",
            "ship_to": [{ "name": "Li", "phone": "139", "address": "Road 1" }],
            "invoice": { "title": "Customer One", "tax_no": "91330000DEM000001R", "kind": "vat_special" },
            "contacts": [{ "name": "Li", "email": "li@example.com" }]
        }))
        .unwrap()
    };
    let product = |code: &str| ProductItem {
        code: code.to_owned(),
        name: some(&format!("Product {code}")),
        unit: some("pcs"),
        tax_rate: some("0.13"),
        list_price: some("12.50"),
        ..ProductItem::default()
    };
    let stock = |product: &str, on_hand: &str| StockItem {
        product: product.to_owned(),
        warehouse: "SH".to_owned(),
        on_hand: some(on_hand),
        as_of: None,
    };
    let price = PriceItem {
        product: "SKU-2".to_owned(),
        customer: some("C001"),
        price: some("10.00"),
        ..PriceItem::default()
    };
    let commands = [
        AdminCommand::PutUsers(STAFF.iter().map(user).collect()),
        AdminCommand::PutCustomers(vec![customer("C001", "10000000"), customer("C002", "100")]),
        AdminCommand::PutProducts(vec![product("SKU-1"), product("SKU-2"), product("SKU-3")]),
        AdminCommand::PutPrices(vec![price]),
        AdminCommand::FeedStock {
            as_of: None,
            items: vec![stock("SKU-1", "100000"), stock("SKU-2", "100"), stock("SKU-3", "5")],
        },
    ];
    for command in commands {
        app.admin(1, actor(), command).await.unwrap();
    }
}
