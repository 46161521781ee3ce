"""Two people of a school, by the client that openapi-python-client makes of the API document."""

import json
import os
from datetime import datetime, timedelta, timezone

from kafedra_client import AuthenticatedClient, Client
from kafedra_client.api.accounts import register_account
from kafedra_client.api.lessons import get_lesson
from kafedra_client.api.scheduling import book_slot, open_slot
from kafedra_client.models import (
    BookSeatRequest, DurationMinutes, LessonFormat, LessonType, Money, OpenSlotRequest, RegisterRequest, RegistrationRole, Subject,
)

URL = os.environ["API_URL"]


def join(role, nickname):
    request = RegisterRequest(
        email=f"{nickname}@example.org", password="four plain words here", name="Ann Lee", nickname=nickname, role=role
    )
    started = register_account.sync(client=Client(URL, raise_on_unexpected_status=True), body=request)
    return AuthenticatedClient(URL, token=started.token, raise_on_unexpected_status=True)


teacher = join(RegistrationRole.TEACHER, "py_teacher")
student = join(RegistrationRole.STUDENT, "py_student")
request = OpenSlotRequest(
    starts_at=datetime.now(timezone.utc) + timedelta(days=1), duration_minutes=DurationMinutes(60), subject=Subject.PHYSICS,
    lesson_type=LessonType.REGULAR, format_=LessonFormat.ONLINE, price=Money(amount=150000, currency="RUB"),
)
slot = open_slot.sync(client=teacher, body=request)
book_slot.sync(slot.id, client=student, body=BookSeatRequest(note="From page 12"))
lesson = get_lesson.sync(slot.id, client=student)
print(json.dumps({"status": lesson.status, "cost": lesson.price.amount, "seats": len(lesson.bookings)}))
