//! Shows a teacher the open requests whom they begin to match: who opts in sees what is already there.

use async_trait::async_trait;
use domain::AccountId;
use domain::accounts::AccountEvent;
use domain::scheduling::{Match, Period, match_teacher};

use super::search::READ_MODELS;
use super::{RequestHandlers, SEARCH_FOR_TEACHER, Stop, nameless};
use crate::process::{Outcome, Task, TaskHandler};
use crate::scheduling::requests::{candidates, open_requests_for};

/// Whether a change of an account can make it match a request that it did not match before.
pub(super) fn may_match_more(event: &AccountEvent) -> bool {
    match event {
        AccountEvent::ProfileUpdated { changes, .. } => {
            changes.takes_requests == Some(true)
                || changes.subjects.is_some()
                || changes.grades.is_some()
                || changes.goals.is_some()
                || changes.formats.is_some()
                || changes.durations.is_some()
                || changes.experience.is_some()
                || changes.city.is_some()
                || changes.hourly_rate.is_some()
        }
        AccountEvent::RoleGranted { .. } | AccountEvent::AccountReinstated { .. } => true,
        AccountEvent::AccountRegistered { .. }
        | AccountEvent::EmailVerified {}
        | AccountEvent::EmailChanged { .. }
        | AccountEvent::PhoneChanged { .. }
        | AccountEvent::PasswordChanged {}
        | AccountEvent::AvatarChanged { .. }
        | AccountEvent::RoleRevoked { .. }
        | AccountEvent::AccountSuspended { .. }
        | AccountEvent::AccountErased { .. }
        | AccountEvent::SignedIn { .. }
        | AccountEvent::SignedOut { .. }
        | AccountEvent::SessionRevoked { .. }
        | AccountEvent::SignInFailed { .. } => false,
    }
}

/// Does the tasks `search_requests_for_teacher`; their key is the account and the position of the change.
pub(super) struct RequestsForTeacher(pub(super) RequestHandlers);

#[async_trait]
impl TaskHandler for RequestsForTeacher {
    fn kind(&self) -> &'static str {
        SEARCH_FOR_TEACHER
    }

    async fn run(&self, task: &Task) -> Outcome {
        let account = task.key.split(':').next().and_then(|id| id.parse::<AccountId>().ok());
        let Some(teacher) = account else { return nameless() };
        match self.search(task, teacher).await {
            Ok(()) => Outcome::Done,
            Err(stop) => self.0.later(task, &stop),
        }
    }
}

impl RequestsForTeacher {
    async fn search(&self, task: &Task, teacher: AccountId) -> Result<(), Stop> {
        self.0.wait_for(task, &READ_MODELS).await?;
        self.0.wait_for(task, &["lesson_requests"]).await?;
        for id in open_requests_for(&self.0.pool, teacher).await? {
            let Some(request) = self.0.request(id).await? else { continue };
            let terms = &request.terms;
            let period = Period::of_minutes(terms.starts_at, terms.duration_minutes);
            let Some(period) = period else { continue };
            let own = candidates(&self.0.pool, &terms.subject, period, Some(teacher)).await?;
            let matches = own.iter().any(|candidate| {
                let found = match_teacher(request.student, terms, candidate.teacher, &candidate.facts);
                matches!(found, Match::Included { .. })
            });
            if matches {
                // The whole search again, so that the reasons of the others are of the same moment.
                self.0.ask_who_matches(task, id, &request, &format!("offer {id}")).await?;
            }
        }
        Ok(())
    }
}
