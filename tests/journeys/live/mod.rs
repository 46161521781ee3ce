//! Live sockets: recipients, missed frames, and how a socket ends.

mod feed;
mod manners;
mod presence;
mod resuming;
mod sessions;
mod viewing;
