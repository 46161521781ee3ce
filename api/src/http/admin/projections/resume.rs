//! Converts the error of a retry or skip to a problem.

use projection_runtime::ResumeError;

use crate::http::problem::Problem;

pub(super) fn resume_problem(error: ResumeError) -> Problem {
    match error {
        ResumeError::Database(_) => Problem::unavailable(),
        _ => Problem::not_found(),
    }
}
