"""What a feature offers over HTTP is served: a route that nobody composes answers nobody."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
CENTRE = ROOT / "orchestrator"


def offers(file: Path) -> Iterator[str]:
    """Functions of a module that give routes to whoever composes."""
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and _gives_routes(node):
            yield node.name


def _gives_routes(function: ast.FunctionDef) -> bool:
    return function.returns is not None and ast.unparse(function.returns) == "Routes"


def composed() -> set[str]:
    """`module.function` and `module` of everything that `orchestrator/app` and its own servers import."""
    names: set[str] = set()
    for file in (CENTRE / "app").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def test_every_route_that_a_feature_offers_is_composed() -> None:
    known = composed()
    offered = {
        (".".join(file.relative_to(ROOT).with_suffix("").parts), name)
        for file in CENTRE.rglob("*.py")
        if file.parent != CENTRE / "app"
        for name in offers(file)
    }
    assert len(offered) > 15
    assert {f"{module}.{name}" for module, name in offered if not {module, f"{module}.{name}"} & known} == set()
