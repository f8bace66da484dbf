"""The page of one place or site: its figures beside those of the whole. Pure."""

from collections.abc import Sequence

import msgspec

from orchestrator.exams.bands import Scheme
from orchestrator.exams.outcome.reconcile import Reconciliation, SiteReach
from orchestrator.exams.results import CandidateResult, Group, Results, place_groups
from orchestrator.exams.store import MarkRow
from orchestrator.sites.model import Standing


class PlaceResults(msgspec.Struct, frozen=True):
    """`group` is the place, `overall` the whole exam; `inside` are the places right below, `above` those around it from
    the top; `reach` are its sites in reconciliation. `candidates` stand only on the page of a site."""

    exam: str
    title: str
    state: str
    provisional: bool
    received: int
    expected: int
    published: int
    bands: list[tuple[str, str]]
    overall: Group
    group: Group
    above: list[tuple[str, str]]
    inside: list[Group]
    levels: list[Group]
    codes: list[Group]
    sites: list[Group]
    reach: list[SiteReach]
    candidates: list[CandidateResult]


def place_results(
    told: Results,
    rows: Sequence[MarkRow],
    standings: Sequence[Standing],
    reach: Reconciliation,
    scheme: Scheme,
    wanted: str,
) -> PlaceResults | None:
    """The page of the place or site whose `Group.id` is `wanted`; None when there is none."""
    site = next((one for one in told.sites if one.id == wanted), None)
    group = site or next((one for one in told.places if one.id == wanted), None)
    if group is None:
        return None
    sitting = {one.site for one in reach.sites}
    here = [one for one in standings if one.site.id in sitting and _within(one, group, is_site=site is not None)]
    codes = {one.site.code for one in here}
    ids = {one.site.id for one in here}
    chosen = [row for row in rows if row.site in ids]
    own = place_groups(chosen, here, reach.complete, scheme, told.overall)
    path = group.key.split(" / ") if site is None else here[0].path
    return PlaceResults(
        exam=told.exam,
        title=told.title,
        state=told.state.value,
        provisional=told.provisional,
        received=told.received,
        expected=told.expected,
        published=told.published,
        bands=[(one.key, one.name) for one in told.bands],
        overall=told.overall,
        group=group,
        above=[(one.id, one.name) for one in told.places if _around(one.key, path) and one.id != wanted],
        inside=[one for one in told.places if site is None and one.key.rpartition(" / ")[0] == group.key],
        levels=own.levels(),
        codes=own.codes(chosen),
        sites=[] if site else [one for one in told.sites if one.id in codes],
        reach=[one for one in reach.sites if one.site in ids],
        candidates=[one for one in told.candidates if one.site in codes] if site else [],
    )


def _within(standing: Standing, group: Group, *, is_site: bool) -> bool:
    if is_site:
        return standing.site.code == group.id
    return _around(group.key, standing.path)


def _around(key: str, path: Sequence[str]) -> bool:
    """Whether the place with this key is on the path."""
    names = key.split(" / ")
    return list(path[: len(names)]) == names
