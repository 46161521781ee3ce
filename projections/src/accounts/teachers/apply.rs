//! Applies one event to a teacher's card.

use std::collections::HashMap;

use domain::accounts::{AccountEvent, ProfileChanges, ProfileField};
use domain::{AccountId, Personal, RecordedEvent, Role};
use sqlx::types::Json;

use super::TeacherRow;
use crate::accounts::account_changes::known_text;
use crate::accounts::status::AccountStatus;

/// Returns whether an event can change a card; most events, such as a sign-in, cannot.
pub(super) fn rewrites_row(event: &AccountEvent) -> bool {
    match event {
        AccountEvent::AccountRegistered { .. }
        | AccountEvent::ProfileUpdated { .. }
        | AccountEvent::AvatarChanged { .. }
        | AccountEvent::RoleGranted { .. }
        | AccountEvent::RoleRevoked { .. }
        | AccountEvent::AccountSuspended { .. }
        | AccountEvent::AccountReinstated { .. }
        | AccountEvent::AccountErased { .. } => true,
        AccountEvent::EmailVerified {}
        | AccountEvent::EmailChanged { .. }
        | AccountEvent::PhoneChanged { .. }
        | AccountEvent::LinkRequested { .. }
        | AccountEvent::DataCorrected { .. }
        | AccountEvent::ContactsRevealed { .. }
        | AccountEvent::PasswordChanged {}
        | AccountEvent::SignedIn { .. }
        | AccountEvent::SignedOut { .. }
        | AccountEvent::SessionRevoked { .. }
        | AccountEvent::SignInFailed { .. } => false,
    }
}

/// Applies one event to the rows. The caller deletes the rows of `AccountErased`.
pub(super) fn apply_event(
    rows: &mut HashMap<AccountId, TeacherRow>,
    id: AccountId,
    event: &AccountEvent,
    recorded: &RecordedEvent,
) {
    if let AccountEvent::AccountRegistered { role, name, nickname, locale, time_zone, .. } = event {
        let mut row = empty_row(id, recorded);
        row.is_teacher = *role == Role::Teacher;
        row.name = known_text(name);
        row.nickname = known_text(nickname);
        row.locale = locale.as_str().to_owned();
        row.time_zone = time_zone.as_str().to_owned();
        rows.insert(id, row);
        return;
    }
    let Some(row) = rows.get_mut(&id) else { return };
    row.version = recorded.sequence;
    match event {
        AccountEvent::ProfileUpdated { changes, cleared } => {
            row.apply_changes(changes);
            cleared.iter().for_each(|field| row.clear(*field));
        }
        AccountEvent::AvatarChanged { object_id } => row.avatar = Some(object_id.uuid()),
        AccountEvent::RoleGranted { role, .. } => row.is_teacher |= *role == Role::Teacher,
        AccountEvent::RoleRevoked { role, .. } => row.is_teacher &= *role != Role::Teacher,
        AccountEvent::AccountSuspended { .. } => row.status = AccountStatus::Suspended,
        AccountEvent::AccountReinstated { .. } => row.status = AccountStatus::Active,
        AccountEvent::AccountErased { .. } => {
            rows.remove(&id);
        }
        AccountEvent::AccountRegistered { .. }
        | AccountEvent::EmailVerified {}
        | AccountEvent::EmailChanged { .. }
        | AccountEvent::PhoneChanged { .. }
        | AccountEvent::LinkRequested { .. }
        | AccountEvent::DataCorrected { .. }
        | AccountEvent::ContactsRevealed { .. }
        | AccountEvent::PasswordChanged {}
        | AccountEvent::SignedIn { .. }
        | AccountEvent::SignedOut { .. }
        | AccountEvent::SessionRevoked { .. }
        | AccountEvent::SignInFailed { .. } => {}
    }
}

