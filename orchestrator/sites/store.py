"""Rows of places, sites, participants, pairing codes and enrolments."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from orchestrator.sites.importing import ParticipantRow, Plan, SiteRow
from orchestrator.sites.model import Enrolment, Participant, Place, Site, Standing, path_names
from orchestrator.sites.pairing import PairingCode
from orchestrator.storage.schema.sites import enrolments, pairing_codes, participants, places, sites
from wire.ids import EnrolmentId, Level, PlaceId, SiteId, new_id

Connection = sa.Connection
T = TypeVar("T")
SPARE_CODE = "DP"
"""Begins the codes of sites without a school."""
_MOST_IN = 500
"""Values in one IN list: SQLite's oldest limit on variables is 999."""


class Applied(msgspec.Struct, frozen=True):
    """What an import did: distinct places, sites and participants in the file; sites new to the centre; people who
    were on the roster of a named site and are no more."""

    places: int
    sites: int
    participants: int
    created: int
    removed: int


_SITE = (
    sites.c.id,
    sites.c.code,
    sites.c.name,
    sites.c.level,
    sites.c.place,
    sites.c.expected,
    sites.c.contact,
    sites.c.phone,
    sites.c.provider,
)


def _site(row: Any) -> Site:
    return Site(
        SiteId(row.id),
        row.code,
        row.name,
        Level(row.level),
        PlaceId(row.place),
        row.expected,
        row.contact,
        row.phone,
        row.provider,
    )


# --- reading -----------------------------------------------------------------------------------------------------


def all_places(conn: Connection) -> list[Place]:
    return [Place(PlaceId(row.id), row.parent, row.kind, row.name) for row in conn.execute(sa.select(places))]


def site(conn: Connection, site_id: str) -> Site | None:
    row = conn.execute(sa.select(*_SITE).where(sites.c.id == site_id)).first()
    return _site(row) if row else None


def site_codes(conn: Connection) -> frozenset[str]:
    return frozenset(conn.scalars(sa.select(sites.c.code)))


def standings(conn: Connection) -> list[Standing]:
    """All sites by code."""
    tree = {place.id: place for place in all_places(conn)}
    rosters = sa.select(participants.c.site, sa.func.count().label("number")).group_by(participants.c.site)
    number = {row.site: row.number for row in conn.execute(rosters)}
    good, ever = _enrolled(conn)
    rows = conn.execute(sa.select(*_SITE, sites.c.last_seen_ns).order_by(sites.c.code))
    return [
        Standing(
            _site(row),
            path_names(tree, PlaceId(row.place)),
            number.get(row.id, 0),
            paired=row.id in good,
            revoked=row.id in ever - good,
            last_seen_ns=row.last_seen_ns,
        )
        for row in rows
    ]


def _enrolled(conn: Connection) -> tuple[set[str], set[str]]:
    """Sites with an enrolment that counts, and sites that ever had one."""
    rows = conn.execute(sa.select(enrolments.c.site, enrolments.c.revoked_ns)).all()
    return {row.site for row in rows if row.revoked_ns is None}, {row.site for row in rows}


def roster(conn: Connection, site_id: str | None) -> list[Participant]:
    """Participants of one site, or of all (None), by number."""
    query = sa.select(participants).order_by(participants.c.number)
    if site_id is not None:
        query = query.where(participants.c.site == site_id)
    return [Participant(SiteId(row.site), row.number, row.name, row.extra_s) for row in conn.execute(query)]


def sealed_secrets(conn: Connection) -> dict[SiteId, bytes]:
    return {SiteId(row.id): row.sealed_secret for row in conn.execute(sa.select(sites.c.id, sites.c.sealed_secret))}


def sealed_secret(conn: Connection, site_id: str) -> bytes | None:
    return conn.scalar(sa.select(sites.c.sealed_secret).where(sites.c.id == site_id))


def note_seen(conn: Connection, site_id: str, now_ns: int) -> None:
    conn.execute(sites.update().where(sites.c.id == site_id).values(last_seen_ns=now_ns))


def put_provider(conn: Connection, site_id: str, provider: str) -> bool:
    """Who sells it its line; False when there is no such site."""
    return conn.execute(sites.update().where(sites.c.id == site_id).values(provider=provider)).rowcount == 1


