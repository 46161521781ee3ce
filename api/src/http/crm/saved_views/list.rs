//! `GET /crm/views`: views of the caller and shared views, by name.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use super::view::SavedView;
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::export_format::{ExportFormat, respond_with_rows};
use crate::http::page::{ListQuery, NoFilter, Page, PageParams};
use crate::http::problem::Problem;

/// Lists the caller's and the shared views by name.
///
/// `text/csv` returns all rows, unless a limit is given.
#[utoipa::path(
    get,
    path = "/crm/views",
    tag = "desk",
    params(PageParams),
    responses((status = 200, content((Page<SavedView> = "application/json"), (String = "text/csv")))),
)]
pub async fn list_saved_views(
    State(app): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    query: ListQuery<NoFilter>,
) -> Result<Response, Problem> {
    let (name, id) = query.parse_sort_key::<(String, Uuid)>()?.unzip();
    let format = ExportFormat::negotiate(&headers, &[ExportFormat::Csv]);
    let rows = sqlx::query_as!(
        SavedView,
        r#"select id, name, shared, query, owner = $1 as "own!",
                  updated_at as "updated_at: jiff_sqlx::Timestamp"
           from desk.views
           where (owner = $1 or shared)
             and ($2::text is null or (name, id) > ($2, $3::uuid))
           order by name, id
           limit $4"#,
        caller.account_id.uuid(),
        name,
        id,
        query.row_limit(format),
    );
    let rows = rows.fetch_all(&app.pool).await?;
    if format == ExportFormat::Csv {
        let header = ["id", "name", "shared", "own", "query", "updated_at"];
        return respond_with_rows("views", header, rows.into_iter().map(csv_cells)).await;
    }
    Ok(Answer(Page::from_rows(rows, query.limit, |row| (row.name.clone(), row.id))).into_response())
}

fn csv_cells(view: SavedView) -> [String; 6] {
    [
        view.id.to_string(),
        view.name,
        view.shared.to_string(),
        view.own.to_string(),
        view.query.to_string(),
        view.updated_at.to_string(),
    ]
}
