//! Support: what people ask of the desk, and what they are answered.

pub mod one;
pub mod own;
pub mod rating;
pub mod story;
