"""Pictures by digest: kept through a restart, checked when read, bounded, and a full disk hurts nobody."""

from __future__ import annotations

import hashlib
from pathlib import Path

from site_agent.slides import cache as caching
from site_agent.slides.cache import IN_MEMORY, SPARE, SlideCache


def named(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def opened(folder: Path, free: int = 10 * SPARE) -> SlideCache:
    cache = SlideCache(folder / "slides", lambda _: free)
    cache.load()
    return cache


def test_a_picture_is_kept_through_a_restart_and_what_is_half_goes(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    assert cache.put(named(b"one"), b"one")
    (tmp_path / "slides" / f"{named(b'two').hex()}.part").write_bytes(b"tw")
    again = opened(tmp_path)
    assert again.read(named(b"one")) == b"one"
    assert not again.has(named(b"two"))
    assert len(list((tmp_path / "slides").iterdir())) == 1


def test_other_bytes_than_those_of_the_digest_are_not_kept(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    assert not cache.put(named(b"one"), b"two")
    assert not cache.has(named(b"one"))


def test_a_picture_damaged_on_the_disk_is_asked_for_anew(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    cache.put(named(b"one"), b"one")
    (tmp_path / "slides" / f"{named(b'one').hex()}.webp").write_bytes(b"on\0")
    assert cache.read(named(b"one")) is None
    assert not cache.has(named(b"one"))


def test_without_room_the_newest_few_are_held_in_memory(tmp_path: Path) -> None:
    cache = opened(tmp_path, free=SPARE)
    for at in range(IN_MEMORY + 2):
        assert cache.put(named(b"%d" % at), b"%d" % at)
    assert cache.tight
    assert not cache.has(named(b"0"))
    assert cache.read(named(b"%d" % (IN_MEMORY + 1))) == b"%d" % (IN_MEMORY + 1)
    assert list((tmp_path / "slides").iterdir()) == []


def test_what_no_deck_needs_goes_when_it_is_too_much(tmp_path: Path) -> None:
    most, caching.MOST_BYTES = caching.MOST_BYTES, 5
    try:
        cache = opened(tmp_path)
        for content in (b"aaaa", b"bbbb", b"cccc"):
            cache.put(named(content), content)
        cache.trim({named(b"aaaa")})
        assert cache.has(named(b"aaaa"))
        assert sum(cache.has(named(each)) for each in (b"bbbb", b"cccc")) == 1
    finally:
        caching.MOST_BYTES = most
