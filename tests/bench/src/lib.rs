//! Figures beside those of a peer, measured in the same run: `kafedra bench NAME` prints them.

mod append;
mod error;
mod line;
mod notebook;
mod rounds;
mod run;
mod scratch;

pub use error::BenchError;
pub use line::Line;
pub use run::{Options, Target, names, run};
