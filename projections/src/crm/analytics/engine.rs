//! From a question to its answer: facts that hold as of a position, counted.

use sqlx::PgPool;

use super::answer::Answer;
use super::question::{Question, ReportError};

/// Answers a question out of one state of the facts.
///
/// # Errors
/// The report does not take what is asked of it, or the database is away.
pub async fn report(pool: &PgPool, question: &Question) -> Result<Answer, ReportError> {
    let _ = (pool, question);
    Err(ReportError::Database(sqlx::Error::RowNotFound))
}
