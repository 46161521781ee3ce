//! One attempt of a delivery: makes the CRM records agree with the log, whatever they are before.

use domain::TicketId;
use domain::crm::{Drift, SyncSubject};
use serde_json::json;

use crate::client::CallError;
use crate::crm_api::CrmApi;
use crate::deliveries;
use crate::delivery_reporter::{DeliveryError, DeliveryReporter};
use crate::expected::{EventReader, ExpectedAccount, ExpectedLink, ExpectedState, ExpectedUser};
use crate::process_manager::{Delivery, DeliveryReason};
use crate::wire::{NO_SUBJECTS, TicketFields, TicketRecord, UserFields, UserRecord};

/// A running attempt.
pub(crate) struct DeliveryAttempt<'a> {
    pub delivery: Delivery,
    pub crm: CrmApi<'a>,
    pub event_reader: &'a EventReader,
    pub reporter: DeliveryReporter<'a>,
    pub pool: &'a sqlx::PgPool,
    /// True if an earlier attempt may have created the record.
    pub may_exist: bool,
}

impl DeliveryAttempt<'_> {
    /// Runs the attempt.
    ///
    /// # Errors
    /// [`DeliveryError::Call`] if a call was not made or failed. [`DeliveryError::Log`] if the log cannot be
    /// read. [`DeliveryError::Dispatch`] if the report cannot be committed.
    pub async fn run(&self, link: &ExpectedLink) -> Result<(), DeliveryError> {
        let account = self.event_reader.load_account(self.delivery.account_id).await?;
        match (account.state(), self.delivery.what) {
            (ExpectedState::Nothing, _) => Ok(()),
            (ExpectedState::Erased, SyncSubject::User) if self.delivery.reason != DeliveryReason::New => {
                self.remove_person(&account, link).await
            }
            // A worker may have ended between the call and the report. No event tells of the record then.
            (ExpectedState::Erased, SyncSubject::User) if self.may_exist && link.known_users.is_empty() => {
                self.remove_unconfirmed_user(&account).await
            }
            // The delivery is obsolete: the removal follows in the same queue.
            (ExpectedState::Erased, _) => Ok(()),
            (ExpectedState::User(user), SyncSubject::User) => {
                self.deliver_user(&user, link, self.delivery.reason).await
            }
            (ExpectedState::User(user), SyncSubject::Ticket(ticket_id)) => {
                // The delivery of the user was abandoned. Otherwise the queue would not have reached the
                // ticket.
                if link.link.user().is_none() {
                    self.deliver_user(&user, link, DeliveryReason::SyncRequested).await?;
                }
                self.deliver_ticket(ticket_id, link).await
            }
        }
    }

    async fn deliver_user(
        &self,
        user: &ExpectedUser,
        link: &ExpectedLink,
        reason: DeliveryReason,
    ) -> Result<(), DeliveryError> {
        let found = match (link.link.user(), reason) {
            // A repetition: the user was delivered, and only the report was lost.
            (Some(id), DeliveryReason::New) => return self.link_user(id, link).await,
            (Some(id), DeliveryReason::Changed) => self.crm.update_user(id, &user.fields).await?,
            (Some(id), DeliveryReason::SyncRequested) => self.crm.find_user(id).await?,
            (None, _) => None,
        };
        let is_duplicated = matches!(link.open_drift(SyncSubject::User), Some(Drift::Duplicated { .. }));
        let must_search = found.is_none() && (self.may_exist || reason != DeliveryReason::New);
        let record =
            if must_search || is_duplicated { self.deduplicate_users(user, found).await? } else { found };
        let record = match record {
            Some(record) => record,
            None => self.create_user(user).await?,
        };
        let record = self.correct_user(user, record).await?;
        self.link_user(&record.id, link).await
    }

    /// Returns the only record with this address. Deletes the others; keeps `linked` if it is given.
    async fn deduplicate_users(
        &self,
        user: &ExpectedUser,
        linked: Option<UserRecord>,
    ) -> Result<Option<UserRecord>, DeliveryError> {
        let mut candidates = Vec::new();
        for record in self.crm.find_users_by_email(&user.fields.email).await? {
            // The record may belong to another person, whose new address is not yet delivered.
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

    async fn create_user(&self, user: &ExpectedUser) -> Result<UserRecord, DeliveryError> {
        // With the first key, the CRM could answer with the stored response of a record that it has lost
        // since.
        let key = match self.delivery.reason {
            DeliveryReason::SyncRequested => self.reporter.cause,
            DeliveryReason::New | DeliveryReason::Changed => user.registered_by,
        };
        match self.crm.create_user(&user.fields, key).await {
            Err(CallError::Failed(failure)) if failure.is_conflict() => self
                .deduplicate_users(user, None)
                .await?
                .ok_or(DeliveryError::Call(CallError::Failed(failure))),
            created => Ok(created?),
        }
    }

    /// Corrects, once, the fields that differ.
    async fn correct_user(
        &self,
        user: &ExpectedUser,
        record: UserRecord,
    ) -> Result<UserRecord, DeliveryError> {
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

    async fn deliver_ticket(&self, ticket_id: TicketId, link: &ExpectedLink) -> Result<(), DeliveryError> {
        let Some(ticket) = self.event_reader.load_ticket(ticket_id).await? else { return Ok(()) };
        let Some(fields) = ticket.fields else { return Ok(()) };
        let what = SyncSubject::Ticket(ticket_id);
        let found = match (link.link.ticket(ticket_id), self.delivery.reason) {
            (Some(id), DeliveryReason::New | DeliveryReason::Changed) => {
                return self.link_ticket(ticket_id, id, link).await;
            }
            (Some(id), DeliveryReason::SyncRequested) => self.crm.find_ticket(id).await?,
            (None, _) => None,
        };
        let is_duplicated = matches!(link.open_drift(what), Some(Drift::Duplicated { .. }));
        let must_search = found.is_none() && (self.may_exist || self.delivery.reason != DeliveryReason::New);
        let record = if must_search || is_duplicated {
            self.deduplicate_tickets(&fields, found).await?
        } else {
            found
        };
        let record = match record {
            Some(record) => record,
            None => {
                let key = match self.delivery.reason {
                    DeliveryReason::SyncRequested => self.reporter.cause,
                    DeliveryReason::New | DeliveryReason::Changed => ticket.opened_by,
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
        self.link_ticket(ticket_id, &record.id, link).await
    }

    /// Returns the only ticket with this title.
    ///
    /// The API contract cannot delete a ticket. The others are closed, and no longer name the person.
    async fn deduplicate_tickets(
        &self,
        fields: &TicketFields,
        linked: Option<TicketRecord>,
    ) -> Result<Option<TicketRecord>, DeliveryError> {
        let mut candidates = self.crm.list_tickets_of(self.delivery.account_id).await?;
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

    /// Removes all personal data of a person: deletes the users, and replaces the texts of the tickets.
    async fn remove_person(
        &self,
        account: &ExpectedAccount,
        link: &ExpectedLink,
    ) -> Result<(), DeliveryError> {
        for id in &link.known_users {
            self.crm.delete_user(id).await?;
        }
        if link.known_users.is_empty() && link.has_failed(SyncSubject::User) {
            self.remove_unconfirmed_user(account).await?;
        }
        for ticket in self.crm.list_tickets_of(self.delivery.account_id).await? {
            self.crm.update_ticket(&ticket.id, &erased_ticket()).await?;
        }
        for (_, id) in &link.known_tickets {
            self.crm.update_ticket(id, &erased_ticket()).await?;
        }
        self.reporter
            .report_healed(SyncSubject::User, Drift::Differs { fields: vec!["erased".to_owned()] })
            .await
    }

    /// Removes a user whose creation has an unknown outcome. The address is already erased.
    ///
    /// With the same idempotency key, the CRM returns the record that it made then, or creates an empty one.
    /// The attempt deletes it in both cases.
    async fn remove_unconfirmed_user(&self, account: &ExpectedAccount) -> Result<(), DeliveryError> {
        let Some(key) = account.registered_by() else { return Ok(()) };
        let placeholder = UserFields {
            name: "Удалённый пользователь".to_owned(),
            email: format!("erased-{}@kafedra.invalid", self.delivery.account_id),
            r#type: "student",
            phone: String::new(),
            subjects: vec![NO_SUBJECTS.to_owned()],
            join_date: "1970-01-01".to_owned(),
        };
        let record = match self.crm.create_user(&placeholder, key).await {
            // An earlier attempt to remove the user was interrupted.
            Err(CallError::Failed(failure)) if failure.is_conflict() => {
                self.crm.find_users_by_email(&placeholder.email).await?.into_iter().next()
            }
            created => Some(created?),
        };
        match record {
            Some(record) => Ok(self.crm.delete_user(&record.id).await?),
            None => Ok(()),
        }
    }

    async fn link_user(&self, external_id: &str, link: &ExpectedLink) -> Result<(), DeliveryError> {
        let what = SyncSubject::User;
        if link.link.user() != Some(external_id) || !link.link.is_settled(what) {
            self.reporter.report_user_linked(external_id).await?;
        }
        self.record_healed(what, link).await
    }

    async fn link_ticket(
        &self,
        ticket_id: TicketId,
        external_id: &str,
        link: &ExpectedLink,
    ) -> Result<(), DeliveryError> {
        let what = SyncSubject::Ticket(ticket_id);
        if link.link.ticket(ticket_id) != Some(external_id) || !link.link.is_settled(what) {
            self.reporter.report_ticket_linked(ticket_id, external_id).await?;
        }
        self.record_healed(what, link).await
    }

    async fn record_healed(&self, what: SyncSubject, link: &ExpectedLink) -> Result<(), DeliveryError> {
        match link.open_drift(what) {
            Some(drift) => self.reporter.report_healed(what, drift.clone()).await,
            None => Ok(()),
        }
    }
}

/// Title of a ticket of an erased person; `reconcile` recognises it.
pub(crate) const ERASED_TICKET_TITLE: &str = "Обращение удалённого пользователя";

fn erased_ticket() -> serde_json::Value {
    json!({
        "title": ERASED_TICKET_TITLE,
        "description": "Данные пользователя удалены по его требованию.",
        "status": "closed",
    })
}
