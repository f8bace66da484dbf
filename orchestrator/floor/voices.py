"""Which rooms could be heard if they were given the floor: their computers say so with every heartbeat."""

from __future__ import annotations

from orchestrator.errors import Refused
from wire.floor import Voice
from wire.ids import EnrolmentId, SiteId
from wire.messages import Heartbeat

WHY = {
    Voice.NO_PAGE: (
        "Điểm cầu này không có màn hình lớn đang mở nên không có micro và loa: hãy gọi điện cho phòng, "
        "hoặc nhờ phòng mở màn hình rồi mời lại. / "
        "This room has no big screen open, hence no microphone: telephone it, or have its screen opened."
    ),
    Voice.NO_MICROPHONE: (
        "Máy ở điểm cầu này không thấy micro nào: hãy nhờ phòng cắm micro rồi mời lại sau vài giây. / "
        "This room's computer finds no microphone: have one plugged in, then ask again after some seconds."
    ),
}


class Voices:
    """What each site said last. A site that said nothing of it, for its agent is older, is not held back."""

    def __init__(self) -> None:
        self._said: dict[SiteId, str] = {}

    async def on_heartbeat(self, site: SiteId, _enrolment: EnrolmentId, beat: Heartbeat) -> None:
        """For the links."""
        self._said[site] = beat.voice

    def of(self, site: SiteId) -> str:
        """A :class:`wire.floor.Voice`, or empty while nobody knows."""
        return self._said.get(site, "")

    def check(self, site: SiteId) -> None:
        """Refuse ``room_is_mute`` when nobody would hear this room."""
        for voice, message in WHY.items():
            if self.of(site) == voice:
                raise Refused("room_is_mute", message, 409, site=site, voice=voice)
