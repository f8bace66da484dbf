"""The key in an SRT stream id."""

from __future__ import annotations

import pytest

from orchestrator.media.sources.srt.streamid import WrongMode, key_of


@pytest.mark.parametrize(
    ("stream_id", "key"),
    [
        ("dc-1234", "dc-1234"),
        (" live/dc-1234 ", "dc-1234"),
        ("#!::r=dc-1234,m=publish", "dc-1234"),
        ("#!::u=dc-1234", "dc-1234"),
        ("#!::u=thay,r=dc-1234,h=trung-tam", "dc-1234"),
        ("#!::m=publish", ""),
        ("", ""),
    ],
)
def test_the_key_is_found(stream_id: str, key: str) -> None:
    assert key_of(stream_id) == key


def test_who_wants_to_watch_is_no_encoder() -> None:
    with pytest.raises(WrongMode):
        key_of("#!::r=dc-1234,m=request")
