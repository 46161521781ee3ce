//! Searches teachers for a request with the matching rule of the domain; explains why others do not match.

use std::time::Duration;

use async_trait::async_trait;
use domain::scheduling::{
    Excluded, LessonRequestCommand, Match, Offer, OpenRequest, Period, RULES_VERSION, RequestStatus,
    match_teacher,
};
use domain::{Command, Position, RequestId};
use projection_runtime::{Task, TaskHandler, TaskOutcome, wait_for};

use super::{RequestHandlers, SEARCH, into_outcome, request_id};
use crate::scheduling::requests::{TeacherCandidate, find_candidates};

/// Largest number of teachers who are asked; the best rated come first.
const ASKED_MAX: usize = 50;
/// Largest number of other teachers whose reasons are kept.
const EXPLAINED_MAX: usize = 100;
/// Read models of the search; it waits until their checkpoints have reached the request.
pub(super) const READ_MODELS: [&str; 2] = ["teacher_cards", "slots"];
const WAIT_MAX: Duration = Duration::from_secs(1);

/// Task handler of `search_for_teachers`.
pub(super) struct TeacherSearch(pub(super) RequestHandlers);

#[async_trait]
impl TaskHandler for TeacherSearch {
    fn kind(&self) -> &'static str {
        SEARCH
    }

    async fn run(&self, task: &Task) -> TaskOutcome {
        into_outcome(self.search(task).await)
    }
}

impl TeacherSearch {
    async fn search(&self, task: &Task) -> Result<(), TaskOutcome> {
        let id = request_id(task)?;
        self.0.wait_for_read_models(&READ_MODELS, task.cause_position).await?;
        let Some(request) = self.0.load_request(task, id).await? else { return Ok(()) };
        self.0.offer_to_matching(task, id, &request, "offer").await
    }
}

impl RequestHandlers {
    /// Waits until the read models have applied the event at a position.
    pub(super) async fn wait_for_read_models(
        &self,
        models: &[&str],
        position: Position,
    ) -> Result<(), TaskOutcome> {
        for model in models {
            let there = wait_for(&self.pool, None, model, position, WAIT_MAX).await;
            there.map_err(|_| self.retry_soon("a read model is behind"))?;
        }
        Ok(())
    }

    /// Offers the request to all matching teachers who were not asked before.
    pub(super) async fn offer_to_matching(
        &self,
        task: &Task,
        id: RequestId,
        request: &OpenRequest,
        purpose: &str,
    ) -> Result<(), TaskOutcome> {
        let period = Period::of_minutes(request.terms.starts_at, request.terms.duration_minutes);
        let Some(period) = period.filter(|_| request.status == RequestStatus::Open) else { return Ok(()) };
        let candidates = find_candidates(&self.pool, &request.terms.subject, period, None).await;
        let candidates = self.rows_or_retry(task, candidates)?;
        self.send_command(task, Command::Request(id, build_offer(request, candidates)), purpose).await
    }
}

/// Builds the offers, the best rated first, and the reasons of the excluded teachers.
fn build_offer(request: &OpenRequest, candidates: Vec<TeacherCandidate>) -> LessonRequestCommand {
    let considered = u32::try_from(candidates.len()).unwrap_or(u32::MAX);
    let (mut offers, mut excluded) = (Vec::new(), Vec::new());
    for TeacherCandidate { teacher, facts } in candidates {
        match match_teacher(request.student, &request.terms, teacher, &facts) {
            Match::Included { reasons } if offers.len() < ASKED_MAX => {
                offers.push(Offer { teacher, reasons });
            }
            Match::Included { .. } => excluded.push(excluded_beyond_limit(teacher)),
            Match::Excluded { reasons } => excluded.push(Excluded { teacher, reasons }),
        }
    }
    excluded.truncate(EXPLAINED_MAX);
    LessonRequestCommand::OfferRequest { rules_version: RULES_VERSION, considered, offers, excluded }
}

/// Returns the exclusion of a teacher who matches, but is rated below [`ASKED_MAX`] other matches.
fn excluded_beyond_limit(teacher: domain::AccountId) -> Excluded {
    Excluded { teacher, reasons: vec![domain::Reason::rule("enough_others").with("asked", ASKED_MAX)] }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::AccountId;
    use domain::scheduling::{LessonFormat, RequestTerms, TeacherFacts};
    use uuid::Uuid;

    use super::*;

    fn person(n: usize) -> AccountId {
        AccountId(Uuid::from_u128(n as u128))
    }

    fn request() -> OpenRequest {
        let terms = RequestTerms {
            grade: "11".to_owned(),
            subject: "physics".to_owned(),
            goals: vec!["ege".to_owned()],
            experience: None,
            duration_minutes: 60,
            format: LessonFormat::Online,
            city: None,
            starts_at: "2026-12-01T12:00:00Z".parse().unwrap(),
            max_price: None,
        };
        OpenRequest {
            student: person(0),
            expires_at: "2026-12-01T07:00:00Z".parse().unwrap(),
            terms,
            status: RequestStatus::Open,
            comment: None,
            matched: false,
            offers: BTreeMap::new(),
        }
    }

    fn matching_candidate(n: usize) -> TeacherCandidate {
        let one = |code: &str| vec![code.to_owned()];
        let facts = TeacherFacts {
            active: true,
            takes_requests: true,
            subjects: one("physics"),
            grades: one("11"),
            goals: one("ege"),
            formats: one("online"),
            durations: vec![60],
            ..TeacherFacts::default()
        };
        TeacherCandidate { teacher: person(n), facts }
    }

    #[test]
    fn the_first_fifty_who_match_are_asked_and_every_other_has_a_reason() {
        let candidates = (0..120).map(matching_candidate).chain([TeacherCandidate {
            teacher: person(500),
            facts: TeacherFacts { durations: vec![45], ..matching_candidate(500).facts },
        }]);
        let LessonRequestCommand::OfferRequest { considered, offers, excluded, .. } =
            build_offer(&request(), candidates.collect())
        else {
            panic!("another command")
        };
        assert_eq!((considered, offers.len(), excluded.len()), (121, 50, 71));
        let asked: Vec<_> = offers.iter().map(|offer| offer.teacher).collect();
        assert_eq!(asked, (1..=50).map(person).collect::<Vec<_>>());
        assert_eq!(
            (excluded[0].teacher, excluded[0].reasons[0].code.as_str()),
            (person(0), "another_person")
        );
        assert!(excluded[1..70].iter().all(|other| other.reasons[0].code == "enough_others"));
        assert_eq!(excluded[70].reasons[0].code, "duration");
    }
}
