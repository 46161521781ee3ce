//! `GET /crm/reports`: reported messages, with their text at the time of the report.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::accounts::Locale;
use domain::{AccountId, ConversationId, MessageId, Position};
use futures::TryStreamExt;
use jiff::Timestamp;
use projections::accounts::pseudonym;
use projections::messaging::{ReportDetails, reports as listed};
use serde::Serialize;

use crate::app::AppState;
use crate::http::export_format::{ExportFormat, FormatParam, format_csv, respond_with_file, stream_pages};
use crate::http::freshness::MinPosition;
use crate::http::page::{ListQuery, NoFilter, Page, PageParams};
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// A reported message.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = MessageReport)]
pub struct MessageReportView {
    #[schema(value_type = i64)]
    position: Position,
    #[schema(value_type = Uuid)]
    conversation_id: ConversationId,
    #[schema(value_type = Uuid)]
    message_id: MessageId,
    #[schema(value_type = Uuid)]
    sender_id: AccountId,
    sender_name: String,
    /// Text of the message at the time of the report. Null after erasure of the sender.
    body: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    sent_at: Timestamp,
    #[schema(value_type = Uuid)]
    reporter_id: AccountId,
    reporter_name: String,
    /// Null after erasure of the reporter.
    reason: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    reported_at: Timestamp,
}

/// Lists reported messages, latest first.
///
/// Support sees no other messages of a conversation.
/// `text/csv` returns all rows, unless a limit is given.
#[utoipa::path(
    get,
    path = "/crm/reports",
    tag = "crm",
    params(MinPosition, PageParams, FormatParam),
    responses((status = 200, content((Page<MessageReportView> = "application/json"), (String = "text/csv")))),
)]
pub async fn list_message_reports(
    State(app): State<AppState>,
    request: RequestContext,
    fresh: MinPosition,
    headers: HeaderMap,
    query: ListQuery<NoFilter>,
) -> Result<Response, Problem> {
    let after = query.parse_cursor()?;
    fresh.wait_for(&app, &["conversations", "directory"]).await?;
    let language = request.language;
    if ExportFormat::negotiate(&headers, &[ExportFormat::Csv]) != ExportFormat::Csv {
        let page = listed(&app.pool, after, query.limit).await?;
        return Ok(Json(
            Page::from_read_model(page).map(|row| MessageReportView::from_details(row, language)),
        )
        .into_response());
    }
    let rows = stream_pages(after, query.limit_given.then_some(query.limit), move |after, limit| {
        let app = app.clone();
        async move { listed(&app.pool, after, limit).await }
    });
    let csv_cells = move |row| MessageReportView::from_details(row, language).csv_cells();
    let lines = rows.map_ok(move |rows| format_csv(rows.into_iter().map(csv_cells)));
    respond_with_file(ExportFormat::Csv, "reports", format_csv([CSV_HEADER.map(str::to_owned)]), lines).await
}

const CSV_HEADER: [&str; 11] = [
    "position",
    "conversation_id",
    "message_id",
    "sender_id",
    "sender_name",
    "body",
    "sent_at",
    "reporter_id",
    "reporter_name",
    "reason",
    "reported_at",
];

impl MessageReportView {
    fn from_details(listed: ReportDetails, locale: Locale) -> Self {
        let ReportDetails { report, sender_name, reporter_name } = listed;
        Self {
            position: report.position,
            conversation_id: report.conversation_id,
            message_id: report.message_id,
            sender_id: report.sender,
            sender_name: sender_name.unwrap_or_else(|| pseudonym(report.sender, locale)),
            body: report.body,
            sent_at: report.sent_at,
            reporter_id: report.reporter,
            reporter_name: reporter_name.unwrap_or_else(|| pseudonym(report.reporter, locale)),
            reason: report.reason,
            reported_at: report.reported_at,
        }
    }

    fn csv_cells(self) -> [String; 11] {
        [
            self.position.to_string(),
            self.conversation_id.to_string(),
            self.message_id.to_string(),
            self.sender_id.to_string(),
            self.sender_name,
            self.body.unwrap_or_default(),
            self.sent_at.to_string(),
            self.reporter_id.to_string(),
            self.reporter_name,
            self.reason.unwrap_or_default(),
            self.reported_at.to_string(),
        ]
    }
}
