//! Records each read of the log by an auditor, before the response.

use axum::http::Uri;
use jiff_sqlx::ToSqlx;

use crate::app::App;
use crate::http::caller::Caller;
use crate::http::export_format::ExportFormat;
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// Records the account, the request and the format of a read.
///
/// # Errors
/// `unavailable` without Postgres. The caller then shows nothing.
pub async fn record_access(
    app: &App,
    caller: &Caller,
    request: &RequestContext,
    uri: &Uri,
    format: ExportFormat,
) -> Result<(), Problem> {
    let what = uri.path_and_query().map_or(uri.path(), |what| what.as_str());
    sqlx::query!(
        "insert into http.audit_reads (account_id, read_at, path_and_query, content_type, correlation_id)
         values ($1, $2, $3, $4, $5)",
        caller.account_id.uuid(),
        app.clock.now().to_sqlx() as _,
        what,
        format.media_type(),
        request.correlation_id,
    )
    .execute(&app.pool)
    .await?;
    Ok(())
}
