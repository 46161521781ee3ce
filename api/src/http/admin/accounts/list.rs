//! `GET /admin/accounts`: all accounts with their roles.

use axum::Json;
use axum::extract::State;
use domain::{AccountId, ObjectId, Role};
use jiff::Timestamp;
use projections::accounts::{self, AccountFilter, AccountRow, AccountSort, AccountStatus};
use serde::{Deserialize, Serialize};

use crate::app::AppState;
use crate::http::accounts::view::avatar_url;
use crate::http::freshness::MinPosition;
use crate::http::page::{CountedListQuery, CountedPageParams, Page, parse_choice, parse_code};
use crate::http::problem::Problem;

/// Filters and order of the list of accounts.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AccountsQuery {
    role: Option<String>,
    /// `active`, `suspended` or `erased`.
    status: Option<String>,
    /// Words of name, nickname, e-mail or phone.
    q: Option<String>,
    /// `-created_at` (the default) or `created_at`.
    sort: Option<String>,
}

/// An account in the list of admins. Personal data is null after erasure.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ListedAccount {
    #[schema(value_type = uuid::Uuid)]
    id: AccountId,
    email: Option<String>,
    email_verified: bool,
    name: Option<String>,
    nickname: Option<String>,
    phone: Option<String>,
    roles: Vec<String>,
    /// `active`, `suspended` or `erased`.
    #[schema(value_type = String)]
    status: AccountStatus,
    locale: String,
    time_zone: String,
    avatar_url: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    last_active_at: Timestamp,
}

/// Lists all accounts with their roles.
#[utoipa::path(
    get,
    path = "/admin/accounts",
    tag = "admin",
    params(MinPosition, AccountsQuery, CountedPageParams),
    responses((status = 200, body = Page<ListedAccount>)),
)]
pub async fn list_accounts(
    State(app): State<AppState>,
    fresh: MinPosition,
    query: CountedListQuery<AccountsQuery>,
) -> Result<Json<Page<ListedAccount>>, Problem> {
    let filter = AccountFilter {
        role: parse_choice("role", query.filter.role.as_deref(), |text| text.parse::<Role>().ok())?,
        status: parse_code::<AccountStatus>("status", query.filter.status.as_deref())?,
        q: query.filter.q.as_deref().map(|typed| app.settings.phones.search_text(typed)),
    };
    let sort = parse_code::<AccountSort>("sort", query.filter.sort.as_deref())?.unwrap_or_default();
    let after = query.parse_cursor()?;
    fresh.wait_for(&app, &["directory"]).await?;
    let page = accounts::accounts(&app.pool, &filter, sort, after, query.limit).await?;
    let total = match query.with_total {
        true => Some(accounts::count_accounts(&app.pool, &filter).await?),
        false => None,
    };
    Ok(Json(Page::from_read_model(page).with_total(total).map(ListedAccount::from)))
}

impl From<AccountRow> for ListedAccount {
    fn from(row: AccountRow) -> Self {
        Self {
            id: row.account_id,
            email: row.email,
            email_verified: row.email_verified,
            name: row.name,
            nickname: row.nickname,
            phone: row.phone,
            roles: row.roles,
            status: row.status,
            locale: row.locale,
            time_zone: row.time_zone,
            avatar_url: row.avatar.map(|object| avatar_url(ObjectId(object))),
            created_at: row.created_at,
            last_active_at: row.last_active_at,
        }
    }
}
