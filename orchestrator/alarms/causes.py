"""Which causes explain which sites: the fewest that do, the widest first. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set

import msgspec

from orchestrator.alarms.model import Cause, Scope
from orchestrator.alarms.observing import Where
from orchestrator.alarms.rules import Rules
from wire.ids import SiteId

ORDER = tuple(Scope)
_LEAST_KEPT = 2
"""A common cause of fewer sites is none."""


class Explained(msgspec.Struct, frozen=True):
    """A common cause: the sites that it explains, and how many it reaches."""

    sites: frozenset[SiteId]
    of: int


def explained(
    hurt: Set[SiteId],
    subject: Set[SiteId],
    where: Mapping[SiteId, Where],
    kept: Collection[Cause],
    rules: Rules,
) -> dict[Cause, Explained]:
    """Common causes of the sites that are ``hurt``. Those in ``kept`` stand already, and stand longer. Whatever is not
    in the answer has a cause of its own."""
    reaches = _reaches(subject | hurt, where)
    fit = [cause for cause, members in reaches.items() if _fits(cause, members, hurt, where, cause in kept, rules)]
    found: dict[Cause, Explained] = {}
    rest = set(hurt)
    while fit and rest:
        best = max(fit, key=lambda cause: _weight(cause, reaches[cause], hurt, rest, kept))
        fit.remove(best)
        mine = reaches[best] & rest
        if len(mine) >= (_LEAST_KEPT if best in kept else rules.sites):
            found[best] = Explained(frozenset(mine), len(reaches[best]))
            rest -= mine
    return found


def _reaches(sites: Iterable[SiteId], where: Mapping[SiteId, Where]) -> dict[Cause, set[SiteId]]:
    reaches: dict[Cause, set[SiteId]] = {}
    for site in sites:
        at = where.get(site, Where())
        for cause in _of(at):
            reaches.setdefault(cause, set()).add(site)
    provinces = [cause for cause in reaches if cause.scope is Scope.PROVINCE]
    if len(provinces) == 1:
        # The only province is all that the centre has: one name for one thing.
        del reaches[provinces[0]]
    return reaches


def _of(at: Where) -> list[Cause]:
    named = ((Scope.PROVINCE, at.province), (Scope.DISTRICT, at.district), (Scope.PROVIDER, at.provider))
    return [Cause(Scope.CENTRE), *(Cause(scope, name) for scope, name in named if name)]


def _fits(
    cause: Cause,
    members: Set[SiteId],
    hurt: Set[SiteId],
    where: Mapping[SiteId, Where],
    standing: bool,  # noqa: FBT001 - private, named at its one call
    rules: Rules,
) -> bool:
    mine = members & hurt
    share = len(mine) / len(members)
    if standing:
        return share >= rules.keep_share and len(mine) >= _LEAST_KEPT
    if share < rules.share or len(mine) < rules.sites:
        return False
    return cause.scope is Scope.DISTRICT or _broad(members, hurt, where, rules)


def _broad(members: Set[SiteId], hurt: Set[SiteId], where: Mapping[SiteId, Where], rules: Rules) -> bool:
    """Whether it is hit in most of its districts: two dark districts are not yet a dark province."""
    districts: dict[str, list[bool]] = {}
    for site in members:
        districts.setdefault(where.get(site, Where()).district, []).append(site in hurt)
    hit = sum(sum(each) >= rules.keep_share * len(each) for each in districts.values())
    return hit >= rules.breadth * len(districts)


def _weight(
    cause: Cause, members: Set[SiteId], hurt: Set[SiteId], rest: Set[SiteId], kept: Collection[Cause]
) -> tuple[int, float, bool, int, str]:
    """Who explains the most stands first; then the one that is hit hardest, stands already, is wider."""
    share = len(members & hurt) / len(members)
    return len(members & rest), share, cause in kept, -ORDER.index(cause.scope), cause.name
