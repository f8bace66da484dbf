"""How Word text looks (ECMA-376 part 1 §17.3.2, §17.7): bold, underline, colour and fill of a run, from the run itself,
its character style, its paragraph's style and the document's defaults, in this order."""

from orchestrator.exams.importing.trees import Node

Look = dict[str, str]
"""What a place states: bold, italic, underline, strike, hidden, caps, colour, fill, script, font; "" says not so."""

_SWITCHES = {"w:b": "bold", "w:i": "italic", "w:vanish": "hidden", "w:caps": "caps", "w:strike": "strike",
             "w:dstrike": "strike"}  # fmt: skip
_OFF = frozenset({"0", "false", "off", "none"})
_NO_COLOUR = frozenset({"auto", "000000", "none", "FFFFFF", ""})
_MARKS = ("bold", "italic", "underline", "strike")
_DEEPEST = 20
NO_MARKS: frozenset[str] = frozenset()


def look_of(properties: Node | None) -> Look:
    """What a `w:rPr` states."""
    look: Look = {}
    for node in properties.nodes() if properties is not None else ():
        value = node.attributes.get("w:val", "")
        if name := _SWITCHES.get(node.tag):
            look[name] = "" if value in _OFF else "yes"
        elif node.tag == "w:u":
            look["underline"] = "" if value in _OFF else "yes"
        elif node.tag == "w:color":
            theme = node.attributes.get("w:themeColor", "")
            look["colour"] = "" if theme in ("text1", "dark1") else _colour(value)
        elif node.tag == "w:highlight":
            look["fill"] = "" if value in ("none", "white") else value
        elif node.tag == "w:shd":
            look.setdefault("fill", _colour(node.attributes.get("w:fill", "")))
        elif node.tag == "w:vertAlign":
            look["script"] = value if value in ("superscript", "subscript") else ""
        elif node.tag == "w:rFonts":
            look["font"] = node.attributes.get("w:ascii", node.attributes.get("w:hAnsi", ""))
        elif node.tag == "w:rStyle":
            look["style"] = value
    return look


def _colour(value: str) -> str:
    return "" if value.upper() in {word.upper() for word in _NO_COLOUR} else value.upper()


def marks_of(look: Look) -> frozenset[str]:
    """What may point at the key: `bold`, `underline`, `colour FF0000`, `fill yellow`, …"""
    marks = {name for name in _MARKS if look.get(name)}
    marks.update(f"{name} {look[name]}" for name in ("colour", "fill") if look.get(name))
    return frozenset(marks) if marks else NO_MARKS


class Styles:
    """The styles of a document."""

    def __init__(self, root: Node | None) -> None:
        self._own: dict[str, Look] = {}
        self._based_on: dict[str, str] = {}
        self._list: dict[str, tuple[str, str]] = {}
        self._resolved: dict[str, Look] = {}
        self._default = ""
        self._base: Look = {}
        for node in root.nodes() if root is not None else ():
            if node.tag == "w:docDefaults":
                self._base = _default_look(node)
            elif node.tag == "w:style":
                self._take(node)

    def _take(self, node: Node) -> None:
        name = node.attributes.get("w:styleId", "")
        self._own[name] = look_of(node.first("w:rPr"))
        based = node.first("w:basedOn")
        self._based_on[name] = based.attributes.get("w:val", "") if based is not None else ""
        if node.attributes.get("w:type") == "paragraph" and node.attributes.get("w:default") in ("1", "true"):
            self._default = name
        if (properties := node.first("w:pPr")) is not None and (place := list_place(properties)):
            self._list[name] = place

    def look(self, name: str) -> Look:
        """What a style states, with what it is based on."""
        if name not in self._resolved:
            chain: list[Look] = []
            at = name
            while at and at in self._own and len(chain) < _DEEPEST:
                chain.append(self._own[at])
                at = self._based_on[at]
            self._resolved[name] = {key: value for own in reversed(chain) for key, value in own.items()}
        return self._resolved[name]

    def paragraph(self, properties: Node | None) -> Look:
        """The look of a paragraph's plain text, from its `w:pPr`."""
        return {**self._base, **self.look(_style(properties) or self._default)}

    def list_place(self, properties: Node | None) -> tuple[str, str] | None:
        """(list, level) of a paragraph, its own or its style's."""
        own = list_place(properties) if properties is not None else None
        name, hops = _style(properties) or self._default, 0
        while own is None and name and hops < _DEEPEST:
            own = self._list.get(name)
            name, hops = self._based_on.get(name, ""), hops + 1
        return own

    def run(self, around: Look, properties: Node | None) -> Look:
        """The look of a run inside a paragraph that looks like `around`."""
        if properties is None:
            return around
        own = look_of(properties)
        return {**around, **self.look(own.get("style", "")), **own}


def list_place(properties: Node) -> tuple[str, str] | None:
    """(list, level) that a `w:pPr` states itself."""
    told = properties.first("w:numPr")
    if told is None:
        return None
    number, level = told.first("w:numId"), told.first("w:ilvl")
    if number is None:
        return None
    return number.attributes.get("w:val", ""), level.attributes.get("w:val", "0") if level is not None else "0"


def _style(properties: Node | None) -> str:
    told = properties.first("w:pStyle") if properties is not None else None
    return told.attributes.get("w:val", "") if told is not None else ""


def _default_look(node: Node) -> Look:
    run = node.first("w:rPrDefault")
    return look_of(run.first("w:rPr")) if run is not None else {}
