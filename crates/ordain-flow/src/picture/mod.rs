//! The picture of a flow: where every step stands, and the drawing. What stands where depends on the document alone, so
//! that the picture, its BPMN form and every run drawn on it look the same each time.

mod layout;
mod svg;
mod wrap;

pub use layout::{Drawn, Layout, Link, Shape, Via, layout};
pub use svg::{NodeState, svg};
