//! The work that stands open in a play: whose it is and why, what each may do, and what they see.

use super::action::{ActionView, of_step};
use super::choice::ReturnView;
use super::design::order_paths;
use super::person::{AssigneeView, PersonView};
use super::play::{Scene, party};
use super::task::{Around, PassageView, task, total};
use crate::words::{Lang, Text, field, of_line};
use ordain_app::case::actions::of_task;
use ordain_app::case::people::User;
use ordain_app::case::{Case, Task};
use ordain_app::play::{Persona, personas, waits as open_waits};
use ordain_app::query::person::of_user;
use ordain_app::query::sight::{Sight, Veil};
use ordain_app::rights::Caller;
use ordain_flow::doc::Node;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Tasks that a play shows at one time, and lines of which values are shown.
const TASKS_MAX: usize = 60;
const VALUES_MAX: usize = 3;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowPlayTask)]
pub struct PlayTaskView {
    /// By which acts name it.
    pub number: u32,
    pub node: String,
    pub name: Text,
    pub holder: Option<AssigneeView>,
    /// Why the step asks.
    pub why: Text,
    pub opened_at: String,
    pub due_at: Option<String>,
    /// Through whose hands it went, and why.
    pub passages: Vec<PassageView>,
    /// What has to be filled in before it can be approved, and is empty.
    pub missing: Vec<PlayGapView>,
    /// Those whose it is, and those who would be it if nothing kept them from it.
    pub people: Vec<PlayPersonView>,
    pub returns: Vec<ReturnView>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowPlayGap)]
pub struct PlayGapView {
    pub path: String,
    pub label: Text,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowPlayPerson)]
pub struct PlayPersonView {
    pub login: String,
    pub name: String,
    /// `holder`, `backup` or `stand_in`.
    pub place: &'static str,
    pub actions: Vec<ActionView>,
}

/// Where the order waits for something that is nobody's task.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowPlayWait)]
pub struct PlayWaitView {
    /// `sender`, `customer`, `call`, `event`, `delay` or `subflow`.
    pub kind: &'static str,
    /// By which acts name it.
    pub visit: u32,
    pub node: String,
    pub name: Text,
    /// Who records what becomes of it.
    pub party: Option<Text>,
    pub people: Vec<PersonView>,
}

/// A field of the order as somebody has it in their task.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowPlayField)]
pub struct PlayFieldView {
    pub path: String,
    pub label: Text,
    /// `edit`, `read`, `mask` or `hide`.
    pub access: &'static str,
    pub required: bool,
    pub value: Option<String>,
}

fn caller(scene: &Scene<'_>, user: &User) -> Caller {
    Caller::person(scene.org, user.clone(), &scene.play.world.house.people.own_roles)
}

pub fn tasks(scene: &Scene<'_>) -> Vec<PlayTaskView> {
    let case = scene.sight.cut(&scene.play.case);
    let open = scene.play.case.open_tasks().take(TASKS_MAX);
    open.map(|(number, task)| task_view(scene, &case, number, task)).collect()
}

fn task_view(scene: &Scene<'_>, case: &Case, number: u32, open: &Task) -> PlayTaskView {
    let (play, house) = (scene.play, &scene.play.world.house);
    let node = play.case.node_at(house, open.visit, &open.node);
    let people = personas(play, open);
    let first = people.first().map(|persona| persona.user).or_else(|| house.people.users.values().next());
    // Without anybody in the company nobody could have asked.
    let known = first.map(|user| {
        let caller = caller(scene, user);
        let around = Around {
            case,
            whole: &play.case,
            sight: scene.sight,
            flow: Some(scene.flow),
            house,
            caller: &caller,
            now_ms: play.now_ms,
        };
        task(&around, open)
    });
    let person = |persona: &Persona<'_>| {
        let acts = of_task(&play.case, open, &caller(scene, persona.user), house, play.now_ms);
        PlayPersonView {
            login: persona.user.login.clone(),
            name: persona.user.name.clone(),
            place: persona.place,
            actions: of_step(acts, node.and_then(Node::person)),
        }
    };
    let gap = |path: String| PlayGapView { label: label(scene, &path), path };
    let missing = play.missing(open).into_iter().map(gap).collect();
    let time = |ms: i64| house.calendar.text(ms);
    let (holder, why, passages, returns) = match known {
        Some(known) => (known.assignee, known.why, known.passages, known.returns),
        None => (None, Text::default(), Vec::new(), Vec::new()),
    };
    PlayTaskView {
        number,
        node: open.node.clone(),
        name: node.map_or_else(|| Text::plain(&open.node), |node| Text::from(&node.name)),
        holder,
        why,
        opened_at: time(open.opened_ms),
        due_at: open.due_ms.map(time),
        passages,
        missing,
        people: people.iter().map(person).collect(),
        returns,
    }
}

