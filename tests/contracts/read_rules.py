"""Reads recurrence rules from the input as RFC 5545 has them, prints the times of each, or null for an invalid rule.

dateutil expands the rules. It accepts what the RFC forbids, so the grammar and each MUST NOT of 3.3.10 are here.
"""

import json
import re
import sys
from datetime import datetime
from itertools import islice

from dateutil.rrule import rrulestr


def numbers(low, high, signed=False):
    def fits(value):
        for part in value.split(","):
            if not re.fullmatch(r"[+-]?\d+" if signed else r"\d+", part):
                return False
            number = int(part)
            if signed and number == 0 or not low <= (abs(number) if signed else number) <= high:
                return False
        return True

    return fits


def days(value):
    for part in value.split(","):
        found = re.fullmatch(r"([+-]?\d+)?(MO|TU|WE|TH|FR|SA|SU)", part)
        if not found or found[1] and not 1 <= abs(int(found[1])) <= 53:
            return False
    return True


PARTS = {
    "FREQ": lambda value: value in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"),
    "INTERVAL": lambda value: value.isdigit() and 1 <= int(value) <= 1000,
    "COUNT": lambda value: value.isdigit() and 1 <= int(value) <= 1000,
    "UNTIL": lambda value: re.fullmatch(r"\d{8}(T\d{6}Z?)?", value) is not None,
    "BYMONTH": numbers(1, 12),
    "BYWEEKNO": numbers(1, 53, signed=True),
    "BYYEARDAY": numbers(1, 366, signed=True),
    "BYMONTHDAY": numbers(1, 31, signed=True),
    "BYDAY": days,
    "BYHOUR": numbers(0, 23),
    "BYMINUTE": numbers(0, 59),
    "BYSETPOS": numbers(1, 366, signed=True),
    "WKST": lambda value: value in ("MO", "TU", "WE", "TH", "FR", "SA", "SU"),
}


def is_valid(rule):
    parts = [part.split("=", 1) for part in rule.split(";")]
    names = [part[0] for part in parts]
    if any(len(part) != 2 for part in parts) or len(set(names)) != len(names) or "FREQ" not in names:
        return False
    if not all(name in PARTS and PARTS[name](value) for name, value in parts):
        return False
    values = dict(parts)
    frequency = values["FREQ"]
    is_numbered = re.search(r"\d", values.get("BYDAY", "")) is not None
    return not (
        "COUNT" in values and "UNTIL" in values
        or is_numbered and frequency not in ("MONTHLY", "YEARLY")
        or is_numbered and "BYWEEKNO" in values
        or "BYMONTHDAY" in values and frequency == "WEEKLY"
        or "BYYEARDAY" in values and frequency != "YEARLY"
        or "BYWEEKNO" in values and frequency != "YEARLY"
        or "BYSETPOS" in values and not any(name.startswith("BY") and name != "BYSETPOS" for name in names)
    )


def times(rule, start, through):
    if not is_valid(rule):
        return None
    until = re.search(r"UNTIL=(\d{8})(T\d{6})?", rule)
    if until and until[1] + (until[2] or "T235959") < start.strftime("%Y%m%dT%H%M%S"):
        return None
    # dateutil follows a rule that never fits to the year 9999, so each rule gets an end.
    count = re.search(r";COUNT=(\d+)", rule)
    most = min(int(count[1]), 500) if count else 500
    end = min(until[1] + (until[2] or "T235959") if until else "9", through.strftime("%Y%m%dT%H%M%S"))
    bounded = re.sub(r";(COUNT|UNTIL)=[^;]*", "", rule) + f";UNTIL={end}"
    return [time.strftime("%Y-%m-%dT%H:%M") for time in islice(rrulestr(bounded, dtstart=start), most)]


def parse(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M")


print(json.dumps([times(one["rule"], parse(one["start"]), parse(one["through"])) for one in json.load(sys.stdin)]))
