"""Thirty people entering at once, in a process of its own: what was acknowledged is printed, line by line, as it is.

Run with FUPIN_HOME of a durable cluster, as the web role, until its input is closed. Who gets no answer sends the same again under the
same key, as the pages do.
"""

import sys
import threading
import time
from decimal import Decimal
from random import Random

import django

django.setup()

from django.db import DatabaseError, InterfaceError, connection  # noqa: E402

from fupin.accounts.models import Post, User  # noqa: E402
from fupin.accounts.scope import acting_as  # noqa: E402
from fupin.divisions.codes import PROVINCE_CODE  # noqa: E402
from fupin.ledgers.errors import NotEnough  # noqa: E402
from fupin.ledgers.models import Account  # noqa: E402
from fupin.ledgers.services import Line, post  # noqa: E402
from tests.ledgers.conftest import BOOK, DAY  # noqa: E402

WRITERS = 30
out = threading.Lock()


def say(*words: object) -> None:
    """Acknowledge."""
    with out:
        sys.stdout.write(" ".join(map(str, words)) + "\n")
        sys.stdout.flush()


def write(number: int, actor: User, accounts: list[Account], over: threading.Event) -> None:
    """Enter one move after another until it is over; each is sent until it is answered."""
    random = Random(number)
    serial = 0
    while not over.is_set():
        giver, taker = random.sample(accounts, 2)
        amount = Decimal(random.randint(1, 5000)) / 100
        key = f"{number}/{serial}"
        serial += 1
        while True:
            try:
                with acting_as(actor):
                    post(
                        actor=actor,
                        division=PROVINCE_CODE,
                        book=BOOK,
                        kind="MOVE",
                        on=DAY,
                        key=key,
                        lines=[Line(giver, -amount), Line(taker, amount)],
                    )
            except NotEnough:
                break
            except (DatabaseError, InterfaceError):
                connection.close()
                time.sleep(0.05)
            else:
                say("entered", key, amount)
                break
    connection.close()


def main() -> None:
    """Let everybody write until the input is closed."""
    actor = User.objects.get(username="gao")
    actor.post = Post.objects.select_related("division").get(user=actor)
    with acting_as(actor):
        accounts = list(Account.objects.filter(book=BOOK).exclude(kind="SOURCE").order_by("pk"))
    over = threading.Event()
    threads = [
        threading.Thread(target=write, args=(number, actor, accounts, over)) for number in range(WRITERS)
    ]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    over.set()
    for thread in threads:
        thread.join()
    connection.close()


main()
