//! Account of the caller: profile, contact data, password, export, erasure.

pub mod change_email;
pub mod change_password;
pub mod change_phone;
pub mod change_profile;
pub mod contact;
pub mod erase;
pub mod export;
pub mod get;
pub mod home;
pub mod request_verification;
