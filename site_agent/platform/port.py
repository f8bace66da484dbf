"""The port: what the agent asks of the computer that it runs on."""

from enum import StrEnum
from pathlib import Path
from typing import Protocol


class Work(StrEnum):
    """Kinds of work that deserve another place in the queue for the processor."""

    AGENT = "agent"
    COUNTING = "counting"


class Platform(Protocol):
    """One operating system."""

    def clock_ns(self) -> int:
        """Monotonic nanoseconds that go on while the computer sleeps."""
        ...

    def home(self) -> Path:
        """Where the agent keeps its files unless told otherwise; need not exist yet."""
        ...

    def browsers(self) -> list[str]:
        """Programs that can show the big screen in kiosk mode, best first; only those that are there."""
        ...

    def keep_awake(self, *, on: bool) -> bool:
        """Keep computer and screen from sleeping, or let them; whether the system took it. Harmless twice.

        Call it on the thread that lives as long as the agent: Windows forgets the wish with the thread.
        """
        ...

    def prioritise(self, work: Work) -> bool:
        """AGENT: the whole agent before others. COUNTING: the calling thread behind others. Whether it was allowed."""
        ...

    def sound_outputs(self) -> int:
        """How many sound devices the computer has."""
        ...

    def end_group(self, leader: int) -> None:
        """End the child with this process id, and all that it started, at once; harmless when it has ended."""
        ...
