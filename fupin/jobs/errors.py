"""What can become of a job."""


class JobRefused(Exception):
    """The work can't be done, and trying again would not help; the message is for whoever asked for it."""


class AlreadyUnderWay(Exception):
    """Somebody else's job with the same key is still open."""

    def __init__(self) -> None:
        super().__init__("同样的任务正由他人进行，请等它结束")


class Cancelled(Exception):
    """The person who asked for the job has taken it back."""


class LeaseLost(Exception):
    """The lease ran out and another worker has the job now: whatever this one did since must not count."""
