//! Everything that comes from or goes to the outside in a foreign form: spreadsheets in, mail out.
//! A file becomes a [`sheet::Sheet`] of plain text, a [`mapping::Mapping`] gives its columns meaning, and a
//! [`channel::Channel`] carries a rendered [`template`] away. Nothing here decides about an order.

pub mod channel;
pub mod mail;
pub mod mapping;
pub mod sheet;
pub mod template;
