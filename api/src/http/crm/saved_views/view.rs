//! Saved view in requests and responses.

use domain::accounts::{Lines, bounded_text};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::http::caller::Caller;
use crate::http::crm::tickets::list::CrmTicketsQuery;
use crate::http::problem::Problem;

/// Maximum length of a name, in characters.
const NAME_LIMIT: usize = 100;

/// A view to save.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveViewRequest {
    #[schema(min_length = 1, max_length = 100)]
    pub(super) name: String,
    /// True if all agents see the view.
    #[serde(default)]
    pub(super) shared: bool,
    /// Parameters of `GET /crm/tickets` as texts: `{"status":"open,in_progress","assignee":"me"}`.
    #[schema(value_type = HashMap<String, String>)]
    pub(super) query: Map<String, Value>,
}

/// A saved view.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SavedView {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) shared: bool,
    #[schema(value_type = HashMap<String, String>)]
    pub(super) query: Value,
    /// True if the caller owns the view, and can change and delete it.
    pub(super) own: bool,
    #[schema(value_type = String, format = DateTime)]
    pub(super) updated_at: Timestamp,
}

impl SaveViewRequest {
    /// Returns the name and the query to store, if the list of tickets accepts them.
    pub(super) fn validate(&self, caller: &Caller) -> Result<(String, Value), Problem> {
        let name = bounded_text(&self.name, NAME_LIMIT, Lines::Single);
        let name = name.map_err(|error| Problem::field("/name", error.code()))?;
        let query = Value::Object(self.query.clone());
        let filter: CrmTicketsQuery =
            serde_json::from_value(query.clone()).map_err(|_| Problem::field("/query", "malformed"))?;
        filter.parse_query(caller).map_err(|_| Problem::field("/query", "unknown"))?;
        Ok((name, query))
    }
}
