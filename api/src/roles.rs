//! Process roles: what one OS process does.

domain::code_enum!(
    /// Process role. `kafedra up` runs all of them; several `kafedra serve` divide them.
    ProcessRole {
        Api = "api",
        Relay = "relay",
        ReadModels = "read-models",
        Processes = "processes",
    }
);

/// Parses an argument of the command line.
///
/// # Errors
/// [`UnknownProcessRole`] if the text is not the name of a process role.
pub fn parse_role(text: &str) -> Result<ProcessRole, UnknownProcessRole> {
    ProcessRole::parse(text).ok_or(UnknownProcessRole)
}

/// The text is not the name of a process role.
#[derive(Debug, thiserror::Error)]
#[error("a role is one of api, relay, read-models, processes")]
pub struct UnknownProcessRole;
