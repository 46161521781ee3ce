//! Recovery of a forgotten password by a mailed link; the link of an invitation sets the first password.

pub mod create;
pub mod redeem;
