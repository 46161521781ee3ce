//! Read models of accounts: the directory of all accounts, and the catalogue of teachers.

mod account_changes;
mod acquaintances;
mod directory;
mod pseudonym;
mod status;
mod teachers;

pub(crate) use account_changes::{account_id, activity_time, known_text};
pub use acquaintances::{Acquaintance, LookupReader, acquaintances};
pub use directory::{
    AccountFilter, AccountRow, AccountSort, DirectoryReadModel, account, accounts, count_accounts,
};
pub(crate) use directory::{add_role, remove_role};
pub use pseudonym::pseudonym;
pub use status::AccountStatus;
pub use teachers::{
    CatalogueCard, TeacherCardsReadModel, TeacherFilter, TeacherRow, TeacherSort, count_teachers, teacher,
    teacher_card, teachers, teachers_plan,
};
