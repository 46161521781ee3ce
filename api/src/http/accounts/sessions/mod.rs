//! Sessions: sign-in, sign-out, list and revocation.

pub mod list;
pub mod revoke;
pub mod session_start;
pub mod sign_in;
pub mod sign_out;
