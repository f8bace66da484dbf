"""Looks for an exam's answer key where it must not be: in files, traffic, memory and a page's heap.

The candidates of such a test answer everything wrong: a right option beside its item then comes from the key alone.
"""

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

NEAR = 12
"""Bytes between an item and its right option that still make a pair: quotes, colons, a msgpack header."""


class KeySearch:
    """`canaries`: random texts planted in key records; `right`: item id → right option id."""

    def __init__(self, canaries: Sequence[str], right: Mapping[str, str]) -> None:
        self._needles = [form for canary in canaries for form in _forms(canary)]
        self.right = right
        self._ids = re.compile(b"|".join(re.escape(item.encode()) for item in right))
        self._wide = re.compile(b"|".join(re.escape(item.encode("utf-16-le")) for item in right))
        self._mark = re.compile(
            rb"""^["']?\s*[:=,]\s*["'\[]?\s*(?:true|false|right|wrong|correct|[01](?![0-9a-z_-]))"""
        )

    def faults(self, where: str, octets: bytes) -> list[str]:
        """What of the key stands in `octets`."""
        found = [f"{where}: canary {needle[:20]!r}" for needle in self._needles if needle in octets]
        for match in self._ids.finditer(octets):
            item = match[0].decode()
            option = self.right[item].encode()
            after = octets[match.end() : match.end() + NEAR + len(option)]
            before = octets[max(0, match.start() - NEAR - len(option)) : match.start()]
            if option in after or option in before:
                near = octets[max(0, match.start() - 40) : match.end() + 60]
                found.append(f"{where}: {item} beside its right option: {near!r}")
            if self._mark.match(after):
                found.append(f"{where}: a mark of {item}: {after[:12]!r}")
        for match in self._wide.finditer(octets):
            option = self.right[match[0].decode("utf-16-le")].encode("utf-16-le")
            if option in octets[match.end() : match.end() + 2 * NEAR + len(option)]:
                found.append(f"{where}: a wide item beside its right option")
        return found

    def heap_faults(self, snapshot: str) -> list[str]:
        """What of the key a V8 heap snapshot holds: in one string, or as a property named after an item."""
        heap = msgspec.json.decode(snapshot, type=_Heap)
        found = [fault for text in heap.strings for fault in self.faults("heap string", text.encode())]
        for item, values in self._properties(heap):
            if self.right[item] in values:
                found.append(f"heap: a property {item} leads to its right option")
            if values & {"true", "false"}:
                found.append(f"heap: a property {item} is a mark")
        return found

    def _properties(self, heap: "_Heap") -> Iterator[tuple[str, set[str]]]:
        """Each property named after an item, with the names of what it leads to in at most two steps."""
        meta = heap.snapshot.meta
        width, edge_width = len(meta.node_fields), len(meta.edge_fields)
        name_at, count_at = meta.node_fields.index("name"), meta.node_fields.index("edge_count")
        first, total = {}, 0
        for node in range(0, len(heap.nodes), width):
            first[node] = total
            total += heap.nodes[node + count_at] * edge_width

        def leads(node: int) -> Iterator[tuple[str, int]]:
            start = first[node]
            for edge in range(start, start + heap.nodes[node + count_at] * edge_width, edge_width):
                name, to = heap.edges[edge + 1], heap.edges[edge + 2]
                yield (heap.strings[name] if name < len(heap.strings) else ""), to

        def called(node: int) -> str:
            return heap.strings[heap.nodes[node + name_at]]

        for node in first:
            for name, to in leads(node):
                if name in self.right:
                    yield name, {called(to), *(called(inner) for _, inner in leads(to))}


class _Meta(msgspec.Struct):
    node_fields: list[str]
    edge_fields: list[str]


class _Head(msgspec.Struct):
    meta: _Meta


class _Heap(msgspec.Struct):
    """A V8 heap snapshot: `edges` of each node follow each other in the order of the nodes."""

    snapshot: _Head
    nodes: list[int]
    edges: list[int]
    strings: list[str]


def memory_of(pid: int) -> Iterator[bytes]:
    """The readable memory of a stopped process, region by region (Linux)."""
    maps = Path(f"/proc/{pid}/maps").read_text(encoding="ascii")
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in maps.splitlines():
            span, rights, *_ = line.split()
            if not rights.startswith("rw"):
                continue
            start, end = (int(side, 16) for side in span.split("-"))
            try:
                memory.seek(start)
                yield memory.read(end - start)
            except OSError:
                continue  # a region of the kernel's own


def _forms(canary: str) -> list[bytes]:
    raw = canary.encode()
    coded = [base64.b64encode(b"\0" * pad + raw)[4 if pad else 0 : -4] for pad in range(3)]
    return [raw, canary.encode("utf-16-le"), raw.hex().encode(), raw[::-1], *coded]
