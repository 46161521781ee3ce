//! Tests of the golden files: every event version has one, can be read, and is in the README.

use std::collections::BTreeSet;
use std::path::Path;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde_json::Value;

use super::*;
use crate::accounts::{Account, AccountEvent};
use crate::crm::{CrmLink, CrmLinkEvent};
use crate::event::Event;
use crate::messaging::{Conversation, ConversationEvent};
use crate::notifications::{Inbox, InboxEvent};
use crate::scheduling::{
    AvailabilitySeries, Class, ClassEvent, LessonRequest, LessonRequestEvent, SeriesEvent, Slot, SlotEvent,
    WaitlistEntry, WaitlistEvent,
};
use crate::support::{Ticket, TicketEvent};
use crate::video::{VideoSession, VideoSessionEvent};
use cqrs_es::Aggregate;

use emptiness::Fields;

mod checksums;
mod emptiness;
mod plain_texts;
mod states;

const ROOM: &str = env!("CARGO_MANIFEST_DIR");
const TABLE_BEGIN: &str = "<!-- events: begin (checked by a test in `domain/src/catalogue`) -->";
const TABLE_END: &str = "<!-- events: end -->";

/// Returns every golden file, with its catalogue entry.
fn files() -> impl Iterator<Item = (&'static CatalogueEntry, &'static GoldenFile)> {
    catalogue().iter().flat_map(|entry| entry.examples.iter().map(move |file| (entry, file)))
}

fn decode(entry: &CatalogueEntry, payload: Value) -> Event {
    Event::decode(entry.aggregate_type, entry.event_type, entry.event_version, payload)
        .unwrap_or_else(|error| panic!("{}: {error:?}", entry.examples[0].name))
}

#[test]
fn every_version_ever_written_decodes() {
    for (entry, file) in files() {
        let event = decode(entry, file.json());
        assert_eq!(event.event_type(), entry.event_type);
        assert_eq!(event.aggregate_type(), entry.aggregate_type);
        assert_eq!(ContextName::of_aggregate(entry.aggregate_type), Some(entry.context));
        let again =
            Event::decode(entry.aggregate_type, entry.event_type, &event.event_version(), event.payload());
        assert_eq!(again.unwrap(), event);
    }
}

#[test]
fn what_the_present_code_writes_is_what_the_golden_file_holds() {
    for (entry, file) in files() {
        let event = decode(entry, file.json());
        if event.event_version() == entry.event_version {
            assert_eq!(event.payload(), file.json(), "{}", file.name);
        }
    }
}

#[test]
fn the_catalogue_lists_every_golden_file_and_no_other() {
    let listed: BTreeSet<_> = files().map(|(_, file)| file.name.to_owned()).collect();
    assert_eq!(listed.len(), files().count(), "an entry stands twice");
    let kept: BTreeSet<_> = std::fs::read_dir(Path::new(ROOM).join("golden"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".json"))
        .collect();
    assert_eq!(listed, kept);
}

#[test]
fn every_event_of_the_code_has_a_golden_file_of_its_present_version() {
    let present: BTreeSet<_> = catalogue()
        .iter()
        .filter(|entry| decode(entry, entry.newest_json()).event_version() == entry.event_version)
        .map(|entry| (entry.aggregate_type, entry.event_type))
        .collect();
    let missing: Vec<_> = [
        (Account::TYPE, variants_of::<AccountEvent>()),
        (CrmLink::TYPE, variants_of::<CrmLinkEvent>()),
        (Conversation::TYPE, variants_of::<ConversationEvent>()),
        (Inbox::TYPE, variants_of::<InboxEvent>()),
        (Slot::TYPE, variants_of::<SlotEvent>()),
        (AvailabilitySeries::TYPE, variants_of::<SeriesEvent>()),
        (WaitlistEntry::TYPE, variants_of::<WaitlistEvent>()),
        (Class::TYPE, variants_of::<ClassEvent>()),
        (LessonRequest::TYPE, variants_of::<LessonRequestEvent>()),
        (Ticket::TYPE, variants_of::<TicketEvent>()),
        (VideoSession::TYPE, variants_of::<VideoSessionEvent>()),
    ]
    .into_iter()
    .flat_map(|(aggregate, events)| events.iter().map(move |event| (aggregate, *event)))
    .filter(|event| !present.contains(event))
    .map(|(aggregate, event)| format!("golden/{aggregate}.{event}.<version>.json"))
    .collect();
    assert!(missing.is_empty(), "write these files and list them in catalogue/mod.rs: {missing:#?}");
}

