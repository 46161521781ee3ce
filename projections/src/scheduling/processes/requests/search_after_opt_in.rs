//! Shows a teacher the open requests whom they begin to match: who opts in sees what is already there.

use async_trait::async_trait;
use domain::AccountId;
use domain::accounts::AccountEvent;
use domain::scheduling::{Match, Period, match_teacher};
use projection_runtime::{Task, TaskHandler, TaskOutcome};

use super::search::READ_MODELS;
use super::{RequestHandlers, SEARCH_FOR_TEACHER, abandon_invalid_key, into_outcome};
use crate::scheduling::requests::{find_candidates, open_requests_for};

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
    /// Asks a teacher for the open requests that they match and were not asked for; of a time that has
    /// become free, only for those that it concerns.
    pub(super) async fn search_for_teacher(
        &self,
        task: &Task,
        teacher: AccountId,
        freed: Option<&[Period]>,
    ) -> Result<(), TaskOutcome> {
        self.wait_for_read_models(task, &READ_MODELS).await?;
        self.wait_for_read_models(task, &["lesson_requests"]).await?;
        for id in self.rows_or_retry(task, open_requests_for(&self.pool, teacher, freed).await)? {
            let Some(request) = self.load_request(task, id).await? else { continue };
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
                // The whole search again, so that the reasons of the others are of the same moment.
                self.offer_to_matching(task, id, &request, &format!("offer {id}")).await?;
            }
        }
        Ok(())
    }
}
