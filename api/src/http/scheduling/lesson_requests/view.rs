//! Lesson request as the API shows it to its student or to a teacher with an offer.

use std::collections::BTreeMap;

use domain::accounts::Locale;
use domain::scheduling::{LessonRequest, LessonRequestError, OpenRequest, Period};
use domain::{
    AccountId, EventLog, Money, Personal, Reason, RefusalError, RequestId, StreamId, StreamVersion,
};
use jiff::Timestamp;
use projections::accounts::pseudonym;
use projections::scheduling::requests::{OfferRow, RequestRow};
use serde::Serialize;

use crate::app::App;
use crate::http::caller::Caller;
use crate::http::problem::Problem;
use crate::http::scheduling::lessons::view::{Names, first_name};

/// Statuses of a request.
pub(super) const STATUSES: [&str; 4] = ["open", "accepted", "cancelled", "expired"];

/// Person to whom a request is shown, in a role that decides what is shown.
#[derive(Clone, Copy)]
pub(in crate::http) enum RequestViewer<'a> {
    Student(&'a Caller),
    Teacher(&'a Caller),
}

/// Lesson request. A teacher sees neither contact data of the student nor the other teachers with an offer.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = LessonRequest)]
pub struct LessonRequestView {
    #[schema(value_type = uuid::Uuid)]
    id: RequestId,
    /// `open`, `accepted`, `cancelled` or `expired`.
    status: &'static str,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Five hours before the start.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    #[schema(value_type = uuid::Uuid)]
    student_id: AccountId,
    /// Full name for the student, first name for teachers.
    student_name: String,
    grade: String,
    subject: String,
    goals: Vec<String>,
    experience: Option<String>,
    duration_minutes: u16,
    format: String,
    city: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    starts_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    ends_at: Timestamp,
    /// Highest price of the lesson as `{amount, currency}`.
    #[schema(value_type = Option<Object>)]
    max_price: Option<Money>,
    comment: Option<String>,
    /// Summary of the search; only for the student.
    #[serde(skip_serializing_if = "Option::is_none")]
    search: Option<SearchSummary>,
    /// Acceptance; only for the student and the accepting teacher.
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<AcceptanceView>,
    /// `true` if the teacher has declined; only for a teacher. `reasons` has the reasons of the offer.
    #[serde(skip_serializing_if = "Option::is_none")]
    declined: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Object>>)]
    reasons: Option<Vec<Reason>>,
}

/// Summary of the search for teachers.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SearchSummary {
    /// Number of teachers with an offer; `declined` is the number of them who declined.
    asked: usize,
    declined: usize,
    /// Number of teachers of the subject who accept lesson requests; null until the search has ended.
    considered: Option<i32>,
    /// Version of the rules of the search.
    rules_version: Option<i16>,
    /// Excluded teachers by rule; several rules may exclude one teacher.
    left_out: Vec<ExclusionCount>,
}

/// Number of teachers that a rule excluded.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ExclusionCount {
    code: String,
    teachers: usize,
}

/// Acceptance of a request.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AcceptanceView {
    #[schema(value_type = uuid::Uuid)]
    teacher_id: AccountId,
    teacher_name: String,
    #[schema(value_type = uuid::Uuid)]
    lesson_id: uuid::Uuid,
    #[schema(value_type = Option<Object>)]
    price: Option<Money>,
}

impl LessonRequestView {
    /// Loads a request from the log; the details of its search are only in the read model.
    ///
    /// # Errors
    /// 404 `request_not_found` if there is no such request; [`Problem`] if the log is unavailable.
    pub(super) async fn load(app: &App, id: RequestId, reader: RequestViewer<'_>) -> Result<Self, Problem> {
        let loaded = app.bus.load::<LessonRequest>(id).await?;
        let request = loaded.state.made().ok_or_else(|| LessonRequestError::NotFound.refusal())?;
        let student = app.account(request.student).await?;
        let name = student.state.person().and_then(|person| person.profile.name.as_ref());
        let name = name.and_then(Personal::known).map(|name| name.as_str().to_owned());
        let stream =
            app.bus.log().read_stream(&StreamId::of::<LessonRequest>(id), StreamVersion::START).await?;
        let created_at = stream.first().map_or(request.expires_at, |first| first.recorded_at);
        Ok(Self::from_request(id, request, created_at, name, reader))
    }

