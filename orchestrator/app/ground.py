"""Builds what everything else stands on: the floors up to accounts and the register of sites."""

from __future__ import annotations

import socket
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec

from orchestrator.access.audit import Audit
from orchestrator.access.first_start import ensure_administrator
from orchestrator.access.gate import SessionGate
from orchestrator.access.lecture_link_routes import routes as lecture_link_routes
from orchestrator.access.lecture_links import LectureLinks
from orchestrator.access.links import SignInLinks
from orchestrator.access.passwords import Passwords
from orchestrator.access.routes import routes as access_routes
from orchestrator.access.service import Access
from orchestrator.access.television_routes import routes as television_routes
from orchestrator.access.televisions import Televisions
from orchestrator.app.live import Live, open_live
from orchestrator.app.register import Register
from orchestrator.clock import CentreClock
from orchestrator.config import Config
from orchestrator.links.records import Intake
from orchestrator.links.routes import routes as link_routes
from orchestrator.links.service import SiteLinks
from orchestrator.sites.centre_keys import CentreKeys, load_keys
from orchestrator.sites.enrolling import Enrolling
from orchestrator.sites.routes import routes as site_routes
from orchestrator.sites.service import Sites
from orchestrator.sites.watching import LinkWatch
from orchestrator.storage.engine import Database
from orchestrator.web.kit import Routes
from wire.ids import new_id
from wire.messages import Records, StreamIs


class Ground(msgspec.Struct, frozen=True):
    """The lower floors. ``owner`` is this process among those that share a database; ``public_url`` is where people
    reach it, without a slash at its end."""

    folder: Path
    public_url: str
    owner: str
    clock: CentreClock
    keys: CentreKeys
    database: Database
    live: Live
    audit: Audit
    gate: SessionGate
    sign_in_links: SignInLinks
    lecture_links: LectureLinks
    sites: Sites
    register: Register
    links: SiteLinks
    link_watch: LinkWatch
    intake: Intake
    routes: Routes


async def build_ground(config: Config, public_url: str, stack: AsyncExitStack) -> Ground:
    """All of it, connected; what must be closed is closed by ``stack``. Nothing runs yet."""
    folder = Path(config.storage.folder)
    clock = CentreClock()
    keys = load_keys(folder)
    database = await Database.open(config.database_url())
    stack.push_async_callback(database.close)
    live = await open_live(config.live.redis_url, stack)

    audit, passwords = Audit(clock), Passwords()
    await ensure_administrator(database, clock, audit, passwords, folder=folder, terminal=sys.stdout)
    access = Access(database, clock, audit, passwords)
    gate = SessionGate(access, [public_url])
    sign_in_links = SignInLinks(database, clock, audit, passwords)
    lecture_links = LectureLinks(database, clock, audit, passwords)
    televisions = Televisions(database, clock, audit, passwords)
    sites = Sites(database, live.bus, clock, audit, keys=keys)
    enrolling = Enrolling(database, live.bus, clock, audit, keys=keys)

    links = SiteLinks(live.bus, clock, keys.link, enrolling.authenticate)
    intake = Intake(database, live.bus, clock, links.send)
    links.on(StreamIs, intake.announce)
    links.on(Records, intake.take)
    secure = public_url.startswith("https:")
    return Ground(
        folder=folder,
        public_url=public_url,
        owner=f"{socket.gethostname()}-{new_id('centre')}",
        clock=clock,
        keys=keys,
        database=database,
        live=live,
        audit=audit,
        gate=gate,
        sign_in_links=sign_in_links,
        lecture_links=lecture_links,
        sites=sites,
        register=Register(database, sites),
        links=links,
        link_watch=LinkWatch(live.bus, links, sites, enrolling),
        intake=intake,
        routes=[
            *access_routes(access, audit, database, gate, sign_in_links, secure=secure),
            *television_routes(televisions, gate, secure=secure),
            *site_routes(sites, enrolling, keys),
            *link_routes(links),
            *lecture_link_routes(lecture_links, gate, secure=secure),
        ],
    )
