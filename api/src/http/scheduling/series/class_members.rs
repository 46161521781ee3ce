//! The students of the class of a series.

use domain::scheduling::Class;
use domain::{AccountId, ClassId};

use crate::app::App;
use crate::http::problem::Problem;

/// The students of one's own class, as long as it is open.
///
/// # Errors
/// It is none: 422.
pub(super) async fn load_class_students(
    app: &App,
    class_id: ClassId,
    teacher: AccountId,
) -> Result<Vec<AccountId>, Problem> {
    let class = app.bus.load::<Class>(class_id).await?;
    let own = class.state.group().filter(|group| group.teacher == teacher && !group.closed);
    let group = own.ok_or_else(|| Problem::field("/class_id", "unknown"))?;
    Ok(group.students.iter().copied().collect())
}
