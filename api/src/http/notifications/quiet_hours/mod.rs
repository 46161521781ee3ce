//! When one wants no mail.

pub mod change;
pub mod get;
pub mod view;
