//! Read model `lesson_requests`, tables `app.lesson_requests` and `app.request_offers`.

use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::accounts::{Account, AccountEvent};
use domain::scheduling::{LessonRequest, LessonRequestEvent};
use domain::{AccountId, Event, RecordedEvent, RequestId};
use projection_runtime::{ApplyError, ReadModel};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::rows::{OfferRow, RequestRow};

/// Read model that writes `app.lesson_requests` and `app.request_offers`.
#[derive(Clone, Copy, Debug, Default)]
pub struct LessonRequestsReadModel;

#[async_trait]
impl ReadModel for LessonRequestsReadModel {
    fn name(&self) -> &'static str {
        "lesson_requests"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [&'static str] {
        &["app.lesson_requests", "app.request_offers"]
    }

    /// Handles accounts too, because erasure removes the texts of a student.
    fn handles(&self, aggregate_type: &str) -> bool {
        [LessonRequest::TYPE, Account::TYPE].contains(&aggregate_type)
    }

    async fn apply(&self, db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
        let mut changes =
            RequestChanges { rows: load(db, &stored_requests(events)?).await?, ..RequestChanges::default() };
        for recorded in events {
            match &recorded.event {
                Event::Request(event) => changes.apply(request_id(recorded)?, event, recorded),
                Event::Account(AccountEvent::AccountErased { account_id, .. }) => {
                    changes.erase_texts(*account_id)
                }
                _ => {}
            }
        }
        save(db, &changes.rows.into_values().collect::<Vec<_>>()).await?;
        insert_offers(db, &changes.offers).await?;
        mark_declined(db, &changes.declined).await?;
        erase_stored_texts(db, &changes.erased).await
    }
}

/// Changes of a batch of events.
#[derive(Default)]
struct RequestChanges {
    rows: HashMap<RequestId, RequestRow>,
    offers: Vec<OfferRow>,
    declined: Vec<(RequestId, AccountId)>,
    erased: Vec<Uuid>,
}

impl RequestChanges {
    fn apply(&mut self, id: RequestId, event: &LessonRequestEvent, recorded: &RecordedEvent) {
        match event {
            LessonRequestEvent::LessonRequested { student, terms, comment, expires_at, place: _ } => {
                let row = RequestRow::new(id, *student, terms, comment.as_ref(), *expires_at, recorded);
                self.rows.insert(id, row);
            }
            LessonRequestEvent::RequestOffered { teacher, rules_version, reasons } => {
                self.offers.push(OfferRow {
                    request_id: id,
                    teacher: *teacher,
                    declined: false,
                    rules_version: rules_version.cast_signed(),
                    reasons: Json(reasons.clone()),
                    offered_at: recorded.recorded_at,
                });
            }
            LessonRequestEvent::RequestDeclined { teacher } => self.declined.push((id, *teacher)),
            LessonRequestEvent::RequestMatched { .. }
            | LessonRequestEvent::RequestAccepted { .. }
            | LessonRequestEvent::RequestCancelled {}
            | LessonRequestEvent::RequestExpired {} => {}
        }
        if let Some(row) = self.rows.get_mut(&id) {
            row.apply(event, recorded);
        }
    }

    fn erase_texts(&mut self, person: AccountId) {
        self.erased.push(person.uuid());
        for row in self.rows.values_mut().filter(|row| row.student == person) {
            row.city = None;
            row.comment = None;
        }
    }
}

fn request_id(recorded: &RecordedEvent) -> Result<RequestId, ApplyError> {
    recorded.stream.aggregate_id.parse().map_err(|_| ApplyError::Poison {
        position: recorded.position,
        reason: "the stream's id is not a request's".to_owned(),
    })
}

/// Returns the requests that a batch changes and does not create.
fn stored_requests(events: &[RecordedEvent]) -> Result<Vec<Uuid>, ApplyError> {
    let mut ids = BTreeSet::new();
    for recorded in events {
        if let Event::Request(_) = &recorded.event {
            ids.insert(request_id(recorded)?.uuid());
        }
    }
    for recorded in events {
        if let Event::Request(LessonRequestEvent::LessonRequested { .. }) = &recorded.event {
            ids.remove(&request_id(recorded)?.uuid());
        }
    }
    Ok(ids.into_iter().collect())
}

async fn load(db: &mut PgConnection, ids: &[Uuid]) -> Result<HashMap<RequestId, RequestRow>, ApplyError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows =
        sqlx::query_file_as!(RequestRow, "src/scheduling/requests/load.sql", ids).fetch_all(db).await?;
    Ok(rows.into_iter().map(|row| (row.request_id, row)).collect())
}

async fn save(db: &mut PgConnection, rows: &[RequestRow]) -> Result<(), ApplyError> {
    if !rows.is_empty() {
        sqlx::query_file!("src/scheduling/requests/save.sql", Json(rows) as _).execute(db).await?;
    }
    Ok(())
}

async fn insert_offers(db: &mut PgConnection, offers: &[OfferRow]) -> Result<(), ApplyError> {
    if !offers.is_empty() {
        sqlx::query!(
            "insert into request_offers (request_id, teacher, declined, rules_version, reasons, offered_at)
             select request_id, teacher, declined, rules_version, reasons, offered_at
             from jsonb_to_recordset($1) as new (
               request_id uuid, teacher uuid, declined boolean, rules_version smallint, reasons jsonb,
               offered_at timestamptz)",
            Json(offers) as _,
        )
        .execute(db)
        .await?;
    }
    Ok(())
}

async fn mark_declined(db: &mut PgConnection, declined: &[(RequestId, AccountId)]) -> Result<(), ApplyError> {
    if !declined.is_empty() {
        let requests: Vec<Uuid> = declined.iter().map(|(request, _)| request.uuid()).collect();
        let teachers: Vec<Uuid> = declined.iter().map(|(_, teacher)| teacher.uuid()).collect();
        sqlx::query!(
            "update request_offers
             set declined = true
             from unnest($1::uuid[], $2::uuid[]) as no (request_id, teacher)
             where request_offers.request_id = no.request_id
               and request_offers.teacher = no.teacher",
            &requests,
            &teachers,
        )
        .execute(db)
        .await?;
    }
    Ok(())
}

async fn erase_stored_texts(db: &mut PgConnection, people: &[Uuid]) -> Result<(), ApplyError> {
    if !people.is_empty() {
        sqlx::query!(
            "update lesson_requests
             set city = null, comment = null
             where student = any($1)
               and (city is not null or comment is not null)",
            people,
        )
        .execute(db)
        .await?;
    }
    Ok(())
}
