"""Messages of candidates on their way: to this site, and from it to the province."""

from dataclasses import dataclass


@dataclass(slots=True)
class Unsure:
    """A saved message that the province has not confirmed yet."""

    row: int
    session: str
    client_seq: int
    number: str


@dataclass(slots=True)
class Waits:
    """A page has so many answers that were never saved, since `since_ns` by the monotonic clock."""

    count: int
    since_ns: int
