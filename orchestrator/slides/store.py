"""Rows <-> decks, pages, turns."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from orchestrator.errors import Refused
from orchestrator.slides.model import Deck, DeckState, Page, Show
from orchestrator.storage.schema.slides import slide_deck, slide_page, slide_turn
from wire.ids import SessionId
from wire.slides import SlideLayout

Connection = sa.Connection

_DECK = [
    slide_deck.c[name] for name in ("id", "session", "name", "size", "state", "made_by", "made_ns", "reason", "at_page")
]


def insert(conn: Connection, deck: Deck) -> None:
    row = {column.name: getattr(deck, column.name) for column in _DECK}
    conn.execute(slide_deck.insert().values(**row | {"state": deck.state.value}))


def decks(conn: Connection, session: str | None = None) -> list[Deck]:
    """Every deck, or those of one session, the oldest first."""
    pages: dict[str, list[Page]] = {}
    of_pages = sa.select(slide_page).order_by(slide_page.c.deck, slide_page.c.place)
    of_decks = sa.select(*_DECK).order_by(slide_deck.c.made_ns, slide_deck.c.id)
    if session is not None:
        of_decks = of_decks.where(slide_deck.c.session == session)
        of_pages = of_pages.join(slide_deck, slide_deck.c.id == slide_page.c.deck).where(
            slide_deck.c.session == session
        )
    for row in conn.execute(of_pages):
        pages.setdefault(row.deck, []).append(_page(row))
    return [_deck(row, tuple(pages.get(row.id, ()))) for row in conn.execute(of_decks)]


def _deck(row: Any, pages: tuple[Page, ...]) -> Deck:
    values = {column.name: getattr(row, column.name) for column in _DECK}
    return Deck(**values | {"session": SessionId(row.session), "state": DeckState(row.state), "pages": pages})


def _page(row: Any) -> Page:
    return Page(row.small, row.small_bytes, row.large, row.large_bytes, row.width, row.height)


def add_page(conn: Connection, deck: str, place: int, page: Page) -> None:
    conn.execute(slide_page.insert().values(deck=deck, place=place, **msgspec.structs.asdict(page)))


def forget_pages(conn: Connection, deck: str) -> list[bytes]:
    """Those of a conversion that did not come to its end; the digests of pictures that no other page needs."""
    own = conn.execute(sa.select(slide_page.c.small, slide_page.c.large).where(slide_page.c.deck == deck)).all()
    conn.execute(slide_page.delete().where(slide_page.c.deck == deck))
    return sorted({digest for row in own for digest in row if not known(conn, digest)})


def settle(conn: Connection, deck: str, state: DeckState, reason: str = "", at_page: int = 0) -> None:
    values = {"state": state.value, "reason": reason, "at_page": at_page}
    conn.execute(slide_deck.update().where(slide_deck.c.id == deck).values(**values))


def drop(conn: Connection, deck: str) -> list[bytes]:
    """Remove a deck; the digests of pictures that no other deck needs."""
    orphans = forget_pages(conn, deck)
    conn.execute(slide_deck.delete().where(slide_deck.c.id == deck))
    return orphans


def exists(conn: Connection, deck: str) -> bool:
    return conn.execute(sa.select(slide_deck.c.id).where(slide_deck.c.id == deck)).first() is not None


def known(conn: Connection, digest: bytes) -> bool:
    """Whether this is a picture of some page."""
    wanted = sa.select(slide_page.c.place).where((slide_page.c.small == digest) | (slide_page.c.large == digest))
    return conn.execute(wanted.limit(1)).first() is not None


def shows(conn: Connection, session: str | None = None) -> list[Show]:
    """The newest turn of every session, or of one."""
    newest = sa.select(slide_turn.c.session, sa.func.max(slide_turn.c.version).label("version"))
    if session is not None:
        newest = newest.where(slide_turn.c.session == session)
    last = newest.group_by(slide_turn.c.session).subquery()
    rows = conn.execute(
        sa.select(slide_turn).join(
            last, (slide_turn.c.session == last.c.session) & (slide_turn.c.version == last.c.version)
        )
    )
    return [_show(row) for row in rows]


def _show(row: Any) -> Show:
    return Show(SessionId(row.session), row.version, row.deck, row.page, SlideLayout(row.layout), row.at_ns, row.who)


def add_turn(conn: Connection, show: Show) -> None:
    """Keep a turn; refuses `conflict` when somebody turned at the same moment."""
    row = msgspec.structs.asdict(show) | {"layout": show.layout.value}
    try:
        conn.execute(slide_turn.insert().values(**row))
    except IntegrityError as fault:
        raise Refused("conflict", "Người khác vừa chuyển trang. / Somebody else just turned.", 409) from fault


def turns(conn: Connection, session: str) -> list[Show]:
    """Every turn of a session, in order: the lecture's table of contents."""
    wanted = sa.select(slide_turn).where(slide_turn.c.session == session).order_by(slide_turn.c.version)
    return [_show(row) for row in conn.execute(wanted)]


def drop_turns_before(conn: Connection, before_ns: int) -> None:
    """Forget turns of sessions whose last turn is older."""
    newest = sa.select(slide_turn.c.session).group_by(slide_turn.c.session)
    old = newest.having(sa.func.max(slide_turn.c.at_ns) < before_ns)
    conn.execute(slide_turn.delete().where(slide_turn.c.session.in_(old)))
