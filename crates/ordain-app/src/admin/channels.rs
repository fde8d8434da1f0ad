//! What carries messages other than mail: replaced as a whole, after everything in it that cannot be has been named.

use super::AdminDone;
use super::document::{replace, stored, unchanged};
use super::reading::{Reading, shortened};
use crate::case::channel::{Carrier, Channels};
use crate::case::connector::Connectors;
use crate::case::decide::By;
use crate::gate::{Batch, CHANNELS, CONNECTORS, GateError};
use crate::problem::Fault;
use ordain_flow::doc::Channel;
use ordain_store::Keys;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChannelItem {
    pub channel: String,
    pub connector: String,
    pub operation: String,
}

pub(super) fn keys(org: i64, keys: &mut Keys) {
    keys.settings.insert((org, CHANNELS.to_owned()));
    keys.settings.insert((org, CONNECTORS.to_owned()));
}

pub(super) fn put(
    items: &[ChannelItem],
    expected: Option<i64>,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let before: Channels = unchanged(batch, org, CHANNELS, expected)?;
    let known: Connectors = stored(batch, org, CONNECTORS)?;
    let (mut reading, mut seen, mut read) = (Reading::default(), BTreeSet::new(), BTreeMap::new());
    for (index, item) in items.iter().enumerate() {
        let at = |name: &str| format!("items[{index}].{name}");
        // The program carries mail itself.
        let Some(channel) = Channel::parse(item.channel.trim()).filter(|way| *way != Channel::Mail) else {
            let fault = Fault::new("unknown_channel", at("channel"));
            reading.fault(fault.with("found", shortened(&item.channel)));
            continue;
        };
        reading.once(&mut seen, channel, at("channel"));
        let connector = reading.required(Some(&item.connector), None, at("connector"));
        let operation = reading.required(Some(&item.operation), None, at("operation"));
        let carries = known.0.get(&connector).is_some_and(|known| known.operations.contains_key(&operation));
        if !carries && !connector.is_empty() && !operation.is_empty() {
            let fault = Fault::new("unknown_operation", at("operation"));
            reading
                .fault(fault.with("connector", shortened(&connector)).with("found", shortened(&operation)));
        }
        read.insert(channel, Carrier { connector, operation });
    }
    reading.refuse()?;
    replace(batch, org, by, "put_channels", CHANNELS, (&before, &Channels(read)))
}
