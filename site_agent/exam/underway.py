"""Messages of candidates on their way to this site."""

from dataclasses import dataclass


@dataclass(slots=True)
class Waits:
    """A page has so many answers that were never saved, since `since_ns` by the monotonic clock."""

    count: int
    since_ns: int
