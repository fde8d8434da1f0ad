//! What carries messages other than mail, as it is shown and put.

use super::reader::{Kind, Shape};
use ordain_app::case::channel::Channels;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const ITEM: Shape = &[("channel", Kind::Text), ("connector", Kind::Text), ("operation", Kind::Text)];
pub const CHANNELS: Shape = &[("items", Kind::List(&Kind::Object(ITEM)))];

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Channels)]
pub struct ChannelsView {
    pub items: Vec<ChannelView>,
}

/// The operation is called with each message: `to`, `subject`, `text`, `template` and the order's `number`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Channel)]
pub struct ChannelView {
    /// `sms` or `im`; the program carries mail itself.
    pub channel: String,
    pub connector: String,
    pub operation: String,
}

pub fn channels(known: &Channels) -> ChannelsView {
    let item = |(channel, carrier): (&ordain_flow::doc::Channel, &ordain_app::case::channel::Carrier)| {
        let (connector, operation) = (carrier.connector.clone(), carrier.operation.clone());
        ChannelView { channel: channel.name().to_owned(), connector, operation }
    };
    ChannelsView { items: known.0.iter().map(item).collect() }
}
