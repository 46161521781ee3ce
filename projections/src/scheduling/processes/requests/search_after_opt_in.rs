//! Offers open requests to a teacher who begins to match them, for example after an opt-in.

use async_trait::async_trait;
use domain::AccountId;
use domain::accounts::AccountEvent;
use domain::scheduling::{Match, Period, match_teacher};
use projection_runtime::{Task, TaskHandler, TaskOutcome};

use super::search::READ_MODELS;
use super::{RequestHandlers, SEARCH_FOR_TEACHER, abandon_invalid_key, into_outcome};
use crate::scheduling::requests::{find_candidates, open_requests_for};

/// Returns whether an event can make an account match further requests.
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
        | AccountEvent::LinkRequested { .. }
        | AccountEvent::DataCorrected { .. }
        | AccountEvent::ContactsRevealed { .. }
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

/// Task handler of `search_requests_for_teacher`; a task's key is the account and the position of the change.
pub(super) struct SearchAfterOptIn(pub(super) RequestHandlers);

#[async_trait]
impl TaskHandler for SearchAfterOptIn {
    fn kind(&self) -> &'static str {
        SEARCH_FOR_TEACHER
    }

    async fn run(&self, task: &Task) -> TaskOutcome {
        let account = task.key.split(':').next().and_then(|id| id.parse::<AccountId>().ok());
        let Some(teacher) = account else { return abandon_invalid_key() };
        into_outcome(self.0.search_for_teacher(task, teacher, None).await)
    }
}

impl RequestHandlers {
    /// Offers a teacher the open requests that match and for which they were not asked.
    ///
    /// With `freed`, only requests for one of these times.
    pub(super) async fn search_for_teacher(
        &self,
        task: &Task,
        teacher: AccountId,
        freed: Option<&[Period]>,
    ) -> Result<(), TaskOutcome> {
        self.wait_for_read_models(&READ_MODELS, task.cause_position).await?;
        self.wait_for_read_models(&["lesson_requests"], task.cause_position).await?;
        for id in self.rows_or_retry(task, open_requests_for(&self.pool, teacher, freed).await)? {
            let Some(request) = self.load_request(task, id).await? else { continue };
            // The request can be newer than the cause: its search must see every event before it.
            let opened_at = self.opening_position(task, id).await?;
            self.wait_for_read_models(&READ_MODELS, opened_at).await?;
            let terms = &request.terms;
            let period = Period::of_minutes(terms.starts_at, terms.duration_minutes);
            let Some(period) = period else { continue };
            let own = self.rows_or_retry(
                task,
                find_candidates(&self.pool, &terms.subject, period, Some(teacher)).await,
            )?;
            let matches = own.iter().any(|candidate| {
                let found = match_teacher(request.student, terms, candidate.teacher, &candidate.facts);
                matches!(found, Match::Included { .. })
            });
            if matches {
                // Repeats the whole search, so that the reasons of all teachers are of the same time.
                self.offer_to_matching(task, id, &request, &format!("offer {id}")).await?;
            }
        }
        Ok(())
    }
}
