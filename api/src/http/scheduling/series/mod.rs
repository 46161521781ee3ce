//! Series: the same time offered again and again.

pub mod changes;
pub mod collection;
mod concerned;
pub mod preview;
mod request;
mod view;