fn empty_row(id: AccountId, recorded: &RecordedEvent) -> TeacherRow {
    TeacherRow {
        account_id: id,
        status: AccountStatus::Active,
        is_teacher: false,
        name: None,
        nickname: None,
        avatar: None,
        bio: None,
        locale: String::new(),
        time_zone: String::new(),
        city: None,
        country: None,
        subjects: Vec::new(),
        goals: Vec::new(),
        grades: Vec::new(),
        formats: Vec::new(),
        lesson_types: Vec::new(),
        durations: Vec::new(),
        experience: None,
        experience_years: None,
        teacher_type: None,
        education: None,
        offline_available: false,
        takes_requests: false,
        hourly_rate: None,
        currency: None,
        rating: None,
        reviews_count: 0,
        lessons_count: 0,
        students_count: 0,
        created_at: recorded.recorded_at,
        version: recorded.sequence,
    }
}

impl TeacherRow {
    fn apply_changes(&mut self, new: &ProfileChanges) {
        fn set<T: Clone>(held: &mut T, new: Option<&T>) {
            if let Some(new) = new {
                held.clone_from(new);
            }
        }
        fn set_some<T: Clone>(held: &mut Option<T>, new: Option<&T>) {
            if let Some(new) = new {
                *held = Some(new.clone());
            }
        }
        fn set_known<T: Clone + Into<String>>(held: &mut Option<String>, new: Option<&Personal<T>>) {
            if let Some(new) = new {
                *held = known_text(new);
            }
        }
        set_known(&mut self.name, new.name.as_ref());
        set_known(&mut self.nickname, new.nickname.as_ref());
        set_known(&mut self.bio, new.bio.as_ref());
        set_known(&mut self.city, new.city.as_ref());
        set_some(&mut self.country, new.country.as_ref());
        set(&mut self.subjects, new.subjects.as_ref());
        set(&mut self.goals, new.goals.as_ref());
        set(&mut self.grades, new.grades.as_ref());
        set(&mut self.formats, new.formats.as_ref());
        set(&mut self.lesson_types, new.lesson_types.as_ref());
        set_some(&mut self.experience, new.experience.as_ref());
        set_some(&mut self.teacher_type, new.teacher_type.as_ref());
        set(&mut self.offline_available, new.offline_available.as_ref());
        set(&mut self.takes_requests, new.takes_requests.as_ref());
        if let Some(locale) = new.locale {
            self.locale = locale.as_str().to_owned();
        }
        if let Some(zone) = &new.time_zone {
            self.time_zone = zone.as_str().to_owned();
        }
        if let Some(durations) = &new.durations {
            self.durations = durations.iter().map(|minutes| minutes.cast_signed()).collect();
        }
        if let Some(years) = new.experience_years {
            self.experience_years = Some(i16::from(years));
        }
        if let Some(education) = &new.education {
            self.education = education.known().cloned().map(Json);
        }
        if let Some(rate) = new.hourly_rate {
            self.hourly_rate = Some(rate.amount);
            self.currency = Some(rate.currency.as_str().to_owned());
        }
    }

    fn clear(&mut self, field: ProfileField) {
        match field {
            ProfileField::Bio => self.bio = None,
            ProfileField::City => self.city = None,
            ProfileField::Country => self.country = None,
            ProfileField::Subjects => self.subjects.clear(),
            ProfileField::Goals => self.goals.clear(),
            ProfileField::Grades => self.grades.clear(),
            ProfileField::Formats => self.formats.clear(),
            ProfileField::LessonTypes => self.lesson_types.clear(),
            ProfileField::Durations => self.durations.clear(),
            ProfileField::Experience => self.experience = None,
            ProfileField::ExperienceYears => self.experience_years = None,
            ProfileField::TeacherType => self.teacher_type = None,
            ProfileField::Education => self.education = None,
            ProfileField::OfflineAvailable => self.offline_available = false,
            ProfileField::TakesRequests => self.takes_requests = false,
            ProfileField::HourlyRate => {
                self.hourly_rate = None;
                self.currency = None;
            }
            // These fields cannot be cleared.
            ProfileField::Name | ProfileField::Nickname | ProfileField::Locale | ProfileField::TimeZone => {}
            // These fields are not in the catalogue, which is public.
            ProfileField::Age
            | ProfileField::Grade
            | ProfileField::School
            | ProfileField::ParentName
            | ProfileField::ParentPhone
            | ProfileField::Interests
            | ProfileField::LearningStyle
            | ProfileField::PreferredFormats
            | ProfileField::PreferredDurations => {}
        }
    }
}
