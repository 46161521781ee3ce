//! Series: the same time offered again and again.

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
