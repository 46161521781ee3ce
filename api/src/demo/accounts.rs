//! One demo person for each role, for who looks at the school for the first time.

use std::path::Path;

use domain::accounts::{Account, AccountCommand};
use domain::{AccountId, Role};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use uuid::Uuid;

use super::person::Person;
use super::{DemoError, by_the_school, cause, demo_password, lessons, profile};
use crate::auth::enrol::Enrolment;
use crate::auth::{Passwords, credentials};

/// How to sign in as a demo person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DemoPerson {
    pub id: AccountId,
    pub role: Role,
    pub email: String,
    pub password: String,
}

/// After an erasure the next demo person of the role comes; this many are tried.
const LIVES: u32 = 1_000;

/// One person of each role, in the order of [`Role::ALL`], who can sign in with the password of
/// `<data_dir>/demo.json`. Whoever is missing is brought in; who is there stays, and gets that password
/// again when it is another. The teacher offers lessons on the days after `now`.
///
/// # Errors
/// Postgres is away, or the file can be neither read nor made.
pub async fn ensure_demo_people(
    enrolment: Enrolment<'_>,
    passwords: &Passwords,
    data_dir: &Path,
    now: Timestamp,
) -> Result<Vec<DemoPerson>, DemoError> {
    let password = demo_password(data_dir)?;
    let hash = passwords.hash(&password).await?;
    let desk = Desk { enrolment, passwords, password: &password, hash: &hash };
    let mut people = Vec::with_capacity(Role::ALL.len());
    for role in Role::ALL {
        let (id, email) = desk.ensure(role).await?;
        people.push(DemoPerson { id, role, email, password: password.expose_secret().to_owned() });
    }
    let of = |role| people.iter().find(|person| person.role == role).map(|person| person.id);
    if let Some((teacher, student)) = of(Role::Teacher).zip(of(Role::Student)) {
        lessons::next_days(enrolment.bus, teacher, student, now).await?;
    }
    Ok(people)
}

/// The demo person of the support, brought in where there was none yet.
///
/// # Errors
/// Postgres is away.
pub(super) async fn agent(enrolment: Enrolment<'_>, hash: &str) -> Result<AccountId, DemoError> {
    let registration = Person::of_role(Role::Support).registration(AccountId(enrolment.ids.next()));
    let context = by_the_school(life_of(Role::Support, 0), "register");
    Ok(enrolment.enrol(registration, hash, context).await?.account_id)
}

fn life_of(role: Role, life: u32) -> Uuid {
    cause(&format!("role/{role}/{life}"))
}

struct Desk<'a> {
    enrolment: Enrolment<'a>,
    passwords: &'a Passwords,
    password: &'a SecretString,
    hash: &'a str,
}

impl Desk<'_> {
    /// The role's person, and their address.
    async fn ensure(&self, role: Role) -> Result<(AccountId, String), DemoError> {
        let person = Person::of_role(role);
        let mut last = AccountId(self.enrolment.ids.next());
        for life in 0..LIVES {
            let cause = life_of(role, life);
            let fresh = AccountId(self.enrolment.ids.next());
            let context = by_the_school(cause, "register");
            let enrolled = self.enrolment.enrol(person.registration(fresh), self.hash, context).await?;
            let id = enrolled.account_id;
            last = id;
            if !enrolled.replayed {
                self.introduce(&person, id, cause).await?;
                return Ok((id, person.email));
            }
            let account = self.enrolment.bus.load::<Account>(id).await.map_err(into_enrol)?;
            let Some(known) = account.state.person() else { continue };
            let email = known.email.known().map(|email| email.as_str().to_owned());
            if !known.suspended {
                // What a crash left undone; does nothing where it was done.
                self.introduce(&person, id, cause).await?;
                self.reset_password(id).await?;
            }
            return Ok((id, email.unwrap_or(person.email)));
        }
        Ok((last, person.email))
    }

    async fn introduce(&self, person: &Person, id: AccountId, cause: Uuid) -> Result<(), DemoError> {
        let verify = AccountCommand::VerifyEmail;
        self.enrolment.command(id, verify, by_the_school(cause, "verify")).await?;
        let changes = Box::new(profile::told_by(person, id));
        if !changes.fields().is_empty() {
            let command = AccountCommand::UpdateProfile { changes, cleared: Vec::new() };
            self.enrolment.command(id, command, by_the_school(cause, "profile")).await?;
        }
        Ok(())
    }

    /// Gives the person the password of the file, if they have another.
    async fn reset_password(&self, id: AccountId) -> Result<(), DemoError> {
        let pool = self.enrolment.pool;
        let stored = credentials::password_hash(pool, id).await.map_err(into_enrol)?;
        let Some(old) = stored else { return Ok(()) };
        if self.passwords.verify(self.password, Some(old.clone())).await?.is_right() {
            return Ok(());
        }
        credentials::replace_password(pool, id, &old, self.hash).await.map_err(into_enrol)?;
        let context = by_the_school(self.enrolment.ids.next(), "password");
        self.enrolment.command(id, AccountCommand::RecordPasswordChange, context).await?;
        Ok(())
    }
}

fn into_enrol(error: impl Into<crate::auth::enrol::EnrolError>) -> DemoError {
    DemoError::Enrol(error.into())
}
