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
unknown_value = is not one of the known values
out_of_range = is outside the allowed range
wrong_type = has the wrong type
unknown_field = is not a field of this request
unknown_parameter = is not a parameter of this request
repeated = is given more than once
not_for_role = is not for your role
role_not_self_service = is granted by an admin only
common_password = is a very common password
password_is_own_name = is your own name or address
too_many = has too many entries
not_own = belongs to another person
set_and_cleared = is set and emptied at once
staff_account = belongs to staff: only an admin may do this
in_past = is in the past
no_occurrence = names no date
before_from = is before the date of the change
until_not_local = has UNTIL in UTC; it is local here
unsupported = is not supported for lessons
own_account = is your own account: erase it as yourself, with your password
title_missing = must not be empty
grouping_not_taken = is no way to group this report
interval_not_taken = is no interval of this report
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

# A code without its own text.
fallback = is not acceptable
