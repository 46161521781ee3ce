//! Verification of an e-mail address by a mailed link.

pub mod redeem;
