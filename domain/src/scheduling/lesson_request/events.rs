//! Events of a lesson request.

use cqrs_es::DomainEvent;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::claims::Claim;
use crate::decider::EventEffects;
use crate::ids::{AccountId, SlotId};
use crate::money::Money;
use crate::personal::Personal;
use crate::refusal::Reason;
use crate::scheduling::terms::{LessonFormat, Period};

/// Claim scope of open requests: one key per student and index.
const PLACE_SCOPE: &str = "open_request";

/// Events of the aggregate `LessonRequest`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum LessonRequestEvent {
    LessonRequested {
        student: AccountId,
        #[serde(flatten)]
        terms: Box<RequestTerms>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<Personal<String>>,
        /// Five hours before the start.
        expires_at: Timestamp,
        /// Index among the open requests of the student; requests of earlier releases
        /// have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<u8>,
    },
    /// The request is offered to a teacher; `reasons` name the rules that match.
    RequestOffered {
        teacher: AccountId,
        rules_version: u16,
        reasons: Vec<Reason>,
    },
    /// The search for teachers ended: the number of candidates, and why those who take requests in this
    /// subject were left out.
    RequestMatched {
        rules_version: u16,
        considered: u32,
        offered: u32,
        excluded: Vec<Excluded>,
        /// Instant at which the other matching teachers are asked; absent if there are none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next_wave_at: Option<Timestamp>,
    },
    RequestDeclined {
        teacher: AccountId,
    },
    /// First acceptance; the slot and its booking are in the same append.
    RequestAccepted {
        teacher: AccountId,
        slot_id: SlotId,
        price: Money,
    },
    RequestCancelled {},
    RequestExpired {},
}

/// Excluded teacher, with the reasons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Excluded {
    pub teacher: AccountId,
    pub reasons: Vec<Reason>,
}

/// Terms of the request; codes of the dictionary.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequestTerms {
    pub grade: String,
    pub subject: String,
    pub goals: Vec<String>,
    /// Experience of the teacher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experience: Option<String>,
    pub duration_minutes: u16,
    pub format: LessonFormat,
    /// City of an offline lesson; personal data of the student.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<Personal<String>>,
    pub starts_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_price: Option<Money>,
}

impl DomainEvent for LessonRequestEvent {
    fn event_type(&self) -> String {
        match self {
            LessonRequestEvent::LessonRequested { .. } => "LessonRequested",
            LessonRequestEvent::RequestOffered { .. } => "RequestOffered",
            LessonRequestEvent::RequestMatched { .. } => "RequestMatched",
            LessonRequestEvent::RequestDeclined { .. } => "RequestDeclined",
            LessonRequestEvent::RequestAccepted { .. } => "RequestAccepted",
            LessonRequestEvent::RequestCancelled {} => "RequestCancelled",
            LessonRequestEvent::RequestExpired {} => "RequestExpired",
        }
        .to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

/// An open request claims an index of its student, and the requested time: not the time of the student,
/// which lessons claim, but a time that only requests of the student share.
impl EventEffects for LessonRequestEvent {
    fn claims(&self) -> Vec<Claim> {
        match self {
            LessonRequestEvent::LessonRequested { student, terms, place: Some(place), .. } => {
                let key = Personal::new(*student, format!("{student}/{place}"));
                let taken = Claim::Unique { scope: PLACE_SCOPE, key };
                let period = Period::of_minutes(terms.starts_at, terms.duration_minutes);
                let time = period.map(|Period { starts_at: from, ends_at: to }| Claim::Time {
                    person: requests_of(*student),
                    from,
                    to,
                });
                std::iter::once(taken).chain(time).collect()
            }
            LessonRequestEvent::RequestAccepted { .. }
            | LessonRequestEvent::RequestCancelled {}
            | LessonRequestEvent::RequestExpired {} => {
                vec![Claim::ReleaseUnique { scope: PLACE_SCOPE }, Claim::ReleaseAllTime]
            }
            LessonRequestEvent::LessonRequested { place: None, .. }
            | LessonRequestEvent::RequestOffered { .. }
            | LessonRequestEvent::RequestMatched { .. }
            | LessonRequestEvent::RequestDeclined { .. } => Vec::new(),
        }
    }
}

/// Owner of the time that open requests of a student claim.
fn requests_of(student: AccountId) -> AccountId {
    AccountId(Uuid::new_v5(&student.uuid(), b"lesson requests"))
}
