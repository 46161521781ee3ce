//! `kafedra admin`: creates admins, grants and revokes roles.

use std::io::{Read, stdin};
use std::process::ExitCode;

use anyhow::{Context as _, bail, ensure};
use domain::accounts::{
    Account, AccountCommand, Email, Locale, Nickname, PersonName, Registration, TimeZoneName, ValueError,
    check_password,
};
use domain::{AccountId, Ids, RandomIds, Role};
use secrecy::{ExposeSecret, SecretString};

use super::demo_password::generate_password;
use super::offline_services::OfflineServices;
use super::{cli_context, print_json, print_message};
use crate::auth::Passwords;
use crate::config::Config;
use crate::http::accounts::view::AccountView;

/// Make admins, grant and revoke roles.
///
/// Every user who can run this program with access to the database may do this; it is the only way to the
/// first admin. The log records the actor `system:cli`.
#[derive(Debug, clap::Args)]
pub struct AdminArguments {
    #[command(subcommand)]
    command: AdminCommand,
}

#[derive(Debug, clap::Subcommand)]
enum AdminCommand {
    Create(Box<CreateCommand>),
    Grant(ChangeRoleCommand),
    Revoke(ChangeRoleCommand),
}

/// Register a person as an admin and print the account as JSON.
///
/// Without a password one is generated and printed on stderr. The e-mail address counts as verified.
///
/// Exit status 1 if the address or the nickname is taken.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    kafedra admin create --email boss@tool.example --name 'Ada Larksmead' --nickname ada\n  \
    pass show kafedra | kafedra admin create --email boss@tool.example --name 'Ada Larksmead' \\\n    \
      --nickname ada --password-stdin\n  \
    kafedra admin create … | jq -r .id")]
struct CreateCommand {
    /// E-mail address to sign in with.
    #[arg(long, value_parser = Email::parse)]
    email: Email,
    /// Full name.
    #[arg(long, value_parser = PersonName::parse)]
    name: PersonName,
    /// 2 to 32 letters, digits, dots, underscores or hyphens; unique.
    #[arg(long, value_parser = Nickname::parse)]
    nickname: Nickname,
    /// The password, at least 10 characters. Other users of the machine may see it in the list of processes.
    #[arg(long, conflicts_with = "password_stdin")]
    password: Option<SecretString>,
    /// Read the password from stdin, up to the first line break.
    #[arg(long)]
    password_stdin: bool,
    /// Language of the person: ru or en.
    #[arg(long, value_parser = parse_locale, default_value = "ru")]
    locale: Locale,
    /// IANA time zone.
    #[arg(long, value_parser = TimeZoneName::parse, default_value = "Europe/Moscow")]
    time_zone: TimeZoneName,
}

/// Grant or revoke a role, and print the account as JSON.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    kafedra admin grant --to anna@tool.example --role support\n  \
    kafedra admin revoke --to 0198c0de-0000-7000-8000-000000000001 --role admin --reason 'has left'")]
struct ChangeRoleCommand {
    /// E-mail address or id of the account.
    #[arg(long, visible_alias = "from", value_name = "EMAIL|ID")]
    to: String,
    /// student, teacher, support, analyst, admin or auditor.
    #[arg(long)]
    role: Role,
    /// Reason, recorded in the log.
    #[arg(long, default_value = "at the command line")]
    reason: String,
}

pub async fn run(arguments: AdminArguments, config: Config) -> anyhow::Result<ExitCode> {
    let services = OfflineServices::open(config).await?;
    let answer = match arguments.command {
        AdminCommand::Create(command) => create_admin(&services, *command).await,
        AdminCommand::Grant(ChangeRoleCommand { to, role, reason }) => {
            change_role(&services, &to, AccountCommand::GrantRole { role, reason }).await
        }
        AdminCommand::Revoke(ChangeRoleCommand { to, role, reason }) => {
            change_role(&services, &to, AccountCommand::RevokeRole { role, reason }).await
        }
    };
    services.close().await;
    answer?;
    Ok(ExitCode::SUCCESS)
}

async fn create_admin(services: &OfflineServices, command: CreateCommand) -> anyhow::Result<()> {
    let password = command.password()?;
    let own = [command.email.as_str(), command.nickname.as_str(), command.name.as_str()];
    check_password(password.expose_secret(), &own)?;
    let hash = Passwords::new()?.hash(&password).await?;
    let registration = Registration {
        account_id: AccountId(RandomIds.next()),
        role: Role::Admin,
        by_admin: true,
        email: command.email,
        name: command.name,
        nickname: command.nickname,
        phone: None,
        locale: command.locale,
        time_zone: command.time_zone,
        terms_version: "staff".to_owned(),
    };
    let registered = services.registration().register(registration, &hash, cli_context()).await?;
    let id = registered.account_id;
    services.registration().dispatch(id, AccountCommand::VerifyEmail, cli_context()).await?;
    if command.password.is_none() && !command.password_stdin {
        print_message(&format!("the password (printed only once): {}", password.expose_secret()));
    }
    print_account(services, id).await
}

impl CreateCommand {
    fn password(&self) -> anyhow::Result<SecretString> {
        match (&self.password, self.password_stdin) {
            (Some(password), _) => Ok(password.clone()),
            (None, true) => {
                let mut text = String::new();
                stdin().read_to_string(&mut text).context("cannot read stdin as text")?;
                let line = text.lines().next().unwrap_or_default().to_owned();
                ensure!(!line.is_empty(), "stdin contains no password");
                Ok(line.into())
            }
            (None, false) => Ok(generate_password()?),
        }
    }
}

async fn change_role(
    services: &OfflineServices,
    account: &str,
    command: AccountCommand,
) -> anyhow::Result<()> {
    let id = find_account(services, account).await?;
    services.registration().dispatch(id, command, cli_context()).await?;
    print_account(services, id).await
}

async fn find_account(services: &OfflineServices, account: &str) -> anyhow::Result<AccountId> {
    if let Ok(id) = account.parse() {
        return Ok(id);
    }
    let Ok(email) = Email::parse(account) else { bail!("{account} is neither an e-mail address nor an id") };
    let found = services.registration().find_by_email(&email).await?;
    found.with_context(|| format!("no account has the address {account}"))
}

async fn print_account(services: &OfflineServices, id: AccountId) -> anyhow::Result<()> {
    let account = services.bus.load::<Account>(id).await?;
    let Ok(view) = AccountView::load(&services.pool, &account).await else {
        bail!("there is no such account")
    };
    print_json(&view)
}

/// Parses the code of a language.
fn parse_locale(code: &str) -> Result<Locale, ValueError> {
    Locale::parse(code).ok_or(ValueError::Unknown)
}
