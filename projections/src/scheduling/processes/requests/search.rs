//! Searches teachers for a request with the matching rule of the domain; explains why others do not match.

use std::time::Duration;

use async_trait::async_trait;
use domain::scheduling::{
    Excluded, LessonRequestCommand, Match, Offer, OpenRequest, Period, RULES_VERSION, RequestStatus,
    match_teacher,
};
use domain::{Command, Position, RequestId};
use jiff::Timestamp;
use projection_runtime::{Task, TaskHandler, TaskOutcome, wait_for};
use serde::{Deserialize, Serialize};

use super::waves::RequestWaves;
use super::{NEXT_WAVE, RequestHandlers, SEARCH, abandon_invalid_key, into_outcome, request_id};
use crate::handler_context::parse_payload;
use crate::scheduling::requests::{TeacherCandidate, excluded_until_later, find_candidates};

/// Largest number of other teachers whose reasons an event keeps.
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

/// Task handler of `ask_next_teachers`; a task's key begins with the request.
pub(super) struct NextWave(pub(super) RequestHandlers);

/// Payload of a task of [`NextWave`].
#[derive(Serialize, Deserialize)]
pub(super) struct WaveDue {
    pub(super) at: Timestamp,
}

#[async_trait]
impl TaskHandler for NextWave {
    fn kind(&self) -> &'static str {
        NEXT_WAVE
    }

    async fn run(&self, task: &Task) -> TaskOutcome {
        into_outcome(self.ask(task).await)
    }
}

impl NextWave {
    async fn ask(&self, task: &Task) -> Result<(), TaskOutcome> {
        let id = task.key.split(':').next().and_then(|id| id.parse::<RequestId>().ok());
        let Some(id) = id else { return Err(abandon_invalid_key()) };
        let WaveDue { at } = parse_payload(task)?;
        self.0.wait_for_read_models(&READ_MODELS, task.cause_position).await?;
        let Some(request) = self.0.load_request(task, id).await? else { return Ok(()) };
        // Another search may have asked the next teachers.
        if request.next_wave_at != Some(at) {
            return Ok(());
        }
        // The clock of the OS process that recorded the task was ahead.
        if self.0.context.clock.now() < at {
            return Err(self.0.retry_soon("not due yet"));
        }
        self.0.offer_to_matching(task, id, &request, "next wave").await
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

    /// Offers the request to the next matching teachers who were not asked before, unless their time has not come.
    pub(super) async fn offer_to_matching(
        &self,
        task: &Task,
        id: RequestId,
        request: &OpenRequest,
        purpose: &str,
    ) -> Result<(), TaskOutcome> {
        let period = Period::of_minutes(request.terms.starts_at, request.terms.duration_minutes);
        let now = self.context.clock.now();
        let is_due = request.next_wave_at.is_none_or(|at| at <= now);
        let Some(period) = period.filter(|_| request.status == RequestStatus::Open && is_due) else {
            return Ok(());
        };
        let candidates = find_candidates(&self.pool, &request.terms.subject, period, None).await;
        let candidates = self.rows_or_retry(task, candidates)?;
        let offer = build_offer(request, &candidates, &self.waves, now);
        self.send_command(task, Command::Request(id, offer), purpose).await
    }
}

/// Builds the offers of the next wave, and the reasons of the teachers who are not asked.
fn build_offer(
    request: &OpenRequest,
    candidates: &[TeacherCandidate],
    waves: &RequestWaves,
    now: Timestamp,
) -> LessonRequestCommand {
    let considered = u32::try_from(candidates.len()).unwrap_or(u32::MAX);
    let not_asked = candidates.iter().filter(|candidate| !request.offers.contains_key(&candidate.teacher));
    let decided: Vec<(&TeacherCandidate, Match)> = not_asked
        .map(|candidate| {
            let found = match_teacher(request.student, &request.terms, candidate.teacher, &candidate.facts);
            (candidate, found)
        })
        .collect();
    let matching: Vec<&TeacherCandidate> = decided
        .iter()
        .filter(|(_, found)| matches!(found, Match::Included { .. }))
        .map(|(candidate, _)| *candidate)
        .collect();
    let wave = waves.select(&matching);
    let is_last = wave.len() == matching.len();
    let (mut offers, mut excluded) = (Vec::new(), Vec::new());
    for (TeacherCandidate { teacher, .. }, found) in decided {
        match found {
            Match::Included { reasons } if wave.contains(teacher) => {
                offers.push(Offer { teacher: *teacher, reasons });
            }
            Match::Included { .. } => {
                excluded.push(excluded_until_later(*teacher, request.offers.len() + wave.len()));
            }
            Match::Excluded { reasons } => excluded.push(Excluded { teacher: *teacher, reasons }),
        }
    }
    excluded.truncate(EXPLAINED_MAX);
    let next_wave_at = if is_last { None } else { waves.next_at(now, request.expires_at) };
    LessonRequestCommand::OfferRequest {
        rules_version: RULES_VERSION,
        considered,
        offers,
        excluded,
        next_wave_at,
    }
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
            next_wave_at: None,
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
        let registered_at = Timestamp::UNIX_EPOCH;
        TeacherCandidate { teacher: person(n), facts, is_rated: true, registered_at }
    }

    #[test]
    fn the_first_who_match_are_asked_then_the_others_and_each_of_these_has_a_reason() {
        let waves =
            RequestWaves { size: 50, newcomer_percent: 20, interval: jiff::SignedDuration::from_mins(30) };
        let now: Timestamp = "2026-11-30T12:00:00Z".parse().unwrap();
        let candidates: Vec<_> = (0..120)
            .map(matching_candidate)
            .chain([TeacherCandidate {
                teacher: person(500),
                facts: TeacherFacts { durations: vec![45], ..matching_candidate(500).facts },
                ..matching_candidate(500)
            }])
            .collect();
        let mut request = request();
        let LessonRequestCommand::OfferRequest { considered, offers, excluded, next_wave_at, .. } =
            build_offer(&request, &candidates, &waves, now)
        else {
            panic!("another command")
        };
        assert_eq!(next_wave_at, Some(now + waves.interval));
        assert_eq!((considered, offers.len(), excluded.len()), (121, 50, 71));
        let asked: Vec<_> = offers.iter().map(|offer| offer.teacher).collect();
        assert_eq!(asked, (1..=50).map(person).collect::<Vec<_>>());
        assert_eq!(
            (excluded[0].teacher, excluded[0].reasons[0].code.as_str()),
            (person(0), "another_person")
        );
        assert!(excluded[1..70].iter().all(|other| other.reasons[0].code == "enough_others"));
        assert_eq!(excluded[70].reasons[0].code, "duration");
        request.offers = (1..=100).map(|n| (person(n), false)).collect();
        let LessonRequestCommand::OfferRequest { offers, excluded, next_wave_at, .. } =
            build_offer(&request, &candidates, &waves, now)
        else {
            panic!("another command")
        };
        assert_eq!((offers.len(), excluded.len(), next_wave_at), (19, 2, None));
    }
}
