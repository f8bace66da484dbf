"""The agent's configuration: read once, at the edge. See ``deploy/site.example.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

from wire.forwarded import proxies
from wire.settings import Misconfigured, read

Language = Literal["vi", "en"]


class Agent(msgspec.Struct, frozen=True):
    """``home`` empty means the platform's own place for such files."""

    home: str = ""
    hotline: str = ""


class Camera(msgspec.Struct, frozen=True):
    """``source``: device number, video file, folder of images or RTSP URL. ``person_model``: an ONNX file that finds
    people whose faces are not seen; empty: faces alone are counted."""

    source: str = "0"
    person_model: str = ""

    @property
    def people(self) -> Path | None:
        """The person model, if there is one."""
        return Path(self.person_model) if self.person_model else None


class Screen(msgspec.Struct, frozen=True):
    """The computer's own pages, on loopback; ``headless`` watches without a browser, ``browser_flags`` go to it.
    ``language`` of the big screen, until the site desk chooses another."""

    port: int = 8765
    headless: bool = False
    browser_flags: tuple[str, ...] = ()
    language: Language = "vi"


class Desk(msgspec.Struct, frozen=True):
    """The exam desk on the room's network. ``url`` is what candidates open; empty means it is worked out. ``pages``:
    how many may be open at once. ``trusted_proxies``: addresses or networks of the proxies that stand before a central
    desk; only they are believed when they say on whose behalf they ask."""

    bind: str = "0.0.0.0"
    port: int = 8766
    url: str = ""
    pages: int = 400
    trusted_proxies: tuple[str, ...] = ()


class Exam(msgspec.Struct, frozen=True):
    """``second_copy``: a folder on another volume for the journal's second copy; empty: another volume is looked for;
    ``off``: none."""

    second_copy: str = ""


class Sound(msgspec.Struct, frozen=True):
    """``folder``: a room of files in place of loudspeaker and microphone (`sound/folder.py`); empty: the computer's
    own."""

    folder: str = ""


class Clock(msgspec.Struct, frozen=True):
    """``shift_file``: a file with the seconds by which this computer's clock is taken to be ahead; empty: none.
    ``others``: addresses of further centres (https) whose time is compared with the own centre's: the one that the
    most agree on counts. Name at least two, since of two clocks that differ neither is believed."""

    shift_file: str = ""
    others: tuple[str, ...] = ()


class Readiness(msgspec.Struct, frozen=True):
    """``looks`` False: the computer looks at nothing by itself, for load rehearsals with many agents in one process."""

    looks: bool = True


class Log(msgspec.Struct, frozen=True):
    """``level``: debug, info, warning or error."""

    level: str = "info"


class Config(msgspec.Struct, frozen=True):
    """The whole configuration."""

    agent: Agent = Agent()
    camera: Camera = Camera()
    screen: Screen = Screen()
    desk: Desk = Desk()
    exam: Exam = Exam()
    sound: Sound = Sound()
    clock: Clock = Clock()
    readiness: Readiness = Readiness()
    log: Log = Log()


def load(file: str | None, environment: Mapping[str, str], given: Mapping[str, object] | None = None) -> Config:
    """Read ``file`` (TOML), the environment, then ``given`` (``section.key``: value) from the command line.

    Raises :class:`Misconfigured` with every fault.
    """
    document: dict[str, object] = {}
    if file is not None:
        try:
            document = tomllib.loads(Path(file).read_text(encoding="utf-8"))
        except OSError as error:
            raise Misconfigured([f"{file}: {error.strerror}"]) from error
        except tomllib.TOMLDecodeError as error:
            raise Misconfigured([f"{file}: {error}"]) from error
    options = {f"DIEMCAU_{key.upper().replace('.', '__')}": str(value) for key, value in (given or {}).items()}
    config = read(Config, document, {**environment, **options})
    faults = [
        f"{name}.port: must be 0 to 65535"
        for name, port in (("screen", config.screen.port), ("desk", config.desk.port))
        if not 0 <= port <= 65535
    ]
    try:
        proxies(config.desk.trusted_proxies)
    except ValueError as error:
        faults.append(f"desk.trusted_proxies: {error}")
    faults += [
        f"clock.others: {address} must begin with https://"
        for address in config.clock.others
        if not address.startswith(("https://", "http://127.0.0.1:"))
    ]
    if config.log.level not in {"debug", "info", "warning", "error"}:
        faults.append("log.level: must be debug, info, warning or error")
    if faults:
        raise Misconfigured(faults)
    return config
