//! The ways by which orders come in, and those by which messages leave other than mail: operations of connectors that
//! carry them.

use ordain_flow::doc::Channel;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The ways by which orders come in.
pub const DOORS: &[&str] =
    &["form", "phone", "mail", "portal", "excel", "paste", "ubl", "connector", "import", "copy", "api"];

/// A company's ways, by channel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Channels(pub BTreeMap<Channel, Carrier>);

/// The operation of a connector that is called with each message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carrier {
    pub connector: String,
    pub operation: String,
}

impl Channels {
    /// Whether something carries messages by this channel. Mail is carried by the program itself.
    pub fn carries(&self, channel: Channel) -> bool {
        channel == Channel::Mail || self.0.contains_key(&channel)
    }
}
