"""Places, sites and the people expected there. The tree of places is data: Vietnam merged its districts in 2025."""

import msgspec

from wire.ids import EnrolmentId, Level, PlaceId, SiteId

KINDS = ("province", "district", "commune")
"""From the root down. A file may leave out districts or communes; the order stays."""


class Place(msgspec.Struct, frozen=True):
    """A node of the tree; `kind` is one of KINDS."""

    id: PlaceId
    parent: PlaceId | None
    kind: str
    name: str


class Site(msgspec.Struct, frozen=True):
    """A bridge point: one school's room and its computer. `expected` is the number of people planned in the room;
    `provider` sells it its line (nhà mạng), empty when nobody said."""

    id: SiteId
    code: str
    name: str
    level: Level
    place: PlaceId
    expected: int
    contact: str
    phone: str
    provider: str = ""


class Participant(msgspec.Struct, frozen=True):
    """Somebody expected at a site; `number` (số báo danh) is unique in the province. `extra_s`: individual extra time
    in every exam, seconds."""

    site: SiteId
    number: str
    name: str
    extra_s: int = 0


class Enrolment(msgspec.Struct, frozen=True):
    """One pairing of a computer with a site: its keys count until the site is revoked or paired anew."""

    id: EnrolmentId
    site: SiteId
    sign_key: bytes
    box_key: bytes
    agent_version: str
    platform: str
    paired_ns: int
    revoked_ns: int | None = None


class Standing(msgspec.Struct, frozen=True):
    """A site with what the centre knows of its computer and roster; `path` names the places from the province down."""

    site: Site
    path: list[str]
    participants: int
    paired: bool
    revoked: bool
    last_seen_ns: int | None


def path_names(places: dict[PlaceId, Place], place: PlaceId) -> list[str]:
    """Names from the province down to `place`."""
    names: list[str] = []
    at: PlaceId | None = place
    while at is not None and (node := places.get(at)) is not None and len(names) <= len(KINDS):
        names.append(node.name)
        at = node.parent
    return names[::-1]
