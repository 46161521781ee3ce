//! A test world: a database, a stream, a CRM, the program as real OS processes, and people who act.

mod answer;
mod app;
mod conversation_writer;
mod crm;
mod eventually;
mod http_client;
mod lesson_room;
mod lessons;
mod listeners;
mod log;
mod mails;
mod past;
mod people;
mod secrets;
mod servers;
mod socket;
mod stream;
mod tcp_proxy;
mod world;

pub use answer::Answer;
pub use app::{App, kafedra};
pub use conversation_writer::ConversationWriter;
pub use crm::Crm;
pub use eventually::{eventually, eventually_within};
pub use http_client::{Call, HttpClient};
pub use lesson_room::{RoomSocket, VideoNode};
pub use lessons::{id_of, in_hours, in_minutes, in_seconds};
pub use listeners::{all_have_caught_up, listeners, read_models};
pub use log::{LogRow, differences};
pub use people::{Newcomer, Person, random_u64};
pub use secrets::{Secrets, found_in};
pub use servers::{Servers, signal};
pub use socket::{Socket, SocketRequest};
pub use stream::{Message, Stream};
pub use tcp_proxy::TcpProxy;
pub use world::{Proxies, Settings, World};
