//! The HTTP layer, the live sockets, the command line, and the composition root.

pub mod app;
pub mod auth;
pub mod cli;
pub mod composition;
pub mod config;
pub mod connections;
pub mod http;
pub mod lifecycle;
pub mod live;
mod mail_settings;
pub mod network;
pub mod ports;
pub mod roles;
pub mod startup;
pub mod telemetry;
pub mod video;
