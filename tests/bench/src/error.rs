//! Errors that leave a bench without figures.

/// Failure of a bench; a figure that misses its goal is not an error.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    #[error("no bench is called {0}: see `kafedra bench --help`")]
    UnknownName(String),
    #[error("the bench needs {0}")]
    Missing(&'static str),
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    #[error("the log failed")]
    Log(#[from] domain::LogError),
    #[error("a school could not be made")]
    Past(#[from] commands::BackfillError),
    #[error("a command of ours failed")]
    Command(#[from] domain::DispatchError),
    #[error("the peer failed: {0}")]
    Peer(String),
    #[error("what listens to the log failed: {0}")]
    Listening(String),
    #[error("the API failed: {0}")]
    Server(String),
    #[error("the stream failed: {0}")]
    Stream(String),
    #[error("an installation does not run: {0}")]
    Installation(String),
    /// The measured program broke a rule.
    #[error("{0}")]
    Wrong(String),
    #[error("a file could not be used")]
    File(#[from] std::io::Error),
}