# --- importing ---------------------------------------------------------------------------------------------------


def apply_plan(conn: Connection, plan: Plan, new_secret: Callable[[SiteId], bytes]) -> Applied:
    """Write a whole plan. `new_secret` gives the sealed secret of a site that is new."""
    tree = {(place.parent, place.kind, place.name): place.id for place in all_places(conn)}
    known = {row.code: row for row in conn.execute(sa.select(sites.c.id, sites.c.code, sites.c.expected))}
    listed = Counter(person.code for person in plan.participants)
    fresh = [_new_site(conn, tree, row, new_secret) for row in plan.sites if row.code not in known]
    if fresh:
        conn.execute(sites.insert(), fresh)
    for row in plan.sites:
        if row.code in known:
            _update_site(conn, tree, row, known[row.code].id)
    removed = _replace_rosters(conn, plan.participants)
    _fill_expected(conn, listed)
    return Applied(
        places=len({site.path[: depth + 1] for site in plan.sites for depth in range(len(site.path))}),
        sites=len(plan.sites),
        participants=len(plan.participants),
        created=len(fresh),
        removed=removed,
    )


class Named(msgspec.Struct, frozen=True):
    """What others have printed and sealed of a site: its names, its place, its people. Telephone and contact may change
    at any time."""

    code: str
    name: str
    level: str
    place: PlaceId
    people: frozenset[tuple[str, str]]


def named(conn: Connection) -> dict[SiteId, Named]:
    """Every site by what must stand still for an exam."""
    people: dict[SiteId, set[tuple[str, str]]] = {}
    for one in roster(conn, None):
        people.setdefault(one.site, set()).add((one.number, one.name))
    return {
        row.id: Named(row.code, row.name, row.level, row.place, frozenset(people.get(row.id, ())))
        for row in conn.execute(sa.select(sites.c.id, sites.c.code, sites.c.name, sites.c.level, sites.c.place))
    }


def differing(before: Mapping[SiteId, Named], after: Mapping[SiteId, Named]) -> list[SiteId]:
    """The sites of `before` that are not what they were."""
    return [site for site, one in before.items() if after.get(site) != one]


def spares(conn: Connection, count: int, new_secret: Callable[[SiteId], bytes]) -> list[SiteId]:
    """The first `count` spare sites, made at the root of the tree where they are missing."""
    wanted = {f"{SPARE_CODE}{number:02}": number for number in range(1, count + 1)}
    known = {row.code: row.id for row in conn.execute(sa.select(sites.c.id, sites.c.code))}
    root = next(place.id for place in all_places(conn) if place.parent is None)
    for code, number in wanted.items():
        if code not in known:
            known[code] = site_id = SiteId(new_id("site"))
            row = {"code": code, "name": f"Điểm cầu dự phòng {number}", "level": Level.THCS.value}
            rest = {"contact": "", "phone": "", "expected": 0, "place": root, "sealed_secret": new_secret(site_id)}
            conn.execute(sites.insert().values(id=site_id, **row, **rest))
    return [SiteId(known[code]) for code in wanted]


_Tree = dict[tuple[PlaceId | None, str, str], PlaceId]


def _place(conn: Connection, tree: _Tree, path: Sequence[tuple[str, str]]) -> PlaceId:
    at: PlaceId | None = None
    for kind, name in path:
        found = tree.get((at, kind, name))
        if found is None:
            found = PlaceId(new_id("place"))
            conn.execute(places.insert().values(id=found, parent=at, kind=kind, name=name))
            tree[at, kind, name] = found
        at = found
    if at is None:
        raise ValueError("a site stands in a place")
    return at


def _new_site(conn: Connection, tree: _Tree, row: SiteRow, new_secret: Callable[[SiteId], bytes]) -> dict[str, object]:
    site_id = SiteId(new_id("site"))
    place = _place(conn, tree, row.path)
    return {
        "id": site_id,
        "place": place,
        "sealed_secret": new_secret(site_id),
        **_columns(row),
        "expected": row.expected or 0,
        "provider": row.provider or "",
    }


