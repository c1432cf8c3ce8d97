"""Calendar files (RFC 5545): whole-day events with an alarm, in lines of at most 75 octets that end in CR LF."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from fupin.deadlines.reports import CalendarDay

_LONGEST: Final = 75
_ESCAPES: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


def calendar(days: Iterable[CalendarDay], *, name: str, now: datetime) -> str:
    """Return the file: one event a day and title, that keeps its id from one fetching to the next."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//fupin//deadlines//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    lines += [f"X-WR-CALNAME:{_text(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT6H"]
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    for day in days:
        lines += _event(day, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _fold(line))


def _event(day: CalendarDay, stamp: str) -> list[str]:
    title = day.title if day.count == 1 else f"{day.title}（{day.count} 件）"
    uid = hashlib.sha256(f"{day.key}/{day.due_on}".encode()).hexdigest()[:32]
    alarm = [
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_text(title)}",
        f"TRIGGER:-P{day.warn_days}D",
        "END:VALARM",
    ]
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}@fupin",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{day.due_on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day.due_on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(title)}",
        f"DESCRIPTION:{_text(day.basis)}",
        "TRANSP:TRANSPARENT",
        *(alarm if day.warn_days else []),
        "END:VEVENT",
    ]


def _text(words: str) -> str:
    return words.translate(_ESCAPES)


def _fold(line: str) -> Iterator[str]:
    """Yield the line in pieces of at most 75 octets, never cutting a character; all but the first begin with a space."""
    piece, length = "", 0
    for character in line:
        size = len(character.encode())
        if length + size > _LONGEST:
            yield piece
            piece, length = " ", 1
        piece += character
        length += size
    yield piece
