### Reports: labels of the series. The key of the series is after the hyphen.

series-total = Total
series-other = Other
series-student = Students
series-teacher = Teachers
series-staff = Staff
series-support = Support
series-analyst = Analysts
series-admin = Admins
series-auditor = Auditors
series-system = System
series-regular = Regular
series-trial = Trial
series-request = By request
series-waitlist = From the waitlist
series-class = Classes
series-online = Online
series-offline = Offline
series-mini_group = Mini-groups
series-in_time = In time
series-late = Late
series-offered = Offered
series-booked = Booked
series-utilisation = Utilisation
series-held = Held
series-registered = Registered
series-profile_filled = Profile filled
series-first_booking = First booking
series-first_lesson_held = First lesson held
series-second_booking = Second booking
series-accepted = Accepted
series-expired = Expired
series-cancelled = Cancelled
series-open = Open
series-conversion = Conversion
series-waitlist_total = Waitlist: total
series-waitlist_booked = Waitlist: booked
series-waitlist_conversion = Waitlist: conversion
series-low = Low
series-medium = Medium
series-high = High
series-urgent = Urgent
series-in_progress = In progress
series-waiting = Waiting
series-resolved = Resolved
series-closed = Closed
series-median = Median
series-p90 = 90th percentile
series-median_elapsed = Median, elapsed time
series-p90_elapsed = 90th percentile, elapsed time
series-first_response = First response in time
series-resolution = Resolution in time
series-average = Average rating
series-direct = Direct
series-lesson = Lessons
series-price = Price of the seats

# Groups of a dimension
series-none = Without
series-web = Web client
series-agent = By an agent

# What a report counts
report-registrations = People who registered, by the role at registration.
report-active_users = Different people who did something in the system, by type.
report-bookings = Seats that were booked, at the time of booking.
report-lessons_held = Lessons that were completed and attended by the teacher and a student, at the time of completion; with date_of=lesson at the start of the lesson.
report-cancellations = Bookings that were cancelled, at the time of cancellation.
report-no_shows = Recorded absences of students and teachers.
report-utilisation = Minutes of offered and of booked slots, at the start of the slot. A slot with one booked seat counts in full.
report-revenue = Prices of booked seats at the time of booking, and of attended seats at the time of completion, in one currency. With date_of=lesson, of seats that are booked now and of attended seats, at the start of the lesson.
report-funnel = Students who registered in the range, and the steps that they have reached since, without a limit of time.
report-retention = Share of the people registered in a week who were active in each later week.
report-requests = Lesson requests and waitlist entries with their outcomes; conversion is the share of decided ones.
report-tickets = Opened support tickets with their present priority or status; welcome tickets only with a channel.
report-ticket_categories = Opened support tickets by present category: the twenty largest, and the rest; welcome tickets only with a channel.
report-response_times = Median and ninetieth percentile of the time to the first reply, in business hours and elapsed.
report-resolution_times = Median and ninetieth percentile of the time to the resolution, in business hours and elapsed.
report-sla = Share of tickets whose first reply and resolution came in time, by the time of opening.
report-csat = Ratings of tickets by their requesters, and the mean.
report-messages = Messages sent, by kind of conversation.
report-unresolved = Lessons that are over and neither completed nor cancelled, at their end, with the prices of their seats.
