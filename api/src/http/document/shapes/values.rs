//! Money and reasons.

use std::collections::BTreeMap;

/// Amount of money in minor units of its currency.
#[derive(utoipa::ToSchema)]
#[schema(example = json!({ "amount": 150_000, "currency": "RUB" }))]
pub struct Money {
    /// Minor units: 150000 is 1500 roubles.
    amount: i64,
    /// Currency of the amount.
    currency: String,
}

/// Reason of a refusal, of an offer or of a status.
#[derive(utoipa::ToSchema)]
pub struct Reason {
    /// Code of the rule or of the failed check.
    code: String,
    /// JSON pointer (RFC 6901) of the field, if the reason is about a value.
    pointer: Option<String>,
    /// Facts behind the reason: names and values that are not personal.
    facts: BTreeMap<String, String>,
}
