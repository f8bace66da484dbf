"""The one thread that looks: it owns the detectors, so that the event loop never waits for a picture."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeVar

from site_agent.camera.detector import NEAR_SIDE, Detector, load_detector

_T = TypeVar("_T")

Load = Callable[[], Detector]


class Eyes:
    """Both detectors, each loaded when it is first asked for; they belong to the looking thread.

    ``seats`` finds small faces in a whole room; ``near`` is a tenth of the work and finds the wide ones alone, which
    is all that making a picture unrecognisable needs. Raise ``NoModel``.
    """

    def __init__(self, load: Load, load_near: Load) -> None:
        self._load = load
        self._load_near = load_near
        self._seats: Detector | None = None
        self._near: Detector | None = None

    @property
    def seats(self) -> Detector:
        self._seats = self._seats or self._load()
        return self._seats

    @property
    def near(self) -> Detector:
        self._near = self._near or self._load_near()
        return self._near


def load_near_detector() -> Detector:
    """The detector that finds wide faces alone; raises ``NoModel``."""
    return load_detector(side=NEAR_SIDE)


class LookingThread:
    """Runs whatever looks at pictures, one at a time, while it is entered (``async with``).

    ``calm`` is called first in that thread, to lower its priority.
    """

    def __init__(
        self,
        *,
        load: Load = load_detector,
        load_near: Load = load_near_detector,
        calm: Callable[[], None] = lambda: None,
    ) -> None:
        self._eyes = Eyes(load, load_near)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="headcount", initializer=calm)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self._worker.shutdown, cancel_futures=True)

    async def run(self, work: Callable[[Eyes], _T]) -> _T:
        """Do ``work`` in the thread; raises what it raises."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, work, self._eyes)
