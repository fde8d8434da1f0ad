//! Everything that comes from or goes to the outside in a foreign form: spreadsheets in, mail and calls out.
//! A file becomes a [`sheet::Sheet`] of plain text, a [`mapping::Mapping`] gives its columns meaning, a
//! [`channel::Channel`] carries a rendered [`template`] away, a [`sink::Sink`] calls another system, and an
//! [`attachment`] is looked at before it is kept. Nothing here decides about an order.

pub mod attachment;
pub mod channel;
pub mod event_log;
pub mod http;
pub mod mail;
pub mod mapping;
pub mod sheet;
pub mod sink;
pub mod template;
pub mod trace;
pub mod wording;
pub mod yaml;
