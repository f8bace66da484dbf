"""Looks with the ear: plays a short sound and listens for it, or only listens."""

import asyncio
from collections.abc import Callable

from site_agent.readiness.judging.said import waiting
from site_agent.readiness.judging.sound import judge_microphone, judge_no_sound, judge_speaker
from site_agent.sound.chirp import hear, overhear, to_play
from site_agent.sound.port import NoSound, SoundSystem
from wire.readiness import Check, CheckName, CheckState

LISTEN_S = 1.0
_UNTRIED = frozenset({"not_looked", "not_now", "took_too_long", "probe_failed", "no_sound_system", "no_speaker"})
"""What a look that only listens may replace: whatever says nothing of how the loudspeaker sounds."""


class SoundLooks:
    """``said``: what is known of a check; ``may_sound``: whether a fault may be looked at again with a sound, because
    somebody who rehearses is there to hear it."""

    def __init__(
        self, sound: SoundSystem, said: Callable[[CheckName], Check | None], may_sound: Callable[[], bool]
    ) -> None:
        self._sound = sound
        self._said = said
        self._may_sound = may_sound

    async def look(self) -> list[Check]:
        """Only listen, unless a fault of the loudspeaker may be looked at again."""
        speaker = self._said(CheckName.SPEAKER)
        wanting = speaker is not None and speaker.state is not CheckState.GOOD
        return await (self.aloud() if wanting and self._may_sound() else asyncio.to_thread(self._quiet))

    async def aloud(self) -> list[Check]:
        """Play and listen."""
        return await asyncio.to_thread(self._loud)

    def _loud(self) -> list[Check]:
        try:
            hearing = hear(self._sound.play_and_listen(to_play()))
        except NoSound as fault:
            return self._without(fault)
        name = self._sound.name
        return [judge_microphone(hearing, played=True, note=name), judge_speaker(hearing, note=name)]

    def _quiet(self) -> list[Check]:
        try:
            hearing = overhear(self._sound.listen(LISTEN_S))
        except NoSound as fault:
            return self._without(fault)
        found = [judge_microphone(hearing, played=False, note=self._sound.name)]
        speaker = self._said(CheckName.SPEAKER)
        if speaker is None or speaker.reason in _UNTRIED:
            found.append(waiting(CheckName.SPEAKER, "not_tried"))
        return found

    def _without(self, fault: NoSound) -> list[Check]:
        found = judge_no_sound(fault.code, str(fault))
        if fault.code != "no_speaker":
            return found
        # Without a loudspeaker the microphone can still be heard.
        try:
            hearing = overhear(self._sound.listen(LISTEN_S))
        except NoSound as other:
            return judge_no_sound(other.code, str(other))
        return [judge_microphone(hearing, played=False), *found]
