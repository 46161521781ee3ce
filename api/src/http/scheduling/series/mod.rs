//! Series: rules by which a teacher offers the same time repeatedly.

pub mod add_exception;
pub mod affected_lessons;
pub mod change;
pub mod class_members;
pub mod create;
pub mod end;
pub mod get;
pub mod list;
pub mod own_series;
pub mod preview;
mod request;
mod view;
