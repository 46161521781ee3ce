//! Read models of accounts: the directory of everybody, the catalogue of teachers.

mod directory;
mod pseudonym;
mod status;
mod teachers;
mod touched;

pub use directory::{AccountFilter, AccountRow, AccountSort, Directory, account, accounts, count_accounts};
pub(crate) use directory::{grant, revoke};
pub use pseudonym::pseudonym;
pub use status::AccountStatus;
pub use teachers::{
    Card, TeacherCards, TeacherFilter, TeacherRow, TeacherSort, count_teachers, teacher, teacher_card,
    teachers, teachers_plan,
};
pub(crate) use touched::{account_id, activity, known};
