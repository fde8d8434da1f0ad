//! What making a quantity hangs on, as it is told: its parts, the work, and when it can be done.

use ordain_domain::ctp::{Material, MaterialPart};
use ordain_domain::decimal::qty_text;
use serde::Serialize;
use utoipa::ToSchema;

/// What making the missing quantity needs. Each line is judged by itself: two lines may count on the same parts.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Material)]
pub struct MaterialView {
    /// Whether every part is there or can be there.
    pub enough: bool,
    /// Days from the last part, or from the work, to the finished product.
    pub days: i64,
    /// When the last of the parts is there.
    pub ready_date: Option<String>,
    /// The work that it takes, where a work centre makes it.
    pub work: Option<MaterialWorkView>,
    /// When it can be made; none if some part is neither there nor coming.
    pub made_date: Option<String>,
    pub parts: Vec<PartView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MaterialWork)]
pub struct MaterialWorkView {
    pub work_centre: String,
    pub minutes: i64,
    /// Minutes that are planned there before it.
    pub load_minutes: i64,
    /// Minutes of a working day.
    pub daily_minutes: i64,
    /// The last day that is taken by what is planned.
    pub full_until: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MaterialPart)]
pub struct PartView {
    pub product: String,
    pub needed: String,
    pub free: String,
    /// When what is needed can be there.
    pub date: Option<String>,
}

pub fn material(material: Material) -> MaterialView {
    let part = |part: MaterialPart| PartView {
        product: part.product,
        needed: qty_text(part.need_milli),
        free: qty_text(part.free_milli),
        date: part.date.map(|date| date.to_string()),
    };
    MaterialView {
        enough: material.made.is_some(),
        days: material.days,
        work: material.work.map(|work| MaterialWorkView {
            work_centre: work.centre,
            minutes: work.minutes,
            load_minutes: work.load_minutes,
            daily_minutes: work.daily_minutes,
            full_until: work.full_until.map(|date| date.to_string()),
        }),
        ready_date: material.ready.map(|date| date.to_string()),
        made_date: material.made.map(|date| date.to_string()),
        parts: material.parts.into_iter().map(part).collect(),
    }
}
