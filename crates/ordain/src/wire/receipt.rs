//! Copies that people have to say to have read.

use super::person::{PersonView, user};
use crate::words::Text;
use ordain_app::case::world::House;
use ordain_app::case::{Case, Receipt};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Receipt)]
pub struct ReceiptView {
    pub node_id: String,
    pub node_name: Text,
    pub who: Option<PersonView>,
    pub asked_at: String,
    pub given_at: Option<String>,
}

pub fn receipts(case: &Case, house: &House) -> Vec<ReceiptView> {
    let at = |ms: i64| house.calendar.text(ms);
    let view = |receipt: &Receipt| ReceiptView {
        node_id: receipt.node.clone(),
        node_name: case
            .named(house, &receipt.node)
            .map_or_else(|| Text::plain(&receipt.node), |node| Text::from(&node.name)),
        who: user(&house.people, receipt.user),
        asked_at: at(receipt.asked_ms),
        given_at: receipt.given_ms.map(at),
    };
    case.receipts.iter().map(view).collect()
}
