"""What Word's styles change in the text: numbering and hidden text."""

from typing import Any

from zhengwu.reading.docx_numbering import VAL, W

_RPR, _VANISH, _RSTYLE = W + "rPr", W + "vanish", W + "rStyle"
_MAX_CHAIN = 20  # styles based on styles: Word allows 11


class Styles:
    """Numbering and visibility by style id."""

    def __init__(self, root: Any | None) -> None:
        """``root`` is the element of word/styles.xml, or None."""
        self._based_on: dict[str, str] = {}
        self._vanish: dict[str, bool] = {}
        self._list: dict[str, str] = {}
        self._level: dict[str, int] = {}
        self._default: str | None = None
        self._found_numbering: dict[str | None, tuple[str | None, int | None]] = {}
        for style in () if root is None else root.iterchildren(W + "style"):
            self._load(style)

    def hides(self, style: str | None) -> bool:
        """True when text in this paragraph or character style is not printed."""
        if not self._vanish:
            return False
        return next((self._vanish[s] for s in self._chain(style) if s in self._vanish), False)

    def run_is_hidden(self, properties: Any) -> bool:
        """True when a run with these properties (w:rPr, not empty) is not printed."""
        vanish = properties.find(_VANISH)
        if vanish is not None:
            return is_on(vanish)
        if not self._vanish:
            return False
        style = properties.find(_RSTYLE)
        return style is not None and self.hides(style.get(VAL))

    def numbering(self, style: str | None) -> tuple[str | None, int | None]:
        """List id and level that a paragraph style brings along; None where it brings none."""
        if not self._list:
            return None, None
        if style not in self._found_numbering:
            chain = self._chain(style or self._default)
            list_id = next((self._list[s] for s in chain if s in self._list), None)
            level = next((self._level[s] for s in chain if s in self._level), None)
            self._found_numbering[style] = list_id, level
        return self._found_numbering[style]

    def _chain(self, style: str | None) -> list[str]:
        chain: list[str] = []
        while style and style not in chain and len(chain) < _MAX_CHAIN:
            chain.append(style)
            style = self._based_on.get(style)
        return chain

    def _load(self, style: Any) -> None:
        key = style.get(W + "styleId")
        if not key:
            return
        if style.get(W + "type") == "paragraph" and style.get(W + "default") in ("1", "true", "on"):
            self._default = key
        parent = style.find(W + "basedOn")
        if parent is not None:
            self._based_on[key] = parent.get(VAL, "")
        vanish = style.find(f"{_RPR}/{_VANISH}")
        if vanish is not None:
            self._vanish[key] = is_on(vanish)
        number = style.find(f"{W}pPr/{W}numPr/{W}numId")
        if number is not None:
            self._list[key] = number.get(VAL, "")
        level = style.find(f"{W}pPr/{W}numPr/{W}ilvl")
        if level is not None and (level.get(VAL) or "").isdecimal():
            self._level[key] = int(level.get(VAL))


def is_on(element: Any | None) -> bool:
    """The value of an on/off element: on when it is there and does not say otherwise."""
    return element is not None and element.get(VAL) not in ("0", "false", "off", "none")
