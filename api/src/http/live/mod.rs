//! Live sockets over HTTP.

pub mod connect;
