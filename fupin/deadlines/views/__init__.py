"""Pages of clocks, reminders and calendars."""

from fupin.deadlines.views.board import deadline_board
from fupin.deadlines.views.calendar import calendar_address, calendar_close, calendar_file, calendar_renew
from fupin.deadlines.views.clocks import deadline_detail, deadline_list
from fupin.deadlines.views.inbox import reminder_acknowledge, reminder_list

__all__ = [
    "calendar_address",
    "calendar_close",
    "calendar_file",
    "calendar_renew",
    "deadline_board",
    "deadline_detail",
    "deadline_list",
    "reminder_acknowledge",
    "reminder_list",
]
