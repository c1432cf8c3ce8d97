"""Clocks, the reminders that they gave, the mails and calendars that carried them."""

from fupin.deadlines.models.calendar import CalendarAddress
from fupin.deadlines.models.clock import Clock, ClockQuerySet
from fupin.deadlines.models.day import WorkedDay
from fupin.deadlines.models.reminder import Digest, Reminder, ReminderQuerySet

__all__ = [
    "CalendarAddress",
    "Clock",
    "ClockQuerySet",
    "Digest",
    "Reminder",
    "ReminderQuerySet",
    "WorkedDay",
]
