"""axe-core in a page under test: what it calls serious or critical must not be there."""

from pathlib import Path
from typing import Any

from playwright.async_api import Page

AXE = Path("dashboard/node_modules/axe-core/axe.min.js")
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


async def serious_faults(page: Page, rules: tuple[str, ...] = ()) -> list[str]:
    """Each fault as "rule: element"; what axe only suspects is not counted. `rules`: only these, by name."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text(encoding="utf-8") + ";undefined")
    found: dict[str, Any] = await page.evaluate(
        "runOnly => axe.run(document, {runOnly, resultTypes: ['violations']})",
        {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": _TAGS},
    )
    return [
        f"{fault['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]
