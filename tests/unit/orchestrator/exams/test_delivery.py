"""What a link would not carry is known before anything is sealed for good."""

import msgspec
import pytest

from orchestrator.exams.delivery import unsendable
from orchestrator.exams.sealing import Package, SitePackage
from wire.ids import SiteId
from wire.messages import MAX_FRAME_BYTES

SMALL = SitePackage(SiteId("site-small"), {"101": b"w" * 100}, b"r" * 1000)
PACKAGE = Package(b"m" * 1000, b"s" * 64, b"", (), (SMALL,), (), {})


@pytest.mark.parametrize(
    ("wraps", "roster", "fits"),
    [
        ({"101": b"w"}, b"r" * (900 << 10), True),
        ({"101": b"w"}, b"r" * ((900 << 10) + 1), False),
        ({"101": b"w"}, b"r" * MAX_FRAME_BYTES, False),
        ({"101": b"w" * 257}, b"r", False),
    ],
)
def test_exactly_the_sites_that_a_link_would_refuse_are_named(
    wraps: dict[str, bytes], roster: bytes, fits: bool
) -> None:
    large = SitePackage(SiteId("site-large"), wraps, roster)
    package = msgspec.structs.replace(PACKAGE, sites=(SMALL, large))
    assert unsendable(package) == ([] if fits else [large.site])
