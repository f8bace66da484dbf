"""What the centre said may leave this room, kept on the disk: it holds without a line and after a restart."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

import msgspec
import structlog

from site_agent.kept import keep
from wire.ids import PicturePolicy
from wire.rooms import RoomRules
from wire.unreadable import UNREADABLE

FILE = "room-rules.json"

log = structlog.get_logger()


class RoomRule:
    """The rules of one site, in ``home``. Whoever was never told one, or cannot read it, lets no picture out."""

    def __init__(self, home: Path, changed: Callable[[RoomRules | None], None] = lambda _: None) -> None:
        self._path = home / FILE
        self._changed = changed
        self._rules: RoomRules | None = _read(self._path)
        changed(self._rules)

    @property
    def rules(self) -> RoomRules | None:
        """What was last said; None when nothing ever was."""
        return self._rules

    def policy(self) -> PicturePolicy:
        """What may leave besides the count."""
        return self._rules.policy if self._rules is not None else PicturePolicy.COUNT_ONLY

    def policy_of_speaker(self) -> PicturePolicy:
        """What may leave while the room speaks to the others because it asked to: its organisers may have said so."""
        policy = self.policy()
        seen = policy is PicturePolicy.BLURRED and self._rules is not None and self._rules.speaker_seen
        return PicturePolicy.FULL if seen else policy

    async def on_rules(self, rules: RoomRules) -> None:
        """The centre says what holds from now on. A disk that keeps nothing must not let the older rule live on."""
        before, self._rules = self._rules, rules
        self._changed(rules)
        if rules != before:
            log.info("room_rules", policy=rules.policy, keep_days=rules.keep_days, speaker_seen=rules.speaker_seen)
            try:
                await asyncio.to_thread(keep, self._path, msgspec.json.encode(rules))
            except OSError as fault:
                log.error("room_rules_not_kept", error=str(fault))
                # Rather no rule after a restart than one that was taken back.
                with contextlib.suppress(OSError):
                    await asyncio.to_thread(self._path.unlink, missing_ok=True)


def _read(path: Path) -> RoomRules | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=RoomRules)
    except FileNotFoundError:
        return None
    except (OSError, *UNREADABLE) as fault:
        log.warning("room_rules_unreadable", error=str(fault))
        return None
