//! World fixture, manual clock, simulation, fault harness. Tests only.
