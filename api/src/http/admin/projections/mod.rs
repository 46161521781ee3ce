//! How everything that listens stands; built anew, tried again, led past an event.

pub mod background;
pub mod list;
pub mod rebuild;
pub mod resume;
pub mod retry;
pub mod skip;
pub mod switch_back;
