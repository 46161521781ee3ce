//! Teachers of a request's subject who have no offer, with the reasons of the present.

use domain::scheduling::{Excluded, Match, OpenRequest, Period, match_teacher};
use domain::{AccountId, Reason};
use projection_runtime::paging::{Cursor, Page, QueryError};
use sqlx::PgPool;

use super::candidates::find_candidates;

const SORT: &str = "teacher";

/// Loads a page of the teachers of the subject who take requests and have no offer, in the order of their ids.
///
/// The reasons are those of the present, by the rules of the search. The result is as current as the read models
/// `teacher_cards` and `slots`.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
/// [`QueryError::Cursor`] if the cursor belongs to another list.
pub async fn exclusions(
    pool: &PgPool,
    request: &OpenRequest,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<Excluded>, QueryError> {
    let after = after.map(|cursor| cursor.require_sort(SORT)).transpose()?;
    let terms = &request.terms;
    let Some(period) = Period::of_minutes(terms.starts_at, terms.duration_minutes) else {
        return Ok(Page { rows: Vec::new(), next: None });
    };
    let mut candidates = find_candidates(pool, &terms.subject, period, None).await?;
    candidates.retain(|candidate| !request.offers.contains_key(&candidate.teacher));
    candidates.sort_by_key(|candidate| candidate.teacher);
    let rest = candidates
        .into_iter()
        .filter(|candidate| after.as_ref().is_none_or(|cursor| candidate.teacher > AccountId(cursor.id)));
    let limit = limit as usize;
    let mut rows: Vec<Excluded> = rest
        .take(limit + 1)
        .map(|candidate| {
            let teacher = candidate.teacher;
            match match_teacher(request.student, terms, teacher, &candidate.facts) {
                Match::Included { .. } => excluded_until_later(teacher, request.offers.len()),
                Match::Excluded { reasons } => Excluded { teacher, reasons },
            }
        })
        .collect();
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| has_more).map(|last| Cursor {
        sort: SORT.to_owned(),
        key: 0,
        id: last.teacher.uuid(),
    });
    Ok(Page { rows, next })
}

/// Returns the exclusion of a teacher who matches and is not asked yet, because so many others are.
pub(crate) fn excluded_until_later(teacher: AccountId, asked: usize) -> Excluded {
    Excluded { teacher, reasons: vec![Reason::rule("enough_others").with("asked", asked)] }
}
