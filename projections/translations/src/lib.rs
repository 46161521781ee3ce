//! Texts for people: catalogues of Fluent messages in Russian and English.

mod catalogue;
pub mod inspection;

pub use catalogue::{Catalogue, TextFile};
pub use fluent_bundle::{FluentArgs, FluentValue};
