//! Tests of the open requests of a student: their number and their times.

use super::*;
use crate::EventEffects;
use crate::claims::{Claim, ClaimRefused};

#[test]
fn an_open_request_takes_a_place_and_its_time_and_gives_both_back_when_it_ends() {
    let claims = requested().claims();
    let [Claim::Unique { key, .. }, Claim::Time { person, from, to }] = &claims[..] else {
        panic!("{claims:?}")
    };
    assert_eq!(key.known(), Some(&format!("{ANNA}/0")));
    assert_eq!((*from, *to), (at(START), at("2026-11-25T16:00:00Z")));
    assert_ne!(*person, ANNA, "what is asked for is not a lesson yet: the student may have one then");
    for end in
        [accepted(VERA), LessonRequestEvent::RequestCancelled {}, LessonRequestEvent::RequestExpired {}]
    {
        assert!(matches!(end.claims()[..], [Claim::ReleaseUnique { .. }, Claim::ReleaseAllTime]), "{end:?}");
    }
    assert!(offered(VERA).claims().is_empty());
}

#[test]
fn there_are_five_places() {
    let at_place = |place| {
        let new = NewRequest { place, ..new_request() };
        given(vec![]).when(LessonRequestCommand::RequestLesson(Box::new(new))).inspect_result()
    };
    assert!(at_place(4).is_ok());
    let refused = at_place(5).unwrap_err().refusal();
    assert_eq!((refused.code, refused.reasons[0].facts["limit"].as_str()), ("too_many_requests_open", "5"));
}

#[test]
fn a_claim_that_is_held_says_which_rule_it_is() {
    let taken = ClaimRefused::Unique { scope: "open_request".to_owned() };
    assert_eq!(LessonRequestError::claim_refused(taken).code, "too_many_requests_open");
    let overlaps = ClaimRefused::Time { person: ANNA, holder: String::new() };
    assert_eq!(LessonRequestError::claim_refused(overlaps).code, "request_overlaps");
}

/// A request from before these limits reads as before, and reserves nothing.
#[test]
fn a_request_from_before_there_were_places_takes_none() {
    let mut json = serde_json::to_value(requested()).unwrap();
    json["LessonRequested"].as_object_mut().unwrap().remove("place");
    let old: LessonRequestEvent = serde_json::from_value(json).unwrap();
    assert!(matches!(old, LessonRequestEvent::LessonRequested { place: None, .. }));
    assert_eq!(old.claims(), []);
}
