//! Links that are mailed to a person: their purposes and how long they are valid.

use jiff::SignedDuration;

use crate::code_enum;

code_enum!(
    /// Purpose of a mailed link.
    LinkPurpose {
        /// Sets a new password.
        PasswordRecovery = "password_recovery",
        /// Proves that the e-mail address belongs to the person.
        EmailVerification = "email_verification",
        /// Sets the first password of an invited person.
        Invitation = "invitation",
    }
);

impl LinkPurpose {
    /// Returns how long a link is valid after it was requested.
    pub fn valid_for(self) -> SignedDuration {
        match self {
            LinkPurpose::PasswordRecovery => SignedDuration::from_hours(1),
            LinkPurpose::EmailVerification | LinkPurpose::Invitation => SignedDuration::from_hours(24 * 7),
        }
    }

    /// Returns whether the link sets a password.
    pub fn sets_password(self) -> bool {
        match self {
            LinkPurpose::PasswordRecovery | LinkPurpose::Invitation => true,
            LinkPurpose::EmailVerification => false,
        }
    }
}
