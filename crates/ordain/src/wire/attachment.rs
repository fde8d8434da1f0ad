//! Files on an order, as they come and as they are listed.

use super::person::{PersonView, actor};
use super::reader::{Kind, Shape, text};
use super::task::decision;
use crate::server::body::unreadable;
use crate::server::problem::Problem;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ordain_app::case::Case;
use ordain_app::case::attachment::{Attachment, Bytes, NewFile, Signed};
use ordain_app::case::world::House;
use ordain_app::problem::Fault;
use ordain_connect::attachment::{SIZE_MAX, Unfit, media_type};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

pub const ATTACHMENT: Shape = &[
    ("name", Kind::Text),
    ("content", Kind::Text),
    ("task", Kind::Text),
    ("about", Kind::OneOf(&["order", "answer"])),
];

/// Bytes of the largest drawing that is taken as a signature.
const DRAWING_MAX: usize = 256 * 1024;

#[derive(Debug, Deserialize, ToSchema)]
pub struct AttachmentBody {
    /// With the ending that says what it is.
    pub name: String,
    /// The bytes in base64, at most 5 MiB of them.
    pub content: String,
    /// Id of one's own task, for whose step it is.
    pub task: Option<String>,
    /// `answer` for a proof of the customer's answer; otherwise it is the order's.
    pub about: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Attachment)]
pub struct AttachmentView {
    pub id: String,
    pub name: String,
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the bytes, in hex.
    pub sha256: String,
    pub by: PersonView,
    pub at: String,
    /// Id of the step that it was added for.
    pub node_id: Option<String>,
    /// It is the signature under a decision.
    pub signs: Option<SignedView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Signed)]
pub struct SignedView {
    pub task_id: Option<String>,
    /// `approve` or `reject`.
    pub decision: &'static str,
    pub revision: u32,
    /// SHA-256 of what was signed, in hex.
    pub sha256: String,
}

pub fn attachments(case: &Case, house: &House) -> Vec<AttachmentView> {
    case.attachments.iter().map(|file| view(file, case, house)).collect()
}

fn view(file: &Attachment, case: &Case, house: &House) -> AttachmentView {
    let visit = file.visit.and_then(|visit| Some(case.run_with(visit)?.1.visit(visit)?.node.to_string()));
    AttachmentView {
        id: file.id.to_string(),
        name: file.name.clone(),
        media_type: file.media_type.clone(),
        size: file.size,
        sha256: file.sha256.clone(),
        by: actor(&house.people, &file.by),
        at: house.calendar.text(file.at_ms),
        node_id: visit,
        signs: file.signs.as_ref().map(|of| signed(of, case)),
    }
}

fn signed(of: &Signed, case: &Case) -> SignedView {
    SignedView {
        task_id: case.tasks.get(&of.task).map(|task| task.id.to_string()),
        decision: decision(of.decision),
        revision: of.revision,
        sha256: of.sha256.clone(),
    }
}

/// The file of a body.
///
/// # Errors
/// Everything that is missing, or why the file is not taken.
pub fn new_file(value: &Value) -> Result<NewFile, Problem> {
    let (name, content) = (text(value, "name"), text(value, "content"));
    let missing = [("name", name.is_none()), ("content", content.is_none())];
    let (Some(name), Some(content)) = (name, content) else {
        let absent = missing.into_iter().filter(|(_, absent)| *absent);
        return Err(unreadable(absent.map(|(path, _)| Fault::new("missing", path)).collect()));
    };
    let bytes = bytes(&content, "content")?;
    let media_type = media_type(&name, &bytes).map_err(refused)?.to_owned();
    Ok(NewFile { name, media_type, content: Bytes(bytes.into()) })
}

/// A signature that was drawn: a small picture, as its bytes in base64.
///
/// # Errors
/// If it is none.
pub fn drawing(content: &str) -> Result<NewFile, Problem> {
    let name = "signature.png".to_owned();
    let bytes = bytes(content, "signature")?;
    let fits = bytes.len() <= DRAWING_MAX;
    match media_type(&name, &bytes) {
        Ok(media_type) if fits => {
            Ok(NewFile { name, media_type: media_type.to_owned(), content: Bytes(bytes.into()) })
        }
        _ => Err(unreadable(vec![Fault::new("bad_signature", "signature")])),
    }
}

fn bytes(content: &str, path: &str) -> Result<Vec<u8>, Problem> {
    BASE64_STANDARD.decode(content.trim()).map_err(|_| unreadable(vec![Fault::new("not_base64", path)]))
}

fn refused(why: Unfit) -> Problem {
    let most = format!("{} MiB", SIZE_MAX / (1024 * 1024));
    unreadable(vec![match why {
        Unfit::Name => Fault::new("bad_file_name", "name"),
        Unfit::Kind => Fault::new("file_kind", "name"),
        Unfit::Empty => Fault::new("file_empty", "content"),
        Unfit::TooLarge => Fault::new("file_too_large", "content").with("most", most),
        Unfit::Content => Fault::new("file_content", "content"),
    }])
}
