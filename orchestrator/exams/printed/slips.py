"""Voucher slips: what a candidate holds, and the address of the exam desk that its QR code opens. Pure."""

import io
import re
from collections.abc import Callable, Mapping

import msgspec
import segno

from orchestrator.exams.store import Connection
from wire.ids import SiteId

_DESK = re.compile(r"https?://[\w.:\[\]-]{1,100}(/[\w./-]{0,100})?")

Desks = Callable[[Connection], Mapping[SiteId, str]]
"""What candidates open at each site whose computer has said so; in the database's thread."""


class SiteDesk(msgspec.Struct, frozen=True):
    """`address`: what candidates open at this site, as its computer said; empty while it has not."""

    site: SiteId
    address: str


class SlipWish(msgspec.Struct, frozen=True):
    """Whose slips: of a site, or of all (empty). `desk` is the address for sites that have not said theirs; `part`,
    from 1, of a site with more people than one file takes, 0: all of them."""

    site: str = ""
    desk: str = ""
    part: int = 0


class Slip(msgspec.Struct, frozen=True):
    """One candidate's slip, secret until they hold it. `site` is the id; `qr` opens `desk` with the voucher, as SVG;
    both are empty where no address is known."""

    site: SiteId
    number: str
    name: str
    code: str
    pin: str
    voucher: str
    desk: str = ""
    qr: str = ""


def is_address(text: str) -> bool:
    """Whether this may stand in a QR code as the address of an exam page."""
    return _DESK.fullmatch(text) is not None


def desk_of(site: SiteId, reported: Mapping[SiteId, str], typed: str) -> str:
    """The address for a site's slips: its own, else the one that a person typed."""
    own = reported.get(site, "")
    return own if is_address(own) else typed


def opened_by(desk: str, voucher: str) -> str:
    """What the QR code holds; after the hash, so that the voucher stands in no log."""
    return f"{desk}#v={voucher}"


def qr(text: str) -> bytes:
    """A QR code as SVG."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="svg", scale=8, border=2, light="#fff")
    return drawn.getvalue()
