//! What the house promises to those who build in it and to those who call it.

mod house;
