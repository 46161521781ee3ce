//! Live sockets: who is told what, what is missed by nobody, and how a socket ends.

mod feed;
mod manners;
mod presence;
mod resuming;
mod sessions;
mod viewing;
