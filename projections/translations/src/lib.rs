//! Texts for people: catalogues of Fluent messages in Russian and English.

mod catalogue;
mod common;
pub mod inspection;

pub use catalogue::{Catalogue, TextFile};
pub use common::{deleted_user_name, local_time, role_label, term_label};
pub use fluent_bundle::{FluentArgs, FluentValue};