#[test]
fn the_golden_profile_has_a_value_in_every_field() {
    let entry = catalogue().iter().find(|entry| entry.event_type == "ProfileUpdated").unwrap();
    let Event::Account(AccountEvent::ProfileUpdated { changes, cleared }) =
        decode(entry, entry.newest_json())
    else {
        panic!("another event")
    };
    let mut told = changes.fields();
    told.extend(cleared);
    told.sort();
    assert_eq!(told, crate::accounts::ProfileField::ALL);
}

#[test]
fn events_without_their_optional_parts_decode() {
    let mut bare = catalogue()[0].newest_json();
    bare["AccountRegistered"].as_object_mut().unwrap().remove("phone");
    assert_eq!(decode(&catalogue()[0], bare.clone()).payload(), bare);
}

#[test]
fn an_event_of_an_erased_person_decodes_to_erased_values() {
    fn erase(value: &mut Value) {
        match value {
            Value::Object(members) => {
                if let Some(body) = members.get_mut(PERSONAL_MARK) {
                    body.as_object_mut().unwrap().remove("value");
                } else {
                    members.values_mut().for_each(erase);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(erase),
            _ => {}
        }
    }
    for (entry, file) in files() {
        let mut erased = file.json();
        erase(&mut erased);
        let event = decode(entry, erased.clone());
        if event.event_version() == entry.event_version {
            assert_eq!(event.payload(), erased);
        }
    }
}

#[test]
fn a_payload_of_another_shape_is_an_error_that_quotes_nobody() {
    let payload =
        serde_json::json!({ "AccountRegistered": { "role": "student", "email": "anna@school.example" } });
    let error = Event::decode("Account", "AccountRegistered", "1.0", payload).unwrap_err();
    assert!(!format!("{error:?}").contains("anna"), "{error:?}");
    assert!(Event::decode("Nothing", "Happened", "1.0", Value::Null).is_err());
}

#[test]
fn the_readme_holds_the_present_table() {
    let readme = std::fs::read_to_string(Path::new(ROOM).join("README.md")).unwrap();
    let (_, rest) = readme.split_once(TABLE_BEGIN).expect("the README has the first marker");
    let (table, _) = rest.split_once(TABLE_END).expect("the README has the last marker");
    let expected = catalogue_table();
    assert!(table.trim() == expected, "put this between the markers of domain/README.md:\n\n{expected}\n");
}

#[test]
fn the_markdown_has_an_example_of_every_event() {
    let text = catalogue_markdown();
    assert!(text.contains(&catalogue_table()));
    for entry in catalogue() {
        let heading = format!("\n## {}.{} {}\n", entry.aggregate_type, entry.event_type, entry.event_version);
        assert!(text.contains(&heading), "{heading}");
    }
}

/// Returns the names of an enum's variants from serde, so that a new event without a golden file fails.
fn variants_of<'de, E: Deserialize<'de>>() -> &'static [&'static str] {
    struct Asking<'a>(&'a mut &'static [&'static str]);

    impl<'de> Deserializer<'de> for Asking<'_> {
        type Error = de::value::Error;

        fn deserialize_enum<V: Visitor<'de>>(
            self,
            _name: &'static str,
            variants: &'static [&'static str],
            _visitor: V,
        ) -> Result<V::Value, Self::Error> {
            *self.0 = variants;
            Err(de::Error::custom("only asking"))
        }

        fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Self::Error> {
            Err(de::Error::custom("not an enum"))
        }

        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
            unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
        }
    }

    let mut variants: &'static [&'static str] = &[];
    let _ = E::deserialize(Asking(&mut variants));
    assert!(!variants.is_empty(), "an event is an enum");
    variants
}

#[test]
fn every_field_of_every_event_has_a_value_in_a_golden_file() {
    let mut missing = Vec::new();
    for entry in catalogue() {
        // An upcaster may leave a field of an older version out.
        if decode(entry, entry.newest_json()).event_version() != entry.event_version {
            continue;
        }
        let fields = entry
            .examples
            .iter()
            .fold(Fields::default(), |fields, file| fields.note(&decode(entry, file.json())));
        let paths = fields.missing();
        missing.extend(paths.iter().map(|path| format!("{}: {path}", entry.examples[0].name)));
    }
    assert!(missing.is_empty(), "add a file with a value beside, as `….1.0+<field>.json`: {missing:#?}");
}
