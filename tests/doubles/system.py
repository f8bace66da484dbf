"""An operating system that exists in the test only: it answers from its script and remembers what was asked."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from site_agent.platform.system import Started


class HeldCommand:
    """A held command that remembers its release."""

    def __init__(self, command: Sequence[str]) -> None:
        self.command = list(command)
        self.released = False

    def release(self) -> None:
        self.released = True


class FakeSystem:
    """A System. `programs` can be run; `answers` of library functions by name, 1 when not named; `outputs` of commands
    whose text holds the key; `registry` holds keys, or `key|value`."""

    def __init__(
        self,
        *,
        environ: Mapping[str, str] | None = None,
        programs: Sequence[str] = (),
        texts: Mapping[str, str] | None = None,
        answers: Mapping[str, int] | None = None,
        may_nice: bool = True,
        outputs: Mapping[str, str] | None = None,
        registry: Sequence[str] = (),
        battery: tuple[float, bool | None] | None = None,
        up_s: float = 3600.0,
    ) -> None:
        self._outputs = dict(outputs or {})
        self._registry = set(registry)
        self._battery = battery
        self._up_s = up_s
        self._environ = dict(environ or {})
        self._programs = set(programs)
        self._texts = dict(texts or {})
        self._answers = dict(answers or {})
        self._may_nice = may_nice
        self.clock = 0
        self.asked_clocks: list[str] = []
        self.ran: list[list[str]] = []
        self.held: list[HeldCommand] = []
        self.niced: list[tuple[int, bool]] = []
        self.killed: list[int] = []
        self.called: list[tuple[str, str, tuple[int, ...]]] = []

    @property
    def environ(self) -> Mapping[str, str]:
        return self._environ

    def user_home(self) -> Path:
        return Path("/home/teacher")

    def clock_ns(self, name: str) -> int:
        self.asked_clocks.append(name)
        self.clock += 1
        return self.clock

    def read_text(self, path: str) -> str:
        return self._texts.get(path, "")

    def which(self, program: str) -> str | None:
        return program if program in self._programs else None

    def run(self, command: Sequence[str]) -> int:
        self.ran.append(list(command))
        return 0

    def output(self, command: Sequence[str]) -> str:
        self.ran.append(list(command))
        said = " ".join(command)
        return next((text for part, text in self._outputs.items() if part in said), "")

    def registry_has(self, key: str, value: str = "") -> bool:
        return (f"{key}|{value}" if value else key) in self._registry

    def battery(self) -> tuple[float, bool | None] | None:
        return self._battery

    def up_s(self) -> float:
        return self._up_s

    def hold(self, command: Sequence[str]) -> Started | None:
        self.held.append(HeldCommand(command))
        return self.held[-1]

    def nice(self, level: int, *, thread: bool) -> bool:
        self.niced.append((level, thread))
        return self._may_nice

    def kill_group(self, leader: int) -> None:
        self.killed.append(leader)

    def call(self, library: str, function: str, *arguments: int) -> int:
        self.called.append((library, function, arguments))
        return self._answers.get(function, 1)
