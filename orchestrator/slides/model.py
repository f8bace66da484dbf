"""Decks, pages, turns, and the rules for them. Pure."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from orchestrator.errors import Refused
from wire.ids import SessionId
from wire.slides import SlideDeck, SlideLayout, SlideNow, SlidePage

LARGEST = 100 << 20
"""Bytes of a file that is taken."""
MOST_DECKS = 8
"""Decks of one session, those that wait and those that were refused included."""
NAME_LIMIT = 200
_OFFICE = (".ppt", ".pptx", ".odp", ".ppsx", ".pps", ".key")

NEEDS_PDF = (
    "Máy chủ này chưa chuyển được tệp PowerPoint. Trong PowerPoint chọn Tệp → Xuất → Tạo PDF (hoặc Lưu dưới dạng, kiểu "
    "PDF), rồi chọn tệp PDF vừa lưu. / This server cannot convert PowerPoint. In PowerPoint choose File → Export → "
    "Create PDF (or Save As, type PDF), then choose the PDF."
)


class DeckState(StrEnum):
    """Where a deck stands."""

    UPLOADING = "uploading"
    CONVERTING = "converting"
    READY = "ready"
    REFUSED = "refused"


class Fault(StrEnum):
    """Why a file became no deck. Stable words; the sentences stand in `WORDS`."""

    UNKNOWN = "unknown"
    BROKEN = "broken"
    ENCRYPTED = "encrypted"
    EMPTY = "empty"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_HEAVY = "too_heavy"
    EXTERNAL = "external"
    OFFICE = "office"
    DISK_FULL = "disk_full"


WORDS = {
    Fault.UNKNOWN: "Tệp này không phải PDF hay PowerPoint. / This is neither a PDF nor a PowerPoint file.",
    Fault.BROKEN: "Tệp bị hỏng, hãy lưu lại thành PDF rồi gửi lại. / The file is damaged; save it as PDF again.",
    Fault.ENCRYPTED: "Tệp có mật khẩu, hãy lưu lại không đặt mật khẩu. / The file has a password; save it without.",
    Fault.EMPTY: "Tệp không có trang nào. / The file has no pages.",
    Fault.TOO_MANY_PAGES: "Tệp có quá nhiều trang (tối đa 300). / Too many pages (300 at most).",
    Fault.TOO_HEAVY: "Trang quá nặng, không vẽ được; hãy lưu PDF nhẹ hơn. / A page is too heavy; save a lighter PDF.",
    Fault.EXTERNAL: "Tệp trỏ tới nội dung ở nơi khác, hãy lưu thành PDF. / The file points elsewhere; save it as PDF.",
    Fault.OFFICE: "Không chuyển được tệp PowerPoint này, hãy lưu thành PDF. / This PowerPoint file could not be "
    "converted; save it as PDF.",
    Fault.DISK_FULL: "Ổ đĩa của trung tâm đã đầy, hãy báo người quản trị. / The centre's disk is full; tell the "
    "administrator.",
}


class Page(msgspec.Struct, frozen=True):
    """One page: digests of its two pictures, their bytes, and the large one's size in pixels."""

    small: bytes
    small_bytes: int
    large: bytes
    large_bytes: int
    width: int
    height: int


class Deck(msgspec.Struct, frozen=True):
    """A file of slides and what became of it."""

    id: str
    session: SessionId
    name: str
    size: int
    state: DeckState
    made_by: str
    made_ns: int
    reason: str = ""
    at_page: int = 0
    pages: tuple[Page, ...] = ()


class Show(msgspec.Struct, frozen=True):
    """What the screens of a session show; version 0: nothing was ever shown."""

    session: SessionId
    version: int = 0
    deck: str | None = None
    page: int = 0
    layout: SlideLayout = SlideLayout.BOTH
    at_ns: int = 0
    who: str = ""

    def told(self) -> SlideNow:
        """As sites are told."""
        return SlideNow(
            session=self.session, version=self.version, deck=self.deck, page=self.page, layout=self.layout.value
        )


def deck_told(deck: Deck) -> SlideDeck:
    """As sites are told."""
    pages = [SlidePage(page.small, page.small_bytes, page.large, page.large_bytes) for page in deck.pages]
    return SlideDeck(session=deck.session, deck=deck.id, pages=pages)


def is_office(name: str) -> bool:
    """Whether a file of this name is a presentation that must become a PDF first."""
    return name.lower().endswith(_OFFICE)


def check_file(name: str, size: int, decks: int, *, office: bool) -> str:
    """The name as it is kept; refuses what will not be taken before a byte of it is sent. ``office``: presentations can
    be converted here."""
    name = " ".join(name.split())[-NAME_LIMIT:]
    if not name or not name.isprintable():
        raise Refused("bad_name", "Tên tệp không dùng được. / The file's name is of no use.", 422)
    if is_office(name) and not office:
        raise Refused("needs_pdf", NEEDS_PDF, 415)
    if not is_office(name) and not name.lower().endswith(".pdf"):
        raise Refused("wrong_type", WORDS[Fault.UNKNOWN], 415)
    if size < 1 or size > LARGEST:
        raise Refused("too_large", f"Tệp từ 1 byte đến {LARGEST >> 20} MB. / 1 byte to {LARGEST >> 20} MB.", 413)
    if decks >= MOST_DECKS:
        raise Refused(
            "too_many_decks",
            f"Buổi học đã có {MOST_DECKS} tệp, hãy xoá bớt. / The session has {MOST_DECKS} files; delete one.",
            409,
        )
    return name


def turned(before: Show, deck: Deck | None, page: int, layout: SlideLayout, at_ns: int, who: str) -> Show:
    """The next show. Refuses `not_ready` and `no_page`."""
    if deck is not None:
        if deck.state is not DeckState.READY:
            raise Refused("not_ready", "Tệp này chưa chuẩn bị xong. / This file is not ready yet.", 409)
        if not 1 <= page <= len(deck.pages):
            raise Refused("no_page", "Không có trang này. / There is no such page.", 422)
    return Show(before.session, before.version + 1, deck.id if deck else None, page if deck else 0, layout, at_ns, who)
