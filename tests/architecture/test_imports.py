"""Imports go down only, and each third-party library has its home (see ARCHITECTURE.md)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

FLOORS = {
    "cli": 6,
    "app": 6,
    "wall": 5,
    "alarms": 5,
    "history": 5,
    "retention": 5,
    "recordings": 5,
    "sessions": 4,
    "sources": 4,
    "readiness": 4,
    "orders": 4,
    "slides": 4,
    "duty": 4,
    "media": 3,
    "floor": 3,
    "presence": 3,
    "attendance": 3,
    "exams": 3,
    "essays": 3,
    "courses": 3,
    "sites": 2,
    "access": 2,
    "storage": 1,
    "live": 1,
    "links": 1,
    "web": 1,
    "printing": 1,
    "config": 0,
    "logs": 0,
    "clock": 0,
    "errors": 0,
    "footprint": 0,
    "confined": 0,
    "__init__": 0,
}

ROLES = {"model": 0, "events": 0, "store": 1, "service": 2, "routes": 3}

STORES = tuple(file.relative_to(ROOT).as_posix() for file in (ROOT / "orchestrator").glob("*/**/*store.py"))
"""The files of each feature that turn rows into its model."""

HOMES: dict[str, tuple[str, ...]] = {
    "sqlalchemy": ("orchestrator/storage/", "orchestrator/links/records.py", *STORES),
    "alembic": ("orchestrator/storage/",),
    "redis": ("orchestrator/live/redis.py", "orchestrator/app/live.py"),
    "aiortc": ("orchestrator/media/", "site_agent/lecture/", "demo/"),
    "av": ("orchestrator/media/", "site_agent/lecture/", "demo/"),
    "pylibsrtp": ("orchestrator/media/", "site_agent/lecture/", "demo/"),
    "aioice": ("orchestrator/media/", "site_agent/lecture/", "demo/"),
    "cv2": ("site_agent/camera/", "demo/"),
    "sounddevice": ("site_agent/sound/",),
    "websockets": ("site_agent/link/", "demo/"),
    "openpyxl": (
        "orchestrator/sites/tables.py",
        "orchestrator/sites/templates.py",
        "orchestrator/exams/xlsx.py",
        "orchestrator/courses/tables.py",
        "demo/",
    ),
    "pypdf": ("orchestrator/essays/pdf_file.py",),
    "pypdfium2": ("orchestrator/slides/drawing.py",),
    "argon2": ("orchestrator/access/",),
    "Crypto": ("orchestrator/exams/release/sharing.py",),
    "apprise": ("orchestrator/alarms/channels/sending.py",),
    "typst": ("orchestrator/printing/",),
}

PACKAGES = ("wire", "orchestrator", "site_agent", "demo")


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def imports(file: Path) -> Iterator[tuple[str, int]]:
    """Every module imported anywhere in a file, with its line; `from a import b` yields `a.b`."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: relative import"
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def relative(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def feature(dotted: str) -> str:
    return dotted.split(".")[1].removesuffix(".py") if "." in dotted else "__init__"


def floor_of(name: str) -> int | None:
    """The floor of a feature; None for a constant such as ``orchestrator.VERSION``."""
    return FLOORS.get(name)


def test_every_feature_of_the_centre_has_a_floor() -> None:
    names = {path.stem for path in (ROOT / "orchestrator").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert names - {"__pycache__", "py"} <= set(FLOORS)


def test_imports_in_the_centre_go_down_only() -> None:
    wrong = []
    for file in (ROOT / "orchestrator").rglob("*.py"):
        here = file.relative_to(ROOT / "orchestrator").parts[0].removesuffix(".py")
        for module, line in imports(file):
            if not module.startswith("orchestrator."):
                continue
            there = feature(module)
            above = floor_of(there)
            if here != there and above is not None and above > FLOORS[here]:
                wrong.append(f"{relative(file)}:{line}: {here} (floor {FLOORS[here]}) imports {there} (floor {above})")
    assert wrong == []


def test_inside_a_feature_the_returning_files_import_down_only() -> None:
    wrong = []
    for file in (ROOT / "orchestrator").rglob("*.py"):
        if file.stem not in ROLES:
            continue
        for module, line in imports(file):
            parts = module.split(".")
            same = len(parts) >= 3 and parts[0] == "orchestrator" and parts[1] == file.parent.name
            if same and parts[2] in ROLES and ROLES[parts[2]] > ROLES[file.stem]:
                wrong.append(f"{relative(file)}:{line}: {file.stem} imports {module}")
    assert wrong == []


def test_the_language_imports_nobody_and_does_no_io() -> None:
    banned = (
        "orchestrator",
        "site_agent",
        "demo",
        "asyncio",
        "socket",
        "aiohttp",
        "websockets",
        "sqlite3",
        "threading",
    )
    wrong = [
        f"{relative(file)}:{line}: {module}"
        for file in (ROOT / "wire").rglob("*.py")
        for module, line in imports(file)
        if module.split(".")[0] in banned
    ]
    assert wrong == []


def test_centre_site_and_demo_meet_only_in_the_language() -> None:
    allowed = {"orchestrator": {"demo"}, "site_agent": set[str](), "demo": set[str]()}
    wrong = []
    for package, extra in allowed.items():
        strangers = set(PACKAGES) - {"wire", package} - extra
        for file in (ROOT / package).rglob("*.py"):
            for module, line in imports(file):
                if module.split(".")[0] in strangers:
                    wrong.append(f"{relative(file)}:{line}: {module}")
                if module.startswith("demo") and package == "orchestrator" and file.name != "cli.py":
                    wrong.append(f"{relative(file)}:{line}: only the command line may call the demo")
    assert wrong == []


def test_a_third_party_library_has_one_home() -> None:
    wrong = []
    for file in sources():
        place = relative(file)
        for module, line in imports(file):
            homes = HOMES.get(module.split(".")[0])
            if homes is not None and not place.startswith(homes):
                wrong.append(f"{place}:{line}: {module}")
    assert wrong == []
