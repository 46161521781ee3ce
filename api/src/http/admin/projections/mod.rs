//! Status of read models and process managers; rebuild, retry, skip, switch back.

pub mod background;
pub mod list;
pub mod rebuild;
pub mod resume;
pub mod retry;
pub mod skip;
pub mod switch_back;
