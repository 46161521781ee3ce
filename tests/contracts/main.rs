//! Contracts: rules of the repository for its developers, and rules of the API for its clients.
#![expect(clippy::unwrap_used, reason = "a test that cannot continue has failed")]

mod answers;
mod bad_input;
mod calendars;
mod circles;
mod document;
mod document_walk;
mod fuzz;
mod generators;
mod language;
mod layout;
mod limits;
mod live_document;
mod module_graph;
mod names;
mod permissions;
mod recurrence;
mod shapes;
mod surface;