def _update_site(conn: Connection, tree: _Tree, row: SiteRow, site_id: str) -> None:
    values = {**_columns(row), "place": _place(conn, tree, row.path)}
    if row.expected is not None:
        values["expected"] = row.expected
    if row.provider is not None:
        values["provider"] = row.provider
    conn.execute(sites.update().where(sites.c.id == site_id).values(**values))


def _columns(row: SiteRow) -> dict[str, object]:
    return {
        "code": row.code,
        "name": row.name,
        "level": row.level.value,
        "contact": row.contact,
        "phone": row.phone,
    }


def _replace_rosters(conn: Connection, people: Sequence[ParticipantRow]) -> int:
    """Make the file the roster of each site it names; returns how many people left. Someone who moved, moves."""
    ids: dict[str, str] = {row.code: row.id for row in conn.execute(sa.select(sites.c.id, sites.c.code))}
    named = sorted({ids[person.code] for person in people})
    before: set[str] = set()
    for some in _chunks(named):
        before.update(conn.scalars(sa.select(participants.c.number).where(participants.c.site.in_(some))))
        conn.execute(participants.delete().where(participants.c.site.in_(some)))
    numbers = [person.number for person in people]
    for some in _chunks(numbers):
        conn.execute(participants.delete().where(participants.c.number.in_(some)))
    rows = [
        {"number": person.number, "site": ids[person.code], "name": person.name, "extra_s": person.extra_s}
        for person in people
    ]
    if rows:
        conn.execute(participants.insert(), rows)
    return len(before.difference(numbers))


def _fill_expected(conn: Connection, listed: Counter[str]) -> None:
    """Where nobody said how many to expect, the roster says it."""
    for code, number in listed.items():
        conn.execute(sites.update().where(sites.c.code == code, sites.c.expected == 0).values(expected=number))


def _chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[start : start + _MOST_IN] for start in range(0, len(values), _MOST_IN))


# --- pairing -----------------------------------------------------------------------------------------------------


def put_pairing_code(conn: Connection, code: PairingCode) -> None:
    """Keep a new code; an earlier one of the site that was not used no longer pairs."""
    stale = (pairing_codes.c.site == code.site) & pairing_codes.c.used_ns.is_(None)
    conn.execute(pairing_codes.delete().where(stale))
    conn.execute(pairing_codes.insert().values(**msgspec.structs.asdict(code)))


def pairing_code(conn: Connection, code_hash: bytes) -> PairingCode | None:
    row = conn.execute(sa.select(pairing_codes).where(pairing_codes.c.code_hash == code_hash)).first()
    return PairingCode(row.code_hash, SiteId(row.site), row.expires_ns, row.used_ns) if row else None


def use_pairing_code(conn: Connection, code_hash: bytes, now_ns: int) -> bool:
    """Mark it used; False when somebody else did."""
    unused = (pairing_codes.c.code_hash == code_hash) & pairing_codes.c.used_ns.is_(None)
    return conn.execute(pairing_codes.update().where(unused).values(used_ns=now_ns)).rowcount == 1


def drop_pairing_codes(conn: Connection, site_id: str) -> None:
    unused = (pairing_codes.c.site == site_id) & pairing_codes.c.used_ns.is_(None)
    conn.execute(pairing_codes.delete().where(unused))


def insert_enrolment(conn: Connection, enrolment: Enrolment) -> None:
    conn.execute(enrolments.insert().values(**msgspec.structs.asdict(enrolment)))


def enrolment(conn: Connection, enrolment_id: str) -> Enrolment | None:
    row = conn.execute(sa.select(enrolments).where(enrolments.c.id == enrolment_id)).first()
    if row is None:
        return None
    return Enrolment(
        EnrolmentId(row.id),
        SiteId(row.site),
        row.sign_key,
        row.box_key,
        row.agent_version,
        row.platform,
        row.paired_ns,
        row.revoked_ns,
    )


def revoke_enrolments(conn: Connection, site_id: str, now_ns: int) -> list[EnrolmentId]:
    """End what counts for the site; returns which ended."""
    counting = (enrolments.c.site == site_id) & enrolments.c.revoked_ns.is_(None)
    ended = [EnrolmentId(found) for found in conn.scalars(sa.select(enrolments.c.id).where(counting))]
    conn.execute(enrolments.update().where(counting).values(revoked_ns=now_ns))
    return ended
