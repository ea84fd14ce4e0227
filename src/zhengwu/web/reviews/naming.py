"""Names of uploaded files: shown to people, never used as a path."""

import re
import unicodedata

_MOST = 160  # characters
# Control characters, and those that turn the direction of writing: "gpj.exe" must not read as "exe.jpg".
_UNSAFE = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff\\ud800-\\udfff]")


def shown_name(name: str) -> str:
    """The last part of a name as one line of text, its ending kept when it is too long."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    last = " ".join(_UNSAFE.sub("", last).split()).strip(". ")
    if len(last) > _MOST:
        stem, dot, ending = last.rpartition(".")
        last = f"{stem[: _MOST - len(ending) - 2]}…{dot}{ending}" if dot and len(ending) <= 10 else last[:_MOST]
    return last or "unnamed"


def file_stem(name: str) -> str:
    """The name without its ending, for the name of a download."""
    stem, dot, ending = name.rpartition(".")
    return stem if dot and stem and len(ending) <= 10 else name
