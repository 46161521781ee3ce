//! Pseudonyms of erased persons.

use domain::AccountId;
use domain::accounts::Locale;
use translations::deleted_user_name;

/// Returns the name under which an erased person is shown; it is the same everywhere.
///
/// It is made of the last six digits of the account id, which are random.
pub fn pseudonym(account_id: AccountId, locale: Locale) -> String {
    let id = account_id.uuid().simple().to_string();
    deleted_user_name(&id[id.len() - 6..], locale)
}
