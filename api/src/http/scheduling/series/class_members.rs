//! Students of the class of a series.

use domain::scheduling::Class;
use domain::{AccountId, ClassId};

use crate::app::App;
use crate::http::problem::Problem;

/// Loads the students of an open class of the teacher.
///
/// # Errors
/// 422 `unknown` at `/class_id` if the teacher has no such open class.
pub(super) async fn load_class_students(
    app: &App,
    class_id: ClassId,
    teacher: AccountId,
) -> Result<Vec<AccountId>, Problem> {
    let class = app.bus.load::<Class>(class_id).await?;
    let own = class.state.created().filter(|class| class.teacher == teacher && !class.closed);
    let class = own.ok_or_else(|| Problem::field("/class_id", "unknown"))?;
    Ok(class.students.iter().copied().collect())
}
