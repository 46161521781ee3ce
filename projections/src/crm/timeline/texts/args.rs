//! Arguments of a sentence, made of the parameters that the timeline keeps of an event.
//!
//! Every sentence gets all arguments, so that a translator can use each of them. An absent code is `none`.

use domain::Vocabulary;
use domain::accounts::Locale;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use translations::{FluentArgs, FluentValue, local_time, role_label, term_label};

use super::TEXTS;

const NONE: &str = "none";

/// Parameters that are passed on: codes, dates, and truth values as `yes` or `no`.
const CODES: [&str; 21] = [
    "absent",
    "agreed",
    "banned",
    "booked_by",
    "by",
    "cause",
    "closed",
    "date",
    "kind",
    "late",
    "lead",
    "lost",
    "offered",
    "on",
    "own",
    "part",
    "purpose",
    "removed",
    "lesson_room_role",
    "status",
    "what",
];
/// Parameters that are counted. An absent one is 0.
const NUMBERS: [&str; 7] = ["attachments", "attempt", "considered", "opened", "place", "rating", "skipped"];
/// Labels of a parameter: the parameter, the argument, and the list of the labels.
const LABELS: [(&str, &str, &str); 15] = [
    ("by", "party", "party"),
    ("cause", "crm_cause", "crm_cause"),
    ("cause", "delay", "delay"),
    ("channel", "channel_name", "channel"),
    ("cleared", "profile_cleared", "profile_field"),
    ("drift", "drift", "drift"),
    ("fields", "lesson_fields", "lesson_field"),
    ("fields", "profile_fields", "profile_field"),
    ("from", "priority_from", "ticket_priority"),
    ("from", "status_from", "ticket_status"),
    ("kind", "notification", "notification"),
    ("priority", "priority", "ticket_priority"),
    ("to", "priority_to", "ticket_priority"),
    ("to", "status_to", "ticket_status"),
    ("why", "non_delivery", "non_delivery"),
];

/// Returns the arguments of a sentence.
pub(super) fn event_args(params: &Value, locale: Locale) -> FluentArgs<'_> {
    let mut args = FluentArgs::with_capacity(64);
    for name in CODES {
        args.set(name, code(&params[name]));
    }
    for name in NUMBERS {
        args.set(name, params[name].as_u64().unwrap_or_default());
    }
    for (name, argument, list) in LABELS {
        args.set(argument, label(&params[name], list, locale));
    }
    let role = params["role"].as_str().unwrap_or(NONE);
    args.set("role", role_label(role, locale).unwrap_or_else(|| role.to_owned()));
    set_lesson(&mut args, params, locale);
    set_stay(&mut args, params);
    set_free_text(&mut args, params, "reason", ("reason", "has_reason"));
    set_free_text(&mut args, params, "with_name", ("person", "has_person"));
    args.set("charged", yes_or_no(params["fee"]["amount"].as_i64().is_some_and(|amount| amount > 0)));
    args.set("muted", yes_or_no(params["muted"].as_array().is_some_and(|muted| muted.len() == 2)));
    let quiet_hours = &params["quiet_hours"];
    args.set("quiet_from", code(&quiet_hours["from"]));
    args.set("quiet_to", code(&quiet_hours["to"]));
    args
}

/// Sets the subject and the times of a lesson, in the zone in which the teacher offered it.
fn set_lesson(args: &mut FluentArgs<'_>, params: &Value, locale: Locale) {
    let subject = params["subject"].as_str();
    let subject = subject.map(|code| term_label(Vocabulary::Subjects, code, locale));
    args.set("subject", subject.unwrap_or_else(|| NONE.to_owned()));
    let name = params["zone"].as_str().unwrap_or("UTC");
    let zone = TimeZone::get(name).unwrap_or(TimeZone::UTC);
    let time = |value: &Value| {
        let at: Option<Timestamp> = value.as_str().and_then(|text| text.parse().ok());
        at.map_or_else(|| NONE.to_owned(), |at| local_time(at, &zone, locale))
    };
    args.set("zone", name.to_owned());
    args.set("starts_at", time(&params["starts_at"]));
    args.set("new_time", time(&params["to"]));
}

/// Sets the length of a stay in a lesson room: whole minutes, and the remaining seconds.
fn set_stay(args: &mut FluentArgs<'_>, params: &Value) {
    let seconds = params["seconds"].as_u64().unwrap_or_default();
    args.set("stay_minutes", seconds / 60);
    args.set("stay_seconds", seconds % 60);
}

/// Sets a text by a person, and whether there is one.
fn set_free_text<'p>(
    args: &mut FluentArgs<'p>,
    params: &'p Value,
    name: &str,
    (argument, flag): (&'static str, &'static str),
) {
    let text = params[name].as_str().filter(|text| !text.trim().is_empty());
    args.set(argument, text.unwrap_or_default());
    args.set(flag, yes_or_no(text.is_some()));
}

fn code(value: &Value) -> FluentValue<'_> {
    match value {
        Value::String(code) => code.as_str().into(),
        Value::Bool(value) => yes_or_no(*value).into(),
        Value::Number(number) => match number.as_u64() {
            Some(number) => number.into(),
            None => NONE.into(),
        },
        Value::Null | Value::Array(_) | Value::Object(_) => NONE.into(),
    }
}

/// Returns the label of a code, or the labels of several codes. An unknown code is its own label, unless its
/// list has a label for unknown codes.
fn label(value: &Value, list: &str, locale: Locale) -> String {
    let of_code = |code: &str| TEXTS.label(locale, &format!("{list}-{code}"));
    let unknown = || of_code("unknown");
    match value {
        Value::String(code) => of_code(code).or_else(unknown).unwrap_or_else(|| code.clone()),
        Value::Array(codes) if !codes.is_empty() => {
            let codes = codes.iter().filter_map(Value::as_str);
            let labels: Vec<String> =
                codes.map(|code| of_code(code).unwrap_or_else(|| code.to_owned())).collect();
            labels.join(", ")
        }
        _ => unknown().unwrap_or_else(|| NONE.to_owned()),
    }
}

fn yes_or_no(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}
