//! One attempt of one delivery: makes the records there what the log says, whatever is there already.

use domain::crm::{Drift, SyncSubject};
use domain::{DispatchError, LogError, TicketId};
use serde_json::json;

use crate::calls::Crm;
use crate::client::CallError;
use crate::deliveries;
use crate::process_manager::{Delivery, Why};
use crate::tasks::Reports;
use crate::truth::{AccountTruth, Expected, ExpectedUser, LinkTruth, Truth};
use crate::wire::{NO_SUBJECTS, TicketFields, TicketRecord, UserFields, UserRecord};

/// Why an attempt ended early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Stop {
    #[error("a call was not made or failed")]
    Call(#[from] CallError),
    #[error("the log can not be read")]
    Log(#[from] LogError),
    #[error("the report could not be committed")]
    Dispatch(#[from] DispatchError),
}

/// An attempt under way.
pub(crate) struct Attempting<'a> {
    pub delivery: Delivery,
    pub crm: Crm<'a>,
    pub truth: &'a Truth,
    pub reports: Reports<'a>,
    pub pool: &'a sqlx::PgPool,
    /// Whether an earlier attempt may have got through.
    pub may_be_there: bool,
}

impl Attempting<'_> {
    pub async fn run(&self, link: &LinkTruth) -> Result<(), Stop> {
        let account = self.truth.account(self.delivery.account_id).await?;
        match (account.expected(), self.delivery.what) {
            (Expected::Nothing, _) => Ok(()),
            (Expected::Erased, SyncSubject::User) if self.delivery.why != Why::New => {
                self.remove(&account, link).await
            }
            // Somebody died between the call and the report: nobody but this attempt knows of it.
            (Expected::Erased, SyncSubject::User) if self.may_be_there && link.known_users.is_empty() => {
                self.remove_unseen(&account).await
            }
            // What was still to be brought there: the removal follows in the same lane.
            (Expected::Erased, _) => Ok(()),
            (Expected::User(user), SyncSubject::User) => self.user(&user, link, self.delivery.why).await,
            (Expected::User(user), SyncSubject::Ticket(ticket_id)) => {
                // Its own delivery was given up, or the lane would not have come this far.
                if link.link.user().is_none() {
                    self.user(&user, link, Why::SyncRequested).await?;
                }
                self.ticket(ticket_id, link).await
            }
        }
    }

    async fn user(&self, user: &ExpectedUser, link: &LinkTruth, why: Why) -> Result<(), Stop> {
        let found = match (link.link.user(), why) {
            // A repetition: it was delivered and only our own answer got lost.
            (Some(id), Why::New) => return self.user_is_there(id, link).await,
            (Some(id), Why::Changed) => self.crm.update_user(id, &user.fields).await?,
            (Some(id), Why::SyncRequested) => self.crm.user(id).await?,
            (None, _) => None,
        };
        let is_doubled = matches!(link.open_drift(SyncSubject::User), Some(Drift::Duplicated { .. }));
        let must_look = found.is_none() && (self.may_be_there || why != Why::New);
        let record = if must_look || is_doubled { self.only_one(user, found).await? } else { found };
        let record = match record {
            Some(record) => record,
            None => self.create_user(user).await?,
        };
        let record = self.correct_user(user, record).await?;
        self.user_is_there(&record.id, link).await
    }

    /// The one record with this address; surplus ones go. `linked` stays when it is there.
    async fn only_one(
        &self,
        user: &ExpectedUser,
        linked: Option<UserRecord>,
    ) -> Result<Option<UserRecord>, Stop> {
        let mut candidates = Vec::new();
        for record in self.crm.users_by_email(&user.fields.email).await? {
            // Another person's record that has not followed yet to that person's new address.
            let is_anothers = deliveries::is_held_by_another(self.pool, &record.id, self.delivery.account_id)
                .await
                .map_err(CallError::Database)?;
            if !is_anothers {
                candidates.push(record);
            }
        }
        let kept = linked.or_else(|| candidates.first().cloned());
        for surplus in candidates.iter().filter(|record| kept.as_ref().is_some_and(|k| k.id != record.id)) {
            self.crm.delete_user(&surplus.id).await?;
        }
        Ok(kept)
    }

    async fn create_user(&self, user: &ExpectedUser) -> Result<UserRecord, Stop> {
        // Asked for again, a CRM that remembers the first key would answer with what it has lost since.
        let key = match self.delivery.why {
            Why::SyncRequested => self.reports.cause,
            Why::New | Why::Changed => user.registered_by,
        };
        match self.crm.create_user(&user.fields, key).await {
            Err(CallError::Failed(failure)) if failure.is_conflict() => {
                self.only_one(user, None).await?.ok_or(Stop::Call(CallError::Failed(failure)))
            }
            created => Ok(created?),
        }
    }

    /// Puts right, once, what differs.
    async fn correct_user(&self, user: &ExpectedUser, record: UserRecord) -> Result<UserRecord, Stop> {
        let mut record = record;
        if !user.fields.differing(&record).is_empty()
            && let Some(corrected) = self.crm.update_user(&record.id, &user.fields).await?
        {
            record = corrected;
        }
        if record.status != user.status {
            self.crm.set_user_status(&record.id, user.status).await?;
        }
        Ok(record)
    }

    async fn ticket(&self, ticket_id: TicketId, link: &LinkTruth) -> Result<(), Stop> {
        let Some(ticket) = self.truth.ticket(ticket_id).await? else { return Ok(()) };
        let Some(fields) = ticket.fields else { return Ok(()) };
        let what = SyncSubject::Ticket(ticket_id);
        let found = match (link.link.ticket(ticket_id), self.delivery.why) {
            (Some(id), Why::New | Why::Changed) => return self.ticket_is_there(ticket_id, id, link).await,
            (Some(id), Why::SyncRequested) => self.crm.ticket(id).await?,
            (None, _) => None,
        };
        let is_doubled = matches!(link.open_drift(what), Some(Drift::Duplicated { .. }));
        let must_look = found.is_none() && (self.may_be_there || self.delivery.why != Why::New);
        let record = if must_look || is_doubled { self.only_ticket(&fields, found).await? } else { found };
        let record = match record {
            Some(record) => record,
            None => {
                let key = match self.delivery.why {
                    Why::SyncRequested => self.reports.cause,
                    Why::New | Why::Changed => ticket.opened_by,
                };
                self.crm.create_ticket(&fields, key).await?
            }
        };
        if !fields.differing(&record).is_empty() {
            let corrections = json!({
                "title": fields.title, "description": fields.description, "createdBy": fields.created_by,
            });
            self.crm.update_ticket(&record.id, &corrections).await?;
        }
        self.ticket_is_there(ticket_id, &record.id, link).await
    }

    /// The one ticket with this title. The contract has no way to delete a ticket: surplus ones are
    /// closed, and name nobody any more.
    async fn only_ticket(
        &self,
        fields: &TicketFields,
        linked: Option<TicketRecord>,
    ) -> Result<Option<TicketRecord>, Stop> {
        let mut candidates = self.crm.tickets_of(self.delivery.account_id).await?;
        candidates.retain(|ticket| ticket.title == fields.title);
        let kept = linked.or_else(|| candidates.first().cloned());
        let Some(kept) = kept else { return Ok(None) };
        for surplus in candidates.iter().filter(|ticket| ticket.id != kept.id) {
            let marked = json!({
                "title": "Дубликат",
                "description": format!("Дубликат обращения {}", kept.id),
                "createdBy": format!("duplicate-of:{}", kept.id),
                "tags": ["дубликат"],
                "status": "closed",
            });
            self.crm.update_ticket(&surplus.id, &marked).await?;
        }
        Ok(Some(kept))
    }

    /// Nothing personal stays: users are deleted, tickets lose their texts.
    async fn remove(&self, account: &AccountTruth, link: &LinkTruth) -> Result<(), Stop> {
        for id in &link.known_users {
            self.crm.delete_user(id).await?;
        }
        if link.known_users.is_empty() && link.has_failed(SyncSubject::User) {
            self.remove_unseen(account).await?;
        }
        for ticket in self.crm.tickets_of(self.delivery.account_id).await? {
            self.crm.update_ticket(&ticket.id, &erased_ticket()).await?;
        }
        for (_, id) in &link.known_tickets {
            self.crm.update_ticket(id, &erased_ticket()).await?;
        }
        self.reports.healed(SyncSubject::User, Drift::Differs { fields: vec!["erased".to_owned()] }).await
    }

    /// A creation whose end nobody saw, and the address is gone: under the same key the CRM gives the
    /// record that it made then, or makes an empty one; either is deleted.
    async fn remove_unseen(&self, account: &AccountTruth) -> Result<(), Stop> {
        let Some(key) = account.registered_by() else { return Ok(()) };
        let nobody = UserFields {
            name: "Удалённый пользователь".to_owned(),
            email: format!("erased-{}@kafedra.invalid", self.delivery.account_id),
            r#type: "student",
            phone: String::new(),
            subjects: vec![NO_SUBJECTS.to_owned()],
            join_date: "1970-01-01".to_owned(),
        };
        let record = match self.crm.create_user(&nobody, key).await {
            // An earlier attempt to remove it got half way.
            Err(CallError::Failed(failure)) if failure.is_conflict() => {
                self.crm.users_by_email(&nobody.email).await?.into_iter().next()
            }
            created => Some(created?),
        };
        match record {
            Some(record) => Ok(self.crm.delete_user(&record.id).await?),
            None => Ok(()),
        }
    }

    async fn user_is_there(&self, external_id: &str, link: &LinkTruth) -> Result<(), Stop> {
        let what = SyncSubject::User;
        if link.link.user() != Some(external_id) || !link.link.is_settled(what) {
            self.reports.user_linked(external_id).await?;
        }
        self.heal(what, link).await
    }

    async fn ticket_is_there(
        &self,
        ticket_id: TicketId,
        external_id: &str,
        link: &LinkTruth,
    ) -> Result<(), Stop> {
        let what = SyncSubject::Ticket(ticket_id);
        if link.link.ticket(ticket_id) != Some(external_id) || !link.link.is_settled(what) {
            self.reports.ticket_linked(ticket_id, external_id).await?;
        }
        self.heal(what, link).await
    }

    async fn heal(&self, what: SyncSubject, link: &LinkTruth) -> Result<(), Stop> {
        match link.open_drift(what) {
            Some(drift) => self.reports.healed(what, drift.clone()).await,
            None => Ok(()),
        }
    }
}

/// What a ticket of an erased person says; `reconcile` knows it by its title.
pub(crate) const ERASED_TICKET_TITLE: &str = "Обращение удалённого пользователя";

fn erased_ticket() -> serde_json::Value {
    json!({
        "title": ERASED_TICKET_TITLE,
        "description": "Данные пользователя удалены по его требованию.",
        "status": "closed",
    })
}
