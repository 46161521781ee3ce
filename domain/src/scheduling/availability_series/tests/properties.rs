//! Invariants of every series, for random rules, zones and commands.

use cqrs_es::Aggregate;
use proptest::prelude::*;

use super::*;
use crate::decider::Decider;
use crate::property_testing::any_command;
use crate::scheduling::Initiator;

const ZONES: [&str; 6] = [
    "Europe/Berlin",
    "America/New_York",
    "Asia/Tehran",
    "Europe/Moscow",
    "Australia/Lord_Howe",
    "Pacific/Apia",
];

fn any_rule() -> impl Strategy<Value = String> {
    let by = prop_oneof![
        Just(String::new()),
        Just(";BYDAY=MO,TH".to_owned()),
        Just(";BYDAY=2TU".to_owned()),
        (-31i8..=31).prop_map(|day| format!(";BYMONTHDAY={day}")),
        (1u8..=12).prop_map(|month| format!(";BYMONTH={month}")),
        (0u8..=23).prop_map(|hour| format!(";BYHOUR={hour},7")),
        (1i8..=53).prop_map(|week| format!(";BYWEEKNO={week}")),
        (1i16..=366).prop_map(|day| format!(";BYYEARDAY={day}")),
    ];
    let end = prop_oneof![
        Just(String::new()),
        (0u16..1100).prop_map(|count| format!(";COUNT={count}")),
        Just(";UNTIL=20271231".to_owned())
    ];
    let freq = prop_oneof![Just("DAILY"), Just("WEEKLY"), Just("MONTHLY"), Just("YEARLY"), Just("HOURLY")];
    (freq, 0u16..20, by, end)
        .prop_map(|(freq, interval, by, end)| format!("FREQ={freq};INTERVAL={interval}{by}{end}"))
}

fn any_day() -> impl Strategy<Value = Date> {
    (0i32..700).prop_map(|days| day("2026-11-20").saturating_add(jiff::Span::new().days(days)))
}

fn any_start() -> impl Strategy<Value = DateTime> {
    (any_day(), 0i8..24, 0i8..12).prop_map(|(day, hour, fives)| day.at(hour, fives * 5, 0, 0))
}

fn any_command() -> impl Strategy<Value = SeriesCommand> {
    let zone_of = |name: Option<&str>| name.map(zone);
    let zones = proptest::option::of(prop::sample::select(&ZONES[..]));
    let change = (any_day(), any_rule(), proptest::option::of(any_start()), zones);
    any_command!(SeriesCommand {
        DefineSeries: 1 => (any_rule(), any_start(), prop::sample::select(&ZONES[..])).prop_map(|(rrule, local_start, name)| {
            SeriesCommand::DefineSeries(Box::new(NewSeries {
                rrule,
                local_start,
                zone: zone(name),
                ..tuesdays()
            }))
        }),
        ChangeSeries: 1 => change.prop_map(move |(from, rrule, local_start, name)| SeriesCommand::ChangeSeries {
            by: TEACHER,
            from,
            change: Box::new(SeriesChange {
                rrule: Some(rrule),
                local_start,
                zone: zone_of(name),
                ..SeriesChange::default()
            }),
        }),
        AddException: 1 => any_day().prop_map(|date| SeriesCommand::AddException { by: TEACHER, date }),
        EndSeries: 1 => any_day().prop_map(|from| SeriesCommand::EndSeries { by: Initiator::System, from }),
        RecordExtension: 1 => (any_day(), 0u32..3).prop_map(|(through, opened)| {
            SeriesCommand::RecordExtension { through, opened, skipped: vec![] }
        }),
    })
}

proptest! {
    #[test]
    fn no_text_makes_a_rule_fall_over(text in "\\PC{0,60}", start in any_start()) {
        let _ = Recurrence::parse(&text, start, &zone("Europe/Berlin"));
        let _ = Recurrence::parse(&format!("FREQ=DAILY;{text}"), start, &zone("Europe/Berlin"));
    }

    #[test]
    fn a_rule_names_times_in_order_within_what_was_asked(
        rule in any_rule(), start in any_start(), from in any_day(), days in 0i32..400,
    ) {
        let berlin = zone("Europe/Berlin");
        let Ok(recurrence) = Recurrence::parse(&rule, start, &berlin) else { return Ok(()) };
        let through = from.saturating_add(jiff::Span::new().days(days));
        let times = recurrence.between(from, through);
        prop_assert!(times.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(times.iter().all(|time| (from..=through).contains(&time.date()) && *time >= start));
        prop_assert_eq!(Recurrence::parse(recurrence.as_str(), start, &berlin), Ok(recurrence));
    }

    #[test]
    fn the_wall_shows_the_local_time_wherever_there_is_such_a_time(
        start in any_start(), name in prop::sample::select(&ZONES[..]),
    ) {
        let zone = zone(name);
        let instant = instant_of(start, &zone).unwrap();
        let shown = local_of(instant, &zone);
        // In a gap the local clock shows a later time, by the length of the gap.
        prop_assert!(shown >= start);
        let behind = shown.duration_since(start);
        prop_assert!(behind.is_zero() || behind <= jiff::SignedDuration::from_hours(24));
        if behind.is_zero() {
            let earlier = instant - jiff::SignedDuration::from_mins(5);
            prop_assert!(local_of(earlier, &zone) < start || local_of(earlier, &zone) > shown);
        }
    }

    #[test]
    fn whatever_is_decided_the_series_names_no_time_twice_or_where_it_must_not(
        commands in prop::collection::vec(any_command(), 1..12),
    ) {
        let mut series = AvailabilitySeries::default();
        for command in commands {
            let Ok(events) = series.decide(&command, now()) else { continue };
            let before = series.state().and_then(|state| state.extended_through);
            for event in events {
                let json = serde_json::to_string(&event).unwrap();
                prop_assert_eq!(&serde_json::from_str::<SeriesEvent>(&json).unwrap(), &event);
                series.apply(event);
            }
            prop_assert!(before <= series.state().and_then(|state| state.extended_through));
            if !matches!(command, SeriesCommand::DefineSeries(_) | SeriesCommand::RecordExtension { .. }) {
                prop_assert_eq!(series.decide(&command, now()).unwrap_or_default(), vec![]);
            }
        }
        let Some(state) = series.state() else { return Ok(()) };
        let found = state.occurrences(day("2026-11-20"), day("2029-01-01"));
        prop_assert!(found.windows(2).all(|pair| pair[0].local < pair[1].local));
        for one in &found {
            prop_assert!(!state.exceptions.contains(&one.local.date()));
            prop_assert!(!state.is_ended_on(one.local.date()));
            prop_assert_eq!(state.rule_on(one.local.date()), Some(one.rule));
        }
        let ids: std::collections::BTreeSet<_> = found.iter().map(|one| one.slot_id(SERIES)).collect();
        prop_assert_eq!(ids.len(), found.len());
        let snapshot = serde_json::to_string(&series).unwrap();
        prop_assert_eq!(serde_json::from_str::<AvailabilitySeries>(&snapshot).unwrap(), series);
    }
}
