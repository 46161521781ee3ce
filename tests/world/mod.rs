//! A test world: a database, a stream, a CRM, the program as real OS processes, and people who act.

mod answer;
mod app;
mod cable;
mod crm;
mod door;
mod eventually;
mod lessons;
mod listeners;
mod log;
mod past;
mod people;
mod secrets;
mod servers;
mod socket;
mod stream;
mod talk;
mod world;

pub use answer::Answer;
pub use app::{App, kafedra};
pub use cable::Cable;
pub use crm::Crm;
pub use door::{Call, Door};
pub use eventually::{eventually, eventually_within};
pub use lessons::{id_of, in_hours, in_minutes, in_seconds};
pub use listeners::{all_have_caught_up, listeners, read_models};
pub use log::{LogRow, differences};
pub use people::{Newcomer, Person, chance};
pub use secrets::{Needles, found_in};
pub use servers::{Servers, signal};
pub use socket::{Socket, Want};
pub use stream::{Message, Stream};
pub use talk::Talk;
pub use world::{Cables, Settings, World};
