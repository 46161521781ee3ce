//! Benches: figures beside those of a peer from the same run; `kafedra bench NAME` prints them.

mod analytics;
mod append;
mod booking;
mod catch_up;
mod conversation;
mod error;
mod growth;
mod latency;
mod listening;
mod live;
mod memory;
mod notebook;
mod one_table;
mod relay;
mod resident;
mod result_line;
mod rng;
mod rounds;
mod run;
mod scratch;
mod stock_view;
mod target;
mod teachers;
mod tickets;
mod video;

pub use error::BenchError;
pub use result_line::ResultLine;
pub use run::{events_in_all, names, run};
pub use target::{Options, Progress, Target, Up};
pub use teachers::teachers_plans;
