//! Sessions: signing in and out, and where one is signed in.

pub mod list;
pub mod revoke;
pub mod session_start;
pub mod sign_in;
pub mod sign_out;
