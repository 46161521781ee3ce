//! `GET /crm/canned-replies`: canned replies by title.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use super::view::CannedReply;
use crate::app::AppState;
use crate::http::export_format::{ExportFormat, respond_with_rows};
use crate::http::page::{ListQuery, NoFilter, Page, PageParams};
use crate::http::problem::Problem;

/// Lists the canned replies by title.
///
/// `text/csv` returns all rows, unless a limit is given.
#[utoipa::path(
    get,
    path = "/crm/canned-replies",
    tag = "desk",
    params(PageParams),
    responses((status = 200, content((Page<CannedReply> = "application/json"), (String = "text/csv")))),
)]
pub async fn list_canned_replies(
    State(app): State<AppState>,
    headers: HeaderMap,
    query: ListQuery<NoFilter>,
) -> Result<Response, Problem> {
    let (title, id) = query.parse_sort_key::<(String, Uuid)>()?.unzip();
    let format = ExportFormat::negotiate(&headers, &[ExportFormat::Csv]);
    let rows = sqlx::query_as!(
        CannedReply,
        r#"select id, title, body, updated_at as "updated_at: jiff_sqlx::Timestamp"
           from desk.canned_replies
           where $1::text is null or (title, id) > ($1, $2::uuid)
           order by title, id
           limit $3"#,
        title,
        id,
        query.row_limit(format),
    );
    let rows = rows.fetch_all(&app.pool).await?;
    if format == ExportFormat::Csv {
        let header = ["id", "title", "body", "updated_at"];
        return respond_with_rows("canned-replies", header, rows.into_iter().map(csv_cells)).await;
    }
    Ok(Answer(Page::from_rows(rows, query.limit, |row| (row.title.clone(), row.id))).into_response())
}

fn csv_cells(reply: CannedReply) -> [String; 4] {
    [reply.id.to_string(), reply.title, reply.body, reply.updated_at.to_string()]
}
