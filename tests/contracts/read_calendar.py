"""Reads an iCalendar from the input with two readers that know nothing of each other, prints both findings."""

import json
import sys

import icalendar
import vobject

text = sys.stdin.buffer.read()


def with_icalendar():
    calendar = icalendar.Calendar.from_ical(text)
    assert not calendar.errors, calendar.errors
    for event in calendar.walk("VEVENT"):
        assert not event.errors, event.errors
        yield {
            "uid": str(event["UID"]),
            "stamp": int(event["DTSTAMP"].dt.timestamp()),
            "starts": int(event["DTSTART"].dt.timestamp()),
            "ends": int(event["DTEND"].dt.timestamp()),
            "sequence": int(event["SEQUENCE"]),
            "status": str(event["STATUS"]),
            "summary": str(event["SUMMARY"]),
            "location": str(event["LOCATION"]) if "LOCATION" in event else None,
        }


def with_vobject():
    calendar = vobject.readOne(text.decode())
    for event in calendar.contents.get("vevent", []):
        yield {
            "uid": event.uid.value,
            "stamp": int(event.dtstamp.value.timestamp()),
            "starts": int(event.dtstart.value.timestamp()),
            "ends": int(event.dtend.value.timestamp()),
            "sequence": int(event.sequence.value),
            "status": event.status.value,
            "summary": event.summary.value,
            "location": event.location.value if hasattr(event, "location") else None,
        }


print(json.dumps({"icalendar": list(with_icalendar()), "vobject": list(with_vobject())}))
