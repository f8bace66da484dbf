"""Durable records over a real WebSocket: the same again, other content, what cannot be applied, what is gone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from orchestrator.links.events import RecordConflict, RecordSetAside, RecordsMissing
from tests.doubles.eventually import eventually
from tests.doubles.link_centre import Hand, LinkCentre, by_hand, committed, declared, link_centre
from wire.messages import (
    Committed,
    Records,
    StreamIs,
)


@pytest_asyncio.fixture
async def centre(tmp_path: Path) -> AsyncIterator[LinkCentre]:
    async with link_centre(tmp_path) as centre:
        yield centre


async def test_records_are_committed_once_whatever_is_sent_again(centre: LinkCentre) -> None:
    async with by_hand(centre.enrol()) as hand:
        assert isinstance(hand, Hand)
        (site,) = centre.links.linked()
        await hand.socket.send(hand.link.transient(StreamIs(stream="stream-1")))
        assert await committed(hand) == Committed(stream="stream-1", through=0)
        for first, numbers, through in ((1, [1, 2, 3], 3), (1, [1, 2, 3], 3), (2, [2, 3, 4], 4), (9, [9], 4)):
            bodies = [declared(number) for number in numbers]
            await hand.socket.send(hand.link.transient(Records(stream="stream-1", first=first, bodies=bodies)))
            assert (await committed(hand)).through == through
        assert centre.numbers(site) == [1, 2, 3, 4]
        assert centre.troubles == []


async def test_the_same_number_with_other_content_is_an_alarm_and_changes_nothing(centre: LinkCentre) -> None:
    async with by_hand(centre.enrol()) as hand:
        assert isinstance(hand, Hand)
        (site,) = centre.links.linked()
        for number in (1, 2):
            await hand.socket.send(hand.link.transient(Records(stream="stream-1", first=1, bodies=[declared(number)])))
            assert (await committed(hand)).through == 1
        await eventually(lambda: centre.troubles == [RecordConflict(site=site, stream="stream-1", sequence=1)])
        assert centre.numbers(site) == [1]


async def test_a_record_that_cannot_be_applied_is_set_aside_and_holds_nothing_up(centre: LinkCentre) -> None:
    async with by_hand(centre.enrol()) as hand:
        assert isinstance(hand, Hand)
        (site,) = centre.links.linked()
        bodies = [declared(1), declared(999_999), b"\xc1", declared(4)]
        await hand.socket.send(hand.link.transient(Records(stream="stream-1", first=1, bodies=bodies)))
        assert (await committed(hand)).through == 4
        await eventually(lambda: len(centre.troubles) == 2)
        aside = [event for event in centre.troubles if isinstance(event, RecordSetAside)]
        assert [event.sequence for event in aside] == [2, 3]
        assert centre.numbers(site) == [1, 4]


async def test_records_that_the_site_no_longer_has_are_missed_aloud(centre: LinkCentre) -> None:
    async with by_hand(centre.enrol()) as hand:
        assert isinstance(hand, Hand)
        (site,) = centre.links.linked()
        await hand.socket.send(hand.link.transient(Records(stream="stream-1", first=5, bodies=[declared(5)], oldest=5)))
        assert (await committed(hand)).through == 5
        await eventually(lambda: centre.troubles == [RecordsMissing(site=site, stream="stream-1", first=1, last=4)])
