//! What an erased person is called.

use domain::AccountId;
use domain::accounts::Locale;

/// A name for somebody who has none any more: the same wherever the person is mentioned, made of the
/// end of the account id (the part that is chance).
pub fn pseudonym(account_id: AccountId, locale: Locale) -> String {
    let id = account_id.uuid().simple().to_string();
    let tail = &id[id.len() - 6..];
    match locale {
        Locale::Ru => format!("Удалённый пользователь {tail}"),
        Locale::En => format!("Deleted user {tail}"),
    }
}
