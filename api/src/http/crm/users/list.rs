//! `GET /crm/users`: people, filtered and sorted, as pages or as a CSV file.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use futures::TryStreamExt;
use projections::accounts::AccountStatus;
use projections::crm::{self, UserFilter, UserSort, UserType};
use serde::Deserialize;

use super::view::{UserView, contact_view};
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::crm::as_of::CrmReadView;
use crate::http::export_format::{ExportFormat, FormatParam, format_csv, respond_with_file, stream_pages};
use crate::http::freshness::MinPosition;
use crate::http::page::{CountedListQuery, CountedPageParams, Page, TimestampParam, parse_code};
use crate::http::phones::PhoneRegion;
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// Filters and order of the list of people.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CrmUsersQuery {
    /// `student`, `teacher` or `staff`.
    r#type: Option<String>,
    /// `active`, `suspended` or `erased`.
    status: Option<String>,
    /// Words of name or nickname. For support and admins also of e-mail and phone.
    q: Option<String>,
    #[param(value_type = Option<String>, format = DateTime)]
    registered_from: Option<TimestampParam>,
    /// Exclusive.
    #[param(value_type = Option<String>, format = DateTime)]
    registered_to: Option<TimestampParam>,
    /// `registered_at`, `last_active_at`, `name` or `tickets_open`; `-` reverses the order.
    sort: Option<String>,
    /// Shows the list as of this instant.
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<TimestampParam>,
}

/// Lists people.
///
/// `text/csv` returns all rows, unless a limit is given.
#[utoipa::path(
    get,
    path = "/crm/users",
    tag = "crm",
    params(MinPosition, CrmUsersQuery, CountedPageParams, FormatParam),
    responses((status = 200, content((Page<UserView> = "application/json"), (String = "text/csv")))),
)]
pub async fn list_users(
    State(app): State<AppState>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    headers: HeaderMap,
    query: CountedListQuery<CrmUsersQuery>,
) -> Result<Response, Problem> {
    let (filter, sort) = query.filter.parse_query(app.settings.phones)?;
    let after = query.parse_cursor()?;
    let view = CrmReadView::open(&app, fresh, query.filter.as_of, &["crm_users"]).await?;
    let position = view.position;
    let reader = contact_view(&caller, request.language);
    match ExportFormat::negotiate(&headers, &[ExportFormat::Csv]) {
        ExportFormat::Csv => {
            let rows = stream_pages(after, query.limit_given.then_some(query.limit), move |after, limit| {
                let (view, filter) = (view.clone(), filter.clone());
                async move { crm::users(view.acquire().await?.db(), &filter, sort, reader, after, limit).await }
            });
            let lines = rows.map_ok(|rows| format_csv(rows.into_iter().map(|user| csv_cells(user.into()))));
            let file = respond_with_file(
                ExportFormat::Csv,
                "users",
                format_csv([CSV_HEADER.map(str::to_owned)]),
                lines,
            )
            .await?;
            Ok((position, file).into_response())
        }
        ExportFormat::Json | ExportFormat::NdJson => {
            let mut guard = view.acquire().await?;
            let page = crm::users(guard.db(), &filter, sort, reader, after, query.limit).await?;
            let total = match query.with_total {
                true => Some(crm::count_users(guard.db(), &filter, reader).await?),
                false => None,
            };
            Ok((position, Json(Page::from_read_model(page).with_total(total).map(UserView::from)))
                .into_response())
        }
    }
}

impl CrmUsersQuery {
    fn parse_query(&self, phones: PhoneRegion) -> Result<(UserFilter, UserSort), Problem> {
        let filter = UserFilter {
            kind: parse_code::<UserType>("type", self.r#type.as_deref())?,
            status: parse_code::<AccountStatus>("status", self.status.as_deref())?,
            q: self.q.as_deref().map(|typed| phones.search_text(typed)),
            registered_from: self.registered_from.map(|moment| moment.0),
            registered_to: self.registered_to.map(|moment| moment.0),
        };
        let sort = parse_code::<UserSort>("sort", self.sort.as_deref())?.unwrap_or_default();
        Ok((filter, sort))
    }
}

const CSV_HEADER: [&str; 14] = [
    "id",
    "name",
    "nickname",
    "email",
    "phone",
    "type",
    "status",
    "roles",
    "subjects",
    "registered_at",
    "last_active_at",
    "lessons_completed",
    "rating",
    "tickets_open",
];

fn csv_cells(user: UserView) -> [String; 14] {
    [
        user.id.to_string(),
        user.name,
        user.nickname.unwrap_or_default(),
        user.email.unwrap_or_default(),
        user.phone.unwrap_or_default(),
        user.r#type.as_str().to_owned(),
        user.status.as_str().to_owned(),
        user.roles.join(" "),
        user.subjects.join(" "),
        user.registered_at.to_string(),
        user.last_active_at.to_string(),
        user.lessons_completed.to_string(),
        user.rating.map(|rating| rating.to_string()).unwrap_or_default(),
        user.tickets_open.to_string(),
    ]
}
