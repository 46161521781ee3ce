//! One attempt of a delivery: makes the CRM records agree with the log, whatever they are before.

use domain::crm::{Drift, SyncSubject};
use domain::{AccountId, TicketId};
use serde_json::json;

use crate::call_failure::CallFailure;
use crate::client::CallError;
use crate::crm_api::{CrmApi, RecordReply};
use crate::deliveries;
use crate::delivery_reporter::{DeliveryError, DeliveryReporter};
use crate::expected::{EventReader, ExpectedAccount, ExpectedLink, ExpectedState, ExpectedUser};
use crate::process_manager::{Delivery, DeliveryReason};
use crate::wire::{NO_SUBJECTS, TicketFields, TicketRecord, UserFields, UserRecord, same_email};

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
            (Some(id), DeliveryReason::New) => return self.report_user(id, link).await,
            (Some(id), DeliveryReason::Changed) => match self.crm.update_user(id, &user.fields).await? {
                RecordReply::Record(record) => Some(record),
                RecordReply::Missing => None,
                RecordReply::Unsupported(_) => self.locate_user(id, user).await?,
            },
            (Some(id), DeliveryReason::SyncRequested) => self.locate_user(id, user).await?,
            (None, _) => None,
        };
        let is_duplicated = matches!(link.open_drift(SyncSubject::User), Some(Drift::Duplicated { .. }));
        let must_search = found.is_none() && (self.may_exist || reason != DeliveryReason::New);
        let (record, duplicates) = if must_search || is_duplicated {
            self.deduplicate_users(user, found).await?
        } else {
            (found, None)
        };
        let record = match record {
            Some(record) => record,
            None => self.create_user(user).await?,
        };
        let (record, difference) = self.correct_user(user, record).await?;
        self.report_user(&record.id, link).await?;
        self.report_drift(SyncSubject::User, link, duplicates.or(difference)).await
    }

    /// Finds the record of a user by id, in the lists if the CRM does not serve single records.
    async fn locate_user(&self, id: &str, user: &ExpectedUser) -> Result<Option<UserRecord>, DeliveryError> {
        match self.crm.find_user(id).await? {
            RecordReply::Record(record) => return Ok(Some(record)),
            RecordReply::Missing => return Ok(None),
            RecordReply::Unsupported(_) => {}
        }
        let is_it = |record: &UserRecord| record.id == id;
        for text in [&user.fields.email, &user.fields.name] {
            if let Some(record) = self.crm.search_users(text).await?.into_iter().find(is_it) {
                return Ok(Some(record));
            }
        }
        Ok(self.crm.list_users().await?.into_iter().find(is_it))
    }

    /// Returns the only record with this address. Deletes the others; keeps `linked` if it is given. The drift
    /// names all of them if the CRM does not delete.
    async fn deduplicate_users(
        &self,
        user: &ExpectedUser,
        linked: Option<UserRecord>,
    ) -> Result<(Option<UserRecord>, Option<Drift>), DeliveryError> {
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
        let Some(kept) = linked.or_else(|| candidates.first().cloned()) else { return Ok((None, None)) };
        let mut remaining = vec![kept.id.clone()];
        for surplus in candidates.iter().filter(|record| record.id != kept.id) {
            if let RecordReply::Unsupported(_) = self.crm.delete_user(&surplus.id).await? {
                remaining.push(surplus.id.clone());
            }
        }
        Ok((Some(kept), duplicated(remaining)))
    }

    async fn create_user(&self, user: &ExpectedUser) -> Result<UserRecord, DeliveryError> {
        // With the first key, the CRM could answer with the stored response of a record that it has lost
        // since.
        let key = match self.delivery.reason {
            DeliveryReason::SyncRequested => self.reporter.cause,
            DeliveryReason::New | DeliveryReason::Changed => user.registered_by,
        };
        match self.crm.create_user(&user.fields, key).await {
            Err(CallError::Failed(failure)) if failure.is_conflict() => {
                let (record, _) = self.deduplicate_users(user, None).await?;
                record.ok_or(DeliveryError::Call(CallError::Failed(failure)))
            }
            created => Ok(created?),
        }
    }

    /// Corrects, once, the fields that differ. The drift names those that the CRM does not change.
    async fn correct_user(
        &self,
        user: &ExpectedUser,
        record: UserRecord,
    ) -> Result<(UserRecord, Option<Drift>), DeliveryError> {
        let mut record = record;
        let mut unchanged = Vec::new();
        let fields = user.fields.differing(&record);
        if !fields.is_empty() {
            match self.crm.update_user(&record.id, &user.fields).await? {
                RecordReply::Record(corrected) => record = corrected,
                RecordReply::Missing | RecordReply::Unsupported(_) => unchanged = fields,
            }
        }
        if record.status != user.status {
            match self.crm.set_user_status(&record.id, user.status).await? {
                RecordReply::Record(_) => {}
                RecordReply::Missing | RecordReply::Unsupported(_) => unchanged.push("status".to_owned()),
            }
        }
        Ok((record, differing(unchanged)))
    }

    async fn deliver_ticket(&self, ticket_id: TicketId, link: &ExpectedLink) -> Result<(), DeliveryError> {
        let Some(ticket) = self.event_reader.load_ticket(ticket_id).await? else { return Ok(()) };
        let Some(fields) = ticket.fields else { return Ok(()) };
        let what = SyncSubject::Ticket(ticket_id);
        let found = match (link.link.ticket(ticket_id), self.delivery.reason) {
            (Some(id), DeliveryReason::New | DeliveryReason::Changed) => {
                return self.report_ticket(ticket_id, id, link).await;
            }
            (Some(id), DeliveryReason::SyncRequested) => self.locate_ticket(id).await?,
            (None, _) => None,
        };
        let is_duplicated = matches!(link.open_drift(what), Some(Drift::Duplicated { .. }));
        let must_search = found.is_none() && (self.may_exist || self.delivery.reason != DeliveryReason::New);
        let (record, duplicates) = if must_search || is_duplicated {
            self.deduplicate_tickets(&fields, found).await?
        } else {
            (found, None)
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
        let mut unchanged = fields.differing(&record);
        if !unchanged.is_empty() {
            let corrections = json!({
                "title": fields.title, "description": fields.description, "createdBy": fields.created_by,
            });
            if let RecordReply::Record(_) = self.crm.update_ticket(&record.id, &corrections).await? {
                unchanged.clear();
            }
        }
        self.report_ticket(ticket_id, &record.id, link).await?;
        self.report_drift(what, link, duplicates.or(differing(unchanged))).await
    }

    /// Finds the record of a ticket by id, in the list if the CRM does not serve single records.
    async fn locate_ticket(&self, id: &str) -> Result<Option<TicketRecord>, DeliveryError> {
        match self.crm.find_ticket(id).await? {
            RecordReply::Record(record) => Ok(Some(record)),
            RecordReply::Missing => Ok(None),
            RecordReply::Unsupported(_) => {
                Ok(self.crm.list_tickets().await?.into_iter().find(|record| record.id == id))
            }
        }
    }

    /// Returns the only ticket with this title.
    ///
    /// The API contract cannot delete a ticket. The others are closed, and no longer name the person. The drift
    /// names all of them if the CRM does not change tickets.
    async fn deduplicate_tickets(
        &self,
        fields: &TicketFields,
        linked: Option<TicketRecord>,
    ) -> Result<(Option<TicketRecord>, Option<Drift>), DeliveryError> {
        let mut candidates = self.crm.list_tickets_of(self.delivery.account_id).await?;
        candidates.retain(|ticket| ticket.title == fields.title);
        let kept = linked.or_else(|| candidates.first().cloned());
        let Some(kept) = kept else { return Ok((None, None)) };
        let mut remaining = vec![kept.id.clone()];
        for surplus in candidates.iter().filter(|ticket| ticket.id != kept.id) {
            let marked = json!({
                "title": "Дубликат",
                "description": format!("Дубликат обращения {}", kept.id),
                "createdBy": format!("duplicate-of:{}", kept.id),
                "tags": ["дубликат"],
                "status": "closed",
            });
            if let RecordReply::Unsupported(_) = self.crm.update_ticket(&surplus.id, &marked).await? {
                remaining.push(surplus.id.clone());
            }
        }
        Ok((Some(kept), duplicated(remaining)))
    }

    /// Removes all personal data of a person: deletes the users, and replaces the texts of the tickets.
    ///
    /// What the CRM can do is done before the failure.
    async fn remove_person(
        &self,
        account: &ExpectedAccount,
        link: &ExpectedLink,
    ) -> Result<(), DeliveryError> {
        let mut refusal = None;
        for id in &link.known_users {
            refusal = refusal.or(self.remove_user(id).await?);
        }
        if link.known_users.is_empty() && link.has_failed(SyncSubject::User) {
            self.remove_unconfirmed_user(account).await?;
        }
        let listed = self.crm.list_tickets_of(self.delivery.account_id).await?;
        let listed = listed.iter().filter(|ticket| ticket.title != ERASED_TICKET_TITLE);
        let ids = listed.map(|ticket| &ticket.id).chain(link.known_tickets.iter().map(|(_, id)| id));
        for id in ids {
            if let RecordReply::Unsupported(failure) = self.crm.update_ticket(id, &erased_ticket()).await? {
                refusal = refusal.or(Some(failure));
            }
        }
        if let Some(failure) = refusal {
            return Err(CallError::Failed(failure).into());
        }
        self.reporter
            .report_healed(SyncSubject::User, Drift::Differs { fields: vec!["erased".to_owned()] })
            .await
    }

    /// Deletes a user, or replaces the data if the CRM does not delete. Returns the failure if it does neither.
    async fn remove_user(&self, id: &str) -> Result<Option<CallFailure>, DeliveryError> {
        if !matches!(self.crm.delete_user(id).await?, RecordReply::Unsupported(_)) {
            return Ok(None);
        }
        match self.crm.update_user(id, &erased_user(self.delivery.account_id)).await? {
            RecordReply::Record(_) | RecordReply::Missing => Ok(None),
            RecordReply::Unsupported(failure) => Ok(Some(failure)),
        }
    }

    /// Removes a user whose creation has an unknown outcome. The address is already erased.
    ///
    /// With the same idempotency key, the CRM returns the record that it made then, or creates an empty one.
    /// The attempt deletes it in both cases.
    async fn remove_unconfirmed_user(&self, account: &ExpectedAccount) -> Result<(), DeliveryError> {
        let Some(key) = account.registered_by() else { return Ok(()) };
        let placeholder = erased_user(self.delivery.account_id);
        let record = match self.crm.create_user(&placeholder, key).await {
            // An earlier attempt to remove the user was interrupted.
            Err(CallError::Failed(failure)) if failure.is_conflict() => {
                self.crm.find_users_by_email(&placeholder.email).await?.into_iter().next()
            }
            created => Some(created?),
        };
        let Some(record) = record else { return Ok(()) };
        match self.remove_user(&record.id).await? {
            // The record holds no personal data.
            Some(_) if same_email(&record.email, &placeholder.email) => Ok(()),
            Some(failure) => Err(CallError::Failed(failure).into()),
            None => Ok(()),
        }
    }

    async fn report_user(&self, external_id: &str, link: &ExpectedLink) -> Result<(), DeliveryError> {
        if link.link.user() != Some(external_id) || !link.link.is_settled(SyncSubject::User) {
            self.reporter.report_user_linked(external_id).await?;
        }
        Ok(())
    }

    async fn report_ticket(
        &self,
        ticket_id: TicketId,
        external_id: &str,
        link: &ExpectedLink,
    ) -> Result<(), DeliveryError> {
        let what = SyncSubject::Ticket(ticket_id);
        if link.link.ticket(ticket_id) != Some(external_id) || !link.link.is_settled(what) {
            self.reporter.report_ticket_linked(ticket_id, external_id).await?;
        }
        Ok(())
    }

    /// Reports the difference that is left, or that an earlier one is healed.
    async fn report_drift(
        &self,
        what: SyncSubject,
        link: &ExpectedLink,
        drift: Option<Drift>,
    ) -> Result<(), DeliveryError> {
        match (drift, link.open_drift(what)) {
            (Some(drift), Some(open)) if drift == *open => Ok(()),
            (Some(drift), _) => self.reporter.report_drift(what, drift).await,
            (None, Some(open)) => self.reporter.report_healed(what, open.clone()).await,
            (None, None) => Ok(()),
        }
    }
}

fn differing(fields: Vec<String>) -> Option<Drift> {
    (!fields.is_empty()).then_some(Drift::Differs { fields })
}

fn duplicated(external_ids: Vec<String>) -> Option<Drift> {
    (external_ids.len() > 1).then_some(Drift::Duplicated { external_ids })
}

/// Record without personal data, in place of a user who was erased.
fn erased_user(account_id: AccountId) -> UserFields {
    UserFields {
        name: "Удалённый пользователь".to_owned(),
        email: erased_email(account_id),
        r#type: "student",
        phone: String::new(),
        subjects: vec![NO_SUBJECTS.to_owned()],
        join_date: "1970-01-01".to_owned(),
    }
}

/// Returns the address of the record in place of an erased user.
pub(crate) fn erased_email(account_id: AccountId) -> String {
    format!("erased-{account_id}@kafedra.invalid")
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