pub fn waits(scene: &Scene<'_>) -> Vec<PlayWaitView> {
    let house = &scene.play.world.house;
    let view = |wait: ordain_app::play::Wait| {
        let node = scene.play.case.node_at(house, wait.visit, &wait.node);
        let members = wait.party.iter().flat_map(|party| house.people.members(party));
        PlayWaitView {
            kind: wait.kind,
            visit: wait.visit,
            name: node.map(|node| Text::from(&node.name)).unwrap_or_default(),
            party: wait.party.as_ref().map(|named| party(scene, named)),
            people: members.map(|user| PersonView::from(of_user(user))).collect(),
            node: wait.node,
        }
    };
    open_waits(scene.play).into_iter().map(view).collect()
}

/// The fields of the order as the person that was asked about has them in their task.
pub fn fields(scene: &Scene<'_>) -> Vec<PlayFieldView> {
    let (play, house) = (scene.play, &scene.play.world.house);
    let Some(look) = scene.look else { return Vec::new() };
    let user = house.people.by_login(&look.login);
    let Some((user, open)) = user.zip(play.case.tasks.get(&look.task)) else { return Vec::new() };
    let node = play.case.node_at(house, open.visit, &open.node);
    let theirs = Sight::of_case(&play.case, house, &caller(scene, user));
    // Nobody learns by playing somebody else what they do not see themselves.
    let case = scene.sight.cut(&play.case);
    let case = theirs.cut(&case);
    let required = node.map(Node::required).unwrap_or_default();
    let content = serde_json::to_value(&case.order.content).unwrap_or_default();
    let view = |(path, label): (String, Text)| {
        let access = match theirs.veil(&path) {
            _ if node.is_some_and(|node| node.may_write(&path)) => "edit",
            Some(Veil::Hide) => "hide",
            Some(Veil::Mask) => "mask",
            None => "read",
        };
        let value = if path.starts_with("totals") { total(&case).0 } else { value_at(&content, &path) };
        PlayFieldView { access, required: required.contains(&path), value, label, path }
    };
    paths(scene).into_iter().map(view).collect()
}

/// The fields of an order, with those of the flow and of the company's form.
fn paths(scene: &Scene<'_>) -> BTreeMap<String, Text> {
    let english = order_paths(Lang::En);
    let own = order_paths(Lang::Zh).into_iter().map(|(path, zh)| {
        let en = english.get(&path).cloned().unwrap_or_default();
        (path, Text { zh, en })
    });
    let custom = scene.flow.doc().fields.iter().map(|custom| {
        let head = if custom.line { "lines.extra." } else { "extra." };
        (format!("{head}{}", custom.field), Text::from(&custom.name))
    });
    let form = scene.play.world.house.form.fields.iter();
    let form =
        form.map(|field| (field.path(), Text { zh: field.name.zh.clone(), en: field.name.en.clone() }));
    own.chain(form).chain(custom).collect()
}

fn label(scene: &Scene<'_>, path: &str) -> Text {
    let bare = ordain_flow::access::bare(path);
    match paths(scene).remove(&bare) {
        Some(name) => of_line(path, name),
        None => field(path),
    }
}

/// What stands at a path; of lines, the first few.
fn value_at(content: &Value, path: &str) -> Option<String> {
    let Some((head, rest)) = path.split_once('.') else {
        return content.get(path).filter(|value| !value.is_object()).and_then(spoken);
    };
    match content.get(head)? {
        Value::Array(items) => {
            let values = items.iter().take(VALUES_MAX).filter_map(|item| value_at(item, rest));
            let values: Vec<String> = values.collect();
            (!values.is_empty()).then(|| values.join(" · "))
        }
        inner => value_at(inner, rest),
    }
}

fn spoken(value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::Array(_) | Value::Object(_) => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
