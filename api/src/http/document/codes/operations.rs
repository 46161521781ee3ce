//! Codes of the admin pages.

use super::{CodeList, code_list};

pub(super) fn lists() -> Vec<CodeList> {
    vec![
        code_list!("CrmDeliveryStatus", "Status of a delivery to the external CRM.", crm_sync::deliveries::DeliveryState {
            Pending => "It waits or runs.",
            Delivered => "The external CRM has the record.",
            Retrying => "The last attempt failed; another one follows.",
            Abandoned => "No attempt follows until an admin requests it.",
        }),
        code_list!("CrmFailure", "Reason why an attempt failed.", domain::crm::FailureCause {
            Timeout => "No response within the time limit; the result is unknown.",
            Connection => "No connection, or it broke; the result is unknown.",
            Refused => "The external CRM refused the request.",
            Throttled => "The external CRM has too many requests.",
            Unavailable => "The external CRM is unavailable.",
            Unreadable => "The response is not the JSON of the contract.",
            Gone => "The record was deleted permanently in the external CRM.",
        }),
        code_list!("CrmLinkStatus", "Result of the last call to the external CRM.", {
            "up" => "It answered.",
            "down" => "It did not answer.",
            "misconfigured" => "It refused the API key.",
            "unknown" => "No call was made yet.",
        }),
        code_list!("CircuitState", "State of the circuit breaker.", {
            "closed" => "Calls are made.",
            "open" => "Calls are not made for a while.",
            "half_open" => "One call tries whether the external CRM answers again.",
        }),
        code_list!("CrmOperation", "Operation about one record, which the external CRM may lack.", crm_sync::Operation {
            FindUser => "Reads one user.",
            UpdateUser => "Changes a user.",
            SetUserStatus => "Changes the status of a user.",
            DeleteUser => "Deletes a user.",
            FindTicket => "Reads one ticket.",
            UpdateTicket => "Changes a ticket.",
        }),
        code_list!("CrmRecordKind", "Kind of a record in the external CRM.", {
            "user" => "A user.",
            "ticket" => "A ticket.",
        }),
        code_list!("CrmCallPurpose", "Purpose of a call to the external CRM.", {
            "user" => "The delivery of a user.",
            "ticket" => "The delivery of a ticket.",
            "test" => "A connection test.",
            "listing" => "A comparison.",
        }),
        code_list!("CrmCallOutcome", "Outcome of a call to the external CRM.", {
            "answered" => "It succeeded.",
            "refused" => "The external CRM refused it.",
            "failed" => "It is known not to be done.",
            "unknown" => "It is unknown whether it was done.",
        }),
        code_list!("RelayState", "State of the relay.", projection_runtime::RelayState {
            Standby => "Another OS process publishes.",
            Idle => "No OS process publishes.",
            Waiting => "NATS or the log is unavailable; the relay retries.",
            Running => "All committed events are published or in flight.",
            Diverged => "The stream holds events that the log does not have; an operator must decide.",
            Refused => "The stream has another configuration, or an event cannot be sent.",
        }),
        code_list!("HandlerKind", "Kind of an event handler.", {
            "read_model" => "A read model.",
            "process" => "A process manager.",
        }),
        code_list!("HandlerState", "State of an event handler.", {
            "running" => "It applies events.",
            "idle" => "No OS process runs it.",
            "stopped" => "It is stopped before an event that it cannot apply.",
            "rebuilding" => "Its tables are rebuilt.",
        }),
        code_list!("HandlerActivity", "Activity of an event handler in one OS process.", {
            "standby" => "Another OS process applies the events.",
            "running" => "It applies events.",
            "waiting" => "The database is unavailable or busy; it tries again.",
            "stopped" => "It is stopped before an event that it cannot apply.",
            "rebuilding" => "Its tables are rebuilt.",
        }),
        code_list!("RebuildStatus", "State of a rebuild.", {
            "running" => "It is in progress.",
            "done" => "It has replaced the tables.",
            "failed" => "It stopped with an error.",
            "interrupted" => "It has written no progress for 15 seconds.",
        }),
        code_list!("NatsState", "State of the connection to NATS.", {
            "connected" => "Connected.",
            "pending" => "Not yet connected.",
            "disconnected" => "The connection is lost.",
            "none" => "This OS process runs no subscriptions.",
        }),
    ]
}
