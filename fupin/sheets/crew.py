"""Work on the pieces of a long list with several hands: processes for what Python thinks, threads for what the database does."""

import gc
import os
import struct
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pickle import dumps, loads  # pieces travel between processes of our own
from queue import Empty, Queue
from threading import Thread
from typing import Any, Final, TypeVar

from django.db import connections, transaction

P = TypeVar("P")
R = TypeVar("R")

HANDS: Final = 2

_SELDOM: Final = 50_000
"""New objects after which a hand looks for what can be freed: rows come and go without circles."""


class HandLost(Exception):
    """A process ended before its work did; nothing of its last piece is stored."""


def hands_for(pieces: int) -> int:
    """Return how many hands are worth their while; one, where a transaction is open that others could not see."""
    if transaction.get_connection().in_atomic_block:
        return 1
    return max(1, min(HANDS, os.cpu_count() or 1, pieces))


def by_processes(work: Callable[[P], R], pieces: Iterable[P], *, hands: int) -> Iterator[R]:
    """Yield what `work` makes of each piece, in no order; each process opens database connections of its own.

    A process that fails ends them all. They end by themselves when this process is killed.
    """
    if hands <= 1:
        yield from map(work, pieces)
        return
    crew: list[_Hand] = []
    try:
        for _ in range(hands):
            crew.append(_Hand(work, crew))
        waiting = iter(pieces)
        busy = [hand for hand in crew if _give(hand, waiting)]
        while busy:
            for hand in _answering(busy):
                yield hand.answer()
                if not _give(hand, waiting):
                    busy.remove(hand)
    finally:
        for hand in crew:
            hand.stop()


def by_threads(
    work: Callable[[P], None], pieces: Iterable[P], *, hands: int, meanwhile: Callable[[], None]
) -> None:
    """Let threads work off the pieces; each has connections of its own. `meanwhile` is called while they do."""
    if hands <= 1:
        for piece in pieces:
            work(piece)
            meanwhile()
        return
    waiting: Queue[P] = Queue()
    for piece in pieces:
        waiting.put(piece)
    failed: list[BaseException] = []

    def carry_on() -> None:
        try:
            while not failed:
                try:
                    piece = waiting.get_nowait()
                except Empty:
                    return
                work(piece)
        except BaseException as failure:  # noqa: BLE001  (raised again by whoever waits)
            failed.append(failure)
        finally:
            connections.close_all()

    threads = [Thread(target=carry_on, name=f"import {number}", daemon=True) for number in range(hands)]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            while thread.is_alive():
                thread.join(0.3)
                meanwhile()
    except BaseException as stopped:
        failed.append(stopped)
        for thread in threads:
            thread.join()
        raise
    if failed:
        raise failed[0]


class _Hand:
    """A process that works on one piece after another."""

    def __init__(self, work: Callable[[Any], Any], others: "list[_Hand]") -> None:
        there, self._give = os.pipe()
        self.reading, back = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            status = 1
            try:
                for other in others:
                    os.close(other._give)
                    os.close(other.reading)
                os.close(self._give)
                os.close(self.reading)
                _work_off(work, there, back)
                status = 0
            finally:
                os._exit(status)
        os.close(there)
        os.close(back)

    def give(self, piece: Any) -> None:
        """Hand over a piece."""
        try:
            _send(self._give, dumps(piece, 5))
        except BrokenPipeError:
            raise HandLost("一个核对进程中断") from None

    def answer(self) -> Any:
        """Return what became of the piece; raise what broke the work."""
        body = _receive(self.reading)
        if body is None:
            raise HandLost("一个核对进程中断")
        well, value = loads(body)  # noqa: S301  (our own process wrote it)
        if not well:
            raise value
        return value

    def stop(self) -> None:
        """End the process."""
        for end in (self._give, self.reading):
            with suppress(OSError):
                os.close(end)
        with suppress(ProcessLookupError):
            os.kill(self.pid, 9)
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


def _work_off(work: Callable[[Any], Any], there: int, back: int) -> None:
    # What the parent holds is not this process's to collect: to look at it would copy every page of it.
    gc.freeze()
    gc.set_threshold(_SELDOM)
    for alias in connections:
        connections[alias].connection = None  # the parent's: to close it here would close it there
    while (piece := _receive(there)) is not None:
        try:
            answer: tuple[bool, Any] = (True, work(loads(piece)))  # noqa: S301
        except Exception as failure:  # noqa: BLE001  (told to whoever waits)
            answer = (False, _portable(failure))
        _send(back, dumps(answer, 5))


def _portable(failure: Exception) -> Exception:
    """Return the failure if it can travel, else one that says where it was; never what it said."""
    with suppress(Exception):
        loads(dumps(failure))  # noqa: S301
        return failure
    frames = traceback.extract_tb(failure.__traceback__)
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    return RuntimeError(f"{type(failure).__name__} at {where}")


def _give(hand: _Hand, waiting: Iterator[Any]) -> bool:
    for piece in waiting:
        hand.give(piece)
        return True
    return False


def _answering(busy: "list[_Hand]") -> "list[_Hand]":
    import select

    ready, _, _ = select.select([hand.reading for hand in busy], [], [])
    return [hand for hand in busy if hand.reading in ready]


def _send(end: int, body: bytes) -> None:
    view = memoryview(struct.pack(">Q", len(body)) + body)
    while view:
        view = view[os.write(end, view) :]


def _receive(end: int) -> bytes | None:
    head = _exactly(end, 8)
    return None if head is None else _exactly(end, struct.unpack(">Q", head)[0])


def _exactly(end: int, size: int) -> bytes | None:
    parts = []
    while size:
        part = os.read(end, min(size, 1 << 20))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
