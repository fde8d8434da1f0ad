//! Issue types as they are shown and put, and the body with which a problem is reported.

use super::reader::{Kind, Shape, WORDS};
use crate::words::Text;
use ordain_app::case::issue::{IssueType, IssueTypes};
use ordain_flow::doc::Party;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub const ISSUE: Shape = &[("type", Kind::Text), ("text", Kind::Words)];
const PARTY: Kind = Kind::Object(&[("user", Kind::Text), ("department", Kind::Text), ("role", Kind::Text)]);
const ISSUE_TYPE: Shape = &[
    ("code", Kind::Text),
    ("name", WORDS),
    ("handler", PARTY),
    ("answer_minutes", Kind::Integer),
    ("guidance", WORDS),
    ("applies_to", Kind::List(&Kind::Text)),
];
pub const ISSUE_TYPES: Shape = &[("items", Kind::List(&Kind::Object(ISSUE_TYPE)))];

#[derive(Debug, Deserialize, ToSchema)]
pub struct IssueBody {
    /// Code of the issue type.
    #[serde(rename = "type")]
    pub kind: String,
    /// What happened.
    pub text: String,
}

/// What is left out does not exist afterwards.
#[derive(Debug, Deserialize, ToSchema)]
pub struct IssueTypesBody {
    pub items: Vec<IssueTypeView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = IssueTypes)]
pub struct IssueTypesView {
    pub items: Vec<IssueTypeView>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = IssueType)]
pub struct IssueTypeView {
    pub code: String,
    pub name: Text,
    /// Who handles it first.
    pub handler: PartyView,
    /// Working minutes of the handler's calendar until an answer is due.
    pub answer_minutes: u32,
    pub guidance: Text,
    /// Kinds of exceptions, `question_to_customer` and `question_to_sales`, that are handled in the same way.
    pub applies_to: Vec<String>,
}

/// One of user, department and role.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = Party)]
pub struct PartyView {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

impl From<&Party> for PartyView {
    fn from(party: &Party) -> Self {
        let key = Some(party.key().to_owned());
        match party {
            Party::User(_) => Self { user: key, ..Self::default() },
            Party::Department(_) => Self { department: key, ..Self::default() },
            Party::Role(_) => Self { role: key, ..Self::default() },
        }
    }
}

pub fn issue_types(types: &IssueTypes) -> IssueTypesView {
    let view = |known: &IssueType| IssueTypeView {
        code: known.code.clone(),
        name: Text::from(&known.name),
        handler: PartyView::from(&known.handler),
        answer_minutes: known.answer_minutes,
        guidance: Text::from(&known.guidance),
        applies_to: known.applies_to.clone(),
    };
    IssueTypesView { items: types.items.iter().map(view).collect() }
}
