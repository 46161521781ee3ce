//! Decides commands to a lesson request.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::commands::{LessonRequestCommand, NewRequest, Offer};
use super::error::LessonRequestError;
use super::events::{Excluded, LessonRequestEvent};
use super::lesson_request::{LessonRequest, OpenRequest, RequestStatus};
use super::validate::{check, price_problems};
use crate::decider::{Decider, Decision};
use crate::ids::{AccountId, SlotId};
use crate::money::Money;
use crate::scheduling::limits::{REQUEST_BEFORE, REQUESTS_OPEN_MAX};

impl Decider for LessonRequest {
    const SNAPSHOT_VERSION: i32 = 3;

    fn decide(&self, command: &LessonRequestCommand, now: Timestamp) -> Decision<LessonRequest> {
        let request = match (self, command) {
            (LessonRequest::Unmade, LessonRequestCommand::RequestLesson(new)) => return make(new, now),
            (LessonRequest::Unmade, _) => return Err(LessonRequestError::NotFound),
            (LessonRequest::Made(request), _) => request,
        };
        match command {
            LessonRequestCommand::RequestLesson(_) => Err(LessonRequestError::AlreadyRequested),
            LessonRequestCommand::OfferRequest {
                rules_version,
                considered,
                offers,
                excluded,
                next_wave_at,
            } => {
                request.expect_open(now)?;
                if request.next_wave_at.is_some_and(|at| now < at) {
                    return Err(LessonRequestError::TooEarly);
                }
                Ok(request.offer(*rules_version, *considered, offers, excluded, *next_wave_at))
            }
            LessonRequestCommand::DeclineRequest { teacher } => request.decline(*teacher, now),
            LessonRequestCommand::AcceptRequest { teacher, slot_id, price } => {
                request.accept(*teacher, *slot_id, *price, now)
            }
            LessonRequestCommand::CancelRequest { student } => request.cancel(*student, now),
            LessonRequestCommand::ExpireRequest => request.expire(now),
        }
    }
}

fn make(new: &NewRequest, now: Timestamp) -> Decision<LessonRequest> {
    if new.place >= REQUESTS_OPEN_MAX {
        return Err(LessonRequestError::TooManyOpen);
    }
    let checked = check(new, now).map_err(LessonRequestError::InvalidFields)?;
    let starts_at = checked.terms.starts_at;
    if starts_at.duration_since(now) <= REQUEST_BEFORE {
        return Err(LessonRequestError::TooLate);
    }
    Ok(vec![LessonRequestEvent::LessonRequested {
        student: new.student,
        terms: Box::new(checked.terms),
        comment: checked.comment,
        expires_at: starts_at - REQUEST_BEFORE,
        place: Some(new.place),
    }])
}

impl OpenRequest {
    /// Returns the request if it is open at `now`. The clock decides, not the timer.
    fn expect_open(&self, now: Timestamp) -> Result<(), LessonRequestError> {
        match self.status {
            RequestStatus::Accepted { .. } => Err(LessonRequestError::Taken),
            RequestStatus::Cancelled => Err(LessonRequestError::Cancelled),
            RequestStatus::Expired => Err(LessonRequestError::Expired),
            RequestStatus::Open if now >= self.expires_at => Err(LessonRequestError::Expired),
            RequestStatus::Open => Ok(()),
        }
    }

    /// Offers the request to teachers without an earlier offer. A search without new teachers is recorded once.
    fn offer(
        &self,
        rules_version: u16,
        considered: u32,
        offers: &[Offer],
        excluded: &[Excluded],
        next_wave_at: Option<Timestamp>,
    ) -> Vec<LessonRequestEvent> {
        let mut asked: BTreeSet<AccountId> = self.offers.keys().copied().collect();
        // A student cannot be their own teacher.
        asked.insert(self.student);
        let new: Vec<&Offer> = offers.iter().filter(|offer| asked.insert(offer.teacher)).collect();
        if new.is_empty() && self.matched {
            return Vec::new();
        }
        let offered = u32::try_from(new.len()).unwrap_or(u32::MAX);
        let offer = |offer: &Offer| LessonRequestEvent::RequestOffered {
            teacher: offer.teacher,
            rules_version,
            reasons: offer.reasons.clone(),
        };
        let excluded = excluded.to_vec();
        let matched =
            LessonRequestEvent::RequestMatched { rules_version, considered, offered, excluded, next_wave_at };
        new.into_iter().map(offer).chain([matched]).collect()
    }

    fn decline(&self, teacher: AccountId, now: Timestamp) -> Decision<LessonRequest> {
        let declined = self.asked(teacher)?;
        if declined {
            return Ok(Vec::new());
        }
        self.expect_open(now)?;
        Ok(vec![LessonRequestEvent::RequestDeclined { teacher }])
    }

    fn accept(
        &self,
        teacher: AccountId,
        slot_id: SlotId,
        price: Money,
        now: Timestamp,
    ) -> Decision<LessonRequest> {
        let declined = self.asked(teacher)?;
        if self.status == (RequestStatus::Accepted { teacher, slot_id }) {
            return Ok(Vec::new());
        }
        self.expect_open(now)?;
        if declined {
            return Err(LessonRequestError::Declined);
        }
        let problems = price_problems("price", price);
        if !problems.is_empty() {
            return Err(LessonRequestError::InvalidFields(problems));
        }
        let limit = self.terms.max_price;
        if limit.is_some_and(|limit| price.currency != limit.currency || price.amount > limit.amount) {
            return Err(LessonRequestError::TooExpensive);
        }
        Ok(vec![LessonRequestEvent::RequestAccepted { teacher, slot_id, price }])
    }

    fn cancel(&self, student: AccountId, now: Timestamp) -> Decision<LessonRequest> {
        if student != self.student {
            return Err(LessonRequestError::NotFound);
        }
        if self.status == RequestStatus::Cancelled {
            return Ok(Vec::new());
        }
        self.expect_open(now)?;
        Ok(vec![LessonRequestEvent::RequestCancelled {}])
    }

    fn expire(&self, now: Timestamp) -> Decision<LessonRequest> {
        match self.status {
            RequestStatus::Open if now < self.expires_at => Err(LessonRequestError::TooEarly),
            RequestStatus::Open => Ok(vec![LessonRequestEvent::RequestExpired {}]),
            RequestStatus::Accepted { .. } | RequestStatus::Cancelled | RequestStatus::Expired => {
                Ok(Vec::new())
            }
        }
    }

    /// Returns whether a teacher with an offer has declined; for others the request does not exist.
    fn asked(&self, teacher: AccountId) -> Result<bool, LessonRequestError> {
        self.offers.get(&teacher).copied().ok_or(LessonRequestError::NotFound)
    }
}