    fn from_request(
        id: RequestId,
        request: &OpenRequest,
        created_at: Timestamp,
        name: Option<String>,
        reader: RequestViewer<'_>,
    ) -> Self {
        let terms = &request.terms;
        let period = Period::of_minutes(terms.starts_at, terms.duration_minutes);
        let mut view = Self {
            id,
            status: request.status.as_str(),
            created_at,
            expires_at: request.expires_at,
            student_id: request.student,
            student_name: name_for_viewer(request.student, name, reader),
            grade: terms.grade.clone(),
            subject: terms.subject.clone(),
            goals: terms.goals.clone(),
            experience: terms.experience.clone(),
            duration_minutes: terms.duration_minutes,
            format: terms.format.to_string(),
            city: terms.city.clone().and_then(Personal::into_known),
            starts_at: terms.starts_at,
            ends_at: period.map_or(terms.starts_at, |period| period.ends_at),
            max_price: terms.max_price,
            comment: request.comment.clone().and_then(Personal::into_known),
            search: None,
            accepted: None,
            declined: None,
            reasons: None,
        };
        match reader {
            RequestViewer::Student(_) => {
                view.search = Some(SearchSummary {
                    asked: request.offers.len(),
                    declined: request.offers.values().filter(|declined| **declined).count(),
                    considered: None,
                    rules_version: None,
                    left_out: Vec::new(),
                });
            }
            RequestViewer::Teacher(caller) => view.declined = request.offers.get(&caller.account_id).copied(),
        }
        view
    }

    /// Builds the view from the read model; `offer` is the offer of the viewing teacher.
    pub(super) fn from_row(
        row: RequestRow,
        names: &Names,
        offer: Option<OfferRow>,
        reader: RequestViewer<'_>,
    ) -> Self {
        let name = names.get(&row.student).cloned().flatten();
        let minutes = row.duration_minutes.cast_unsigned();
        let (limit, price) = (row.price_limit(), row.agreed_price());
        let mut view = Self {
            id: row.request_id,
            status: STATUSES.into_iter().find(|known| *known == row.status).unwrap_or("open"),
            created_at: row.requested_at,
            expires_at: row.expires_at,
            student_id: row.student,
            student_name: name_for_viewer(row.student, name, reader),
            grade: row.grade,
            subject: row.subject,
            goals: row.goals,
            experience: row.experience,
            duration_minutes: minutes,
            format: row.format,
            city: row.city,
            starts_at: row.starts_at,
            ends_at: Period::of_minutes(row.starts_at, minutes)
                .map_or(row.starts_at, |period| period.ends_at),
            max_price: limit,
            comment: row.comment,
            search: None,
            accepted: None,
            declined: None,
            reasons: None,
        };
        let caller = reader.caller();
        let accepted = row.accepted_by.map(AccountId).zip(row.slot_id);
        let may_know = |teacher: AccountId| match reader {
            RequestViewer::Student(_) => true,
            RequestViewer::Teacher(caller) => caller.account_id == teacher,
        };
        view.accepted = accepted.filter(|(teacher, _)| may_know(*teacher)).map(|(teacher_id, lesson_id)| {
            let name = names.get(&teacher_id).cloned().flatten();
            let teacher_name = name.unwrap_or_else(|| pseudonym(teacher_id, preferred_locale(caller)));
            AcceptanceView { teacher_id, teacher_name, lesson_id, price }
        });
        match reader {
            RequestViewer::Student(_) => {
                view.search = Some(SearchSummary {
                    asked: usize::try_from(row.asked).unwrap_or(0),
                    declined: usize::try_from(row.declined).unwrap_or(0),
                    considered: row.considered,
                    rules_version: row.rules_version,
                    left_out: count_by_rule(row.left_out.0.iter().flat_map(|teacher| &teacher.reasons)),
                });
            }
            RequestViewer::Teacher(_) => {
                view.declined = offer.as_ref().map(|offer| offer.declined);
                view.reasons = offer.map(|offer| offer.reasons.0);
            }
        }
        view
    }
}

impl<'a> RequestViewer<'a> {
    pub(in crate::http) fn caller(self) -> &'a Caller {
        match self {
            RequestViewer::Student(caller) | RequestViewer::Teacher(caller) => caller,
        }
    }
}

/// Counts reasons by rule.
fn count_by_rule<'a>(reasons: impl Iterator<Item = &'a Reason>) -> Vec<ExclusionCount> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for reason in reasons {
        *counts.entry(&reason.code).or_default() += 1;
    }
    counts.into_iter().map(|(code, teachers)| ExclusionCount { code: code.to_owned(), teachers }).collect()
}

/// Returns the name of the student: in full for the student, the first name for teachers.
fn name_for_viewer(student: AccountId, name: Option<String>, reader: RequestViewer<'_>) -> String {
    match (name, reader) {
        (None, _) => pseudonym(student, preferred_locale(reader.caller())),
        (Some(name), RequestViewer::Student(_)) => name,
        (Some(name), RequestViewer::Teacher(_)) => first_name(&name),
    }
}

pub(super) fn preferred_locale(caller: &Caller) -> Locale {
    caller.person.profile.locale.unwrap_or_default()
}
