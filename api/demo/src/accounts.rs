//! One demo person for each role, for a first look at an installation.

use domain::accounts::{AccountCommand, Email};
use domain::{AccountId, Command, CommandContext, Dispatch, Role};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use uuid::Uuid;

use super::person::Person;
use super::ports::Accounts;
use super::{DemoError, cause, lessons, profile, system_context};

/// Credentials of a demo person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DemoPerson {
    pub id: AccountId,
    pub role: Role,
    pub email: String,
    pub password: String,
}

/// Most erased demo persons of a role that are skipped; after an erasure the role gets a new person.
const MAX_ERASURES: u32 = 1_000;

/// Returns one person of each role, in the order of [`Role::ALL`], who can sign in with `password`. Registers
/// missing people, and resets the password of existing ones if it differs. The teacher offers lessons on the
/// days after `now`.
///
/// # Errors
/// [`DemoError`] if Postgres is unavailable.
pub async fn ensure_demo_people(
    accounts: &dyn Accounts,
    dispatch: &dyn Dispatch,
    password: &SecretString,
    hash: &str,
    now: Timestamp,
) -> Result<Vec<DemoPerson>, DemoError> {
    let demo = AccountDemo { accounts, password, hash };
    let mut people = Vec::with_capacity(Role::ALL.len());
    for role in Role::ALL.iter().copied() {
        let (id, email) = demo.ensure_person(role).await?;
        people.push(DemoPerson { id, role, email, password: password.expose_secret().to_owned() });
    }
    let of = |role| people.iter().find(|person| person.role == role).map(|person| person.id);
    if let Some((teacher, student)) = of(Role::Teacher).zip(of(Role::Student)) {
        lessons::seed_next_days(dispatch, teacher, student, now).await?;
    }
    Ok(people)
}

/// Returns the demo agent of the support desk; registers them if they are missing.
///
/// # Errors
/// [`DemoError`] if Postgres is unavailable.
pub(super) async fn register_agent(accounts: &dyn Accounts, hash: &str) -> Result<AccountId, DemoError> {
    let registration = Person::of_role(Role::Support).registration(AccountId(accounts.next_id()));
    let context = system_context(cause_of(Role::Support, 0), "register");
    Ok(accounts.register(registration, hash, context).await?.account_id)
}

/// Returns the commands that register the demo person of a role with a profile. A later
/// [`ensure_demo_people`] finds the person.
pub(super) fn role_commands(role: Role) -> (AccountId, Email, Vec<(Command, CommandContext)>) {
    let (person, cause) = (Person::of_role(role), cause_of(role, 0));
    let id = AccountId(Uuid::new_v5(&cause, b"account"));
    let registration = person.registration(id);
    let email = registration.email.clone();
    let mut commands = vec![
        ("register", AccountCommand::RegisterAccount(registration)),
        ("verify", AccountCommand::VerifyEmail),
    ];
    let changes = Box::new(profile::build_profile(&person, id));
    if !changes.fields().is_empty() {
        commands.push(("profile", AccountCommand::UpdateProfile { changes, cleared: Vec::new() }));
    }
    let prepare = |(purpose, command)| (Command::Account(id, command), system_context(cause, purpose));
    (id, email, commands.into_iter().map(prepare).collect())
}

fn cause_of(role: Role, generation: u32) -> Uuid {
    cause(&format!("role/{role}/{generation}"))
}

struct AccountDemo<'a> {
    accounts: &'a dyn Accounts,
    password: &'a SecretString,
    hash: &'a str,
}

impl AccountDemo<'_> {
    /// Returns the id and the address of the person of a role; registers them if they are missing.
    async fn ensure_person(&self, role: Role) -> Result<(AccountId, String), DemoError> {
        let person = Person::of_role(role);
        let mut last = AccountId(self.accounts.next_id());
        for generation in 0..MAX_ERASURES {
            let cause = cause_of(role, generation);
            let fresh = AccountId(self.accounts.next_id());
            let context = system_context(cause, "register");
            let enrolled = self.accounts.register(person.registration(fresh), self.hash, context).await?;
            let id = enrolled.account_id;
            last = id;
            if !enrolled.replayed {
                self.complete_profile(&person, id, cause).await?;
                return Ok((id, person.email));
            }
            let account = self.accounts.load(id).await?;
            let Some(known) = account.person() else { continue };
            let email = known.email.known().map(|email| email.as_str().to_owned());
            if !known.suspended {
                // Completes a run that has crashed; has no effect after a complete run.
                self.complete_profile(&person, id, cause).await?;
                self.reset_password(id).await?;
            }
            return Ok((id, email.unwrap_or(person.email)));
        }
        Ok((last, person.email))
    }

    async fn complete_profile(&self, person: &Person, id: AccountId, cause: Uuid) -> Result<(), DemoError> {
        let verify = AccountCommand::VerifyEmail;
        self.accounts.command(id, verify, system_context(cause, "verify")).await?;
        let changes = Box::new(profile::build_profile(person, id));
        if !changes.fields().is_empty() {
            let command = AccountCommand::UpdateProfile { changes, cleared: Vec::new() };
            self.accounts.command(id, command, system_context(cause, "profile")).await?;
        }
        Ok(())
    }

    /// Resets the password of the person if it is not the one of the file.
    async fn reset_password(&self, id: AccountId) -> Result<(), DemoError> {
        if !self.accounts.replace_password(id, self.password, self.hash).await? {
            return Ok(());
        }
        let context = system_context(self.accounts.next_id(), "password");
        self.accounts.command(id, AccountCommand::RecordPasswordChange, context).await?;
        Ok(())
    }
}
