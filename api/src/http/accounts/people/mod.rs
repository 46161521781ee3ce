//! People beside an id: names and pictures.

pub mod lookup;
