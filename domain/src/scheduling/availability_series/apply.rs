//! Applies events to a series; cannot fail and holds no rule.

use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use jiff::civil::Date;

use super::availability_series::{AvailabilitySeries, SeriesRule, SeriesState};
use super::commands::{NewSeries, SeriesCommand};
use super::error::SeriesError;
use super::events::SeriesEvent;
use crate::clock::Clock;
use crate::decider::Decider;

impl Aggregate for AvailabilitySeries {
    const TYPE: &'static str = "AvailabilitySeries";
    type Command = SeriesCommand;
    type Event = SeriesEvent;
    type Error = SeriesError;
    type Services = Arc<dyn Clock>;

    async fn handle(
        &mut self,
        command: SeriesCommand,
        clock: &Arc<dyn Clock>,
        sink: &EventSink<Self>,
    ) -> Result<(), SeriesError> {
        for event in self.decide(&command, clock.now())? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: SeriesEvent) {
        match (&mut *self, event) {
            (
                AvailabilitySeries::Undefined,
                SeriesEvent::SeriesDefined {
                    teacher,
                    rrule,
                    local_start,
                    zone,
                    duration_minutes,
                    template,
                    class_id,
                },
            ) => {
                let new =
                    NewSeries { teacher, rrule, local_start, zone, duration_minutes, template, class_id };
                *self = AvailabilitySeries::Defined(Box::new(SeriesState::of(&new)));
            }
            (AvailabilitySeries::Defined(state), event) => state.apply(event),
            // No other event can come before the definition.
            (AvailabilitySeries::Undefined, _) => {}
        }
    }
}

impl SeriesState {
    fn apply(&mut self, event: SeriesEvent) {
        match event {
            SeriesEvent::SeriesChanged { from, rrule, local_start, zone, duration_minutes, template } => {
                self.change(from, |rule| {
                    rule.rrule = rrule.unwrap_or(std::mem::take(&mut rule.rrule));
                    rule.local_start = local_start.unwrap_or(rule.local_start);
                    if let Some(zone) = zone {
                        rule.zone = zone;
                    }
                    rule.duration_minutes = duration_minutes.unwrap_or(rule.duration_minutes);
                    if let Some(template) = template {
                        rule.template = template;
                    }
                });
            }
            SeriesEvent::SeriesExceptionAdded { date } => {
                self.exceptions.insert(date);
            }
            SeriesEvent::SeriesEnded { from } => self.ended_from = Some(from),
            SeriesEvent::SeriesExtended { through, skipped, .. } => {
                self.extended_through = Some(through);
                self.skipped = skipped.into_iter().collect();
            }
            SeriesEvent::SeriesDefined { .. } => {}
        }
    }
}

impl SeriesState {
    /// Series after these events.
    pub fn after(&self, events: impl IntoIterator<Item = SeriesEvent>) -> Self {
        let mut changed = self.clone();
        events.into_iter().for_each(|event| changed.apply(event));
        changed
    }

    /// Rules after a change; it replaces all rules from its date on.
    fn change(&mut self, from: Date, apply: impl FnOnce(&mut SeriesRule)) {
        let Some(mut rule) = self.rule_on(from).cloned() else { return };
        self.changes += 1;
        (rule.number, rule.from) = (self.changes, from);
        apply(&mut rule);
        self.rules.retain(|earlier| earlier.from < from);
        self.rules.push(rule);
    }
}
