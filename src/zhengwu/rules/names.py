"""Names of projects and codes compared as people compare them: blanks, brackets and marks do not count."""

import re
from functools import lru_cache

from zhengwu.recognition.words import label_of

_MARKS = re.compile(r"[()\[\]（）【】〔〕“”\"'‘’《》、,，.。:：;；\-—－–_·/]")
_LEAST_CUT = 6  # characters that a name cut by the page must still show


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """A name without blanks, numbering, brackets and punctuation."""
    return _MARKS.sub("", label_of(name))


def same_project(one: str, other: str) -> bool:
    """Whether two printed names mean one project: equal, or one the beginning of the other, cut by the page."""
    a, b = plain(one), plain(other)
    if not a or not b:
        return False
    shorter, longer = sorted((a, b), key=len)
    return a == b or (len(shorter) >= _LEAST_CUT and longer.startswith(shorter))
