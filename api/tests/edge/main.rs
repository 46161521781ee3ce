//! The edge as its callers meet it: real Postgres, the whole router, no socket.

mod bad_input;
mod registration;
mod world;
