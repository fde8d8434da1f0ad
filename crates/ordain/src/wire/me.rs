//! Who is signed in, what their menu holds and what waits for them.

use super::roles::{role_name, scopes_text};
use crate::words::{Lang, Text};
use ordain_app::own_roles::OwnRoles;
use ordain_app::practice::is_practice;
use ordain_app::rights::{Caller, CallerKind, Permission};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Me)]
pub struct MeView {
    pub id: String,
    pub login: String,
    pub name: String,
    pub department: Option<String>,
    pub roles: Vec<String>,
    /// Their names, in the same order.
    pub role_names: Vec<Text>,
    /// `zh` or `en`.
    pub lang: &'static str,
    /// For the header `X-Ordain-CSRF`; empty for a token.
    pub csrf: String,
    pub company: CompanyView,
    pub menu: Vec<&'static str>,
    /// Names of the permissions that the caller has.
    pub may: Vec<&'static str>,
    /// Which orders they reach, in words; null where it is every order.
    pub scope: Option<Text>,
    pub counts: CountsView,
    /// Nothing else is open before the password is changed.
    pub password_once: bool,
    /// Whether nothing can be changed here at the moment.
    pub read_only: bool,
    /// In the practice company, where nothing is real.
    pub practice: bool,
    /// The name of whoever looks at what the caller sees, to read only.
    pub viewer: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Company)]
pub struct CompanyView {
    pub name: String,
    pub currency: String,
    pub timezone: String,
}

#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[schema(as = MyCounts)]
pub struct CountsView {
    pub tasks: i64,
    pub overdue: i64,
    pub notices_unread: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionView {
    pub user: MeView,
}

/// The entries of the menu, in their order, that the caller may open.
pub fn menu(caller: &Caller) -> Vec<&'static str> {
    let entries = [
        ("workbench", Permission::ReadTasks),
        ("tasks", Permission::ReadTasks),
        ("orders", Permission::ReadOrders),
        ("order_new", Permission::WriteOrders),
        ("intake", Permission::ReadIntake),
        ("changes", Permission::ReadOrders),
        ("exceptions", Permission::ReadExceptions),
        ("stock", Permission::ReadStock),
        ("receivables", Permission::ReadReceivables),
        ("records", Permission::ReadOrders),
        ("reports", Permission::ReadReports),
        ("master", Permission::ReadMaster),
        ("flows", Permission::ReadFlows),
        ("form", Permission::WriteOrganisation),
        ("notice_texts", Permission::WriteOrganisation),
        ("calendars", Permission::ReadFlows),
        ("feedback", Permission::AnswerFeedback),
        ("self_checks", Permission::ReadSelfChecks),
        ("audit", Permission::ReadAudit),
        ("users", Permission::ReadUsers),
        ("leavers", Permission::ReadUsers),
    ];
    let allowed = entries.into_iter().filter(|(_, right)| caller.may(*right)).map(|(name, _)| name);
    // Everybody may be away.
    allowed.chain(caller.user().map(|_| "absence")).collect()
}

pub fn me(
    (caller, own): (&Caller, &OwnRoles),
    csrf: &str,
    company: CompanyView,
    counts: CountsView,
    read_only: bool,
) -> MeView {
    let names = |roles: &[String]| roles.iter().map(|role| role_name(own, role)).collect();
    let base = MeView {
        id: String::new(),
        login: String::new(),
        name: String::new(),
        department: None,
        roles: Vec::new(),
        role_names: Vec::new(),
        lang: Lang::Zh.code(),
        csrf: csrf.to_owned(),
        company,
        menu: menu(caller),
        may: Permission::ALL.iter().filter(|right| caller.may(**right)).map(|right| right.name()).collect(),
        scope: scopes_text(caller, Permission::ReadOrders),
        counts,
        password_once: false,
        read_only,
        practice: is_practice(caller.org),
        viewer: None,
    };
    match &caller.kind {
        CallerKind::Person(user) => MeView {
            id: user.id.to_string(),
            login: user.login.clone(),
            name: user.name.clone(),
            department: user.department.clone(),
            roles: user.roles.clone(),
            role_names: names(&user.roles),
            lang: Lang::parse(&user.lang).unwrap_or_default().code(),
            password_once: user.password_once,
            ..base
        },
        CallerKind::Token { id, name, role } => MeView {
            id: id.to_string(),
            login: format!("token:{name}"),
            name: name.clone(),
            roles: vec![role.clone()],
            role_names: names(std::slice::from_ref(role)),
            ..base
        },
    }
}
