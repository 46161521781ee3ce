//! Status of an account.

domain::code_enum!(
    /// Status of an account.
    #[derive(sqlx::Type)]
    #[sqlx(type_name = "text", rename_all = "snake_case")]
    AccountStatus {
        Active = "active",
        Suspended = "suspended",
        Erased = "erased",
    }
);
