"""Addresses of clocks, reminders and calendars."""

from django.urls import path

from fupin.deadlines import views

urlpatterns = [
    path("deadlines/", views.deadline_board, name="deadline_board"),
    path("deadlines/clocks/", views.deadline_list, name="deadline_list"),
    path("deadlines/clocks/<int:pk>/", views.deadline_detail, name="deadline_detail"),
    path("deadlines/inbox/", views.reminder_list, name="reminder_list"),
    path("deadlines/inbox/acknowledge/", views.reminder_acknowledge, name="reminder_acknowledge"),
    path("deadlines/calendar/", views.calendar_address, name="calendar_address"),
    path("deadlines/calendar/renew/", views.calendar_renew, name="calendar_renew"),
    path("deadlines/calendar/close/", views.calendar_close, name="calendar_close"),
    path("deadlines/calendar/<str:secret>.ics", views.calendar_file, name="calendar_file"),
]
