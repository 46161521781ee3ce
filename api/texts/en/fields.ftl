### Invalid fields of a request. The id is the code of the field; the text follows the name of the field.

empty = must not be empty
required = is required
# $max: the maximum number of characters, or none
too_long = { $max ->
    [none] is too long
    [one] is longer than { $max } character
   *[other] is longer than { $max } characters
}
# $min: the minimum number of characters, or none
too_short = { $min ->
    [none] is too short
    [one] is shorter than { $min } character
   *[other] is shorter than { $min } characters
}
forbidden_character = contains a character that is not allowed
malformed = does not have the required form
reserved = is kept for staff
staff_only = is for staff only
# $allowed: the known values, or none
unknown_value = { $allowed ->
    [none] is not one of the known values
   *[other] is none of: { $allowed }
}
# $min, $max: the smallest and the largest number, or none
out_of_range = { $max ->
    [none] is outside the allowed range
   *[other] is not between { $min } and { $max }
}
wrong_type = has the wrong type
unknown_field = is not a field of this request
unknown_parameter = is not a parameter of this request
repeated = is given more than once
not_for_role = is not for your role
role_not_self_service = is granted by an admin only
# $cause: why; $advice: what helps
guessable_password = is easy to guess: { $cause ->
    [keys] it is a row of keys
    [repeats] it repeats itself
    [common] many people use it
    [similar] it is like one that many people use
    [sequence] it has a sequence like abc or 6543
    [dates] it has a date or a year
    [word] it is a single word
    [names] it is a name
   *[other] a program tries it early
}. { $advice ->
    [no_tricks] Capital letters and replaced characters help little; add another word or two.
    [no_patterns] Avoid repeated characters, sequences and rows of keys.
    [no_dates] Avoid dates and years.
   *[other] Add another word or two; uncommon words are better.
}
password_is_own_name = is your own name or address
# $max: the maximum number of entries, or none
too_many = { $max ->
    [none] has too many entries
    [one] has more than { $max } entry
   *[other] has more than { $max } entries
}
not_own = belongs to another person
set_and_cleared = is set and emptied at once
staff_account = belongs to staff: only an admin may do this
in_past = is in the past
no_occurrence = names no date
before_from = is before the date of the change
rule_part_malformed = has a part { $part } that cannot be read
rule_part_unsupported = has { $part }, which is not supported for lessons
# $part: the part of the rule; $min, $max: its smallest and largest number
rule_part_out_of_range = has a number in { $part } that is not between { $min } and { $max }, or is zero
# $other: the other part
rule_part_not_beside = has { $part }, which RFC 5545 forbids beside { $other }
rule_part_missing = needs { $part }
rule_part_repeated = has { $part } more than once
rule_ends_before_start = ends before it begins
own_account = is your own account: erase it as yourself, with your password
title_missing = must not be empty
# $allowed: the groupings of the report, or none
grouping_not_taken = { $allowed ->
    [none] is no way to group this report
   *[other] is no way to group this report; it has: { $allowed }
}
# $allowed: the intervals of the report, or none
interval_not_taken = { $allowed ->
    [none] is no interval of this report
   *[other] is no interval of this report; it has: { $allowed }
}
empty_range = is not before the end of the range
range_too_long = begins more than five years before the end
too_many_points = gives more than 1,100 points
unknown_definition = is no definition of this report
unknown_series = is no series of this report
unknown = is not one of the known values
unknown_currency = is not a currency in use
duplicate = is given more than once
too_far = is too far in the future
unchanged = already has this value
unknown_attachment = is no file of yours that can be sent
bad_participants = is yourself
no_change = names no field to change
set_with_starts_at = is only allowed without starts_at
not_both = is only allowed without the other
same_time = is the time at which they begin
same_as_time_from = is the same time as time_from
before_available_from = is not after available_from
beyond_the_log = is a position that the log has not reached

# A code without its own text.
fallback = is not acceptable
