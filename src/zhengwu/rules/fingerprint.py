"""A finding's name that stays the same from run to run, when lines move and when the words of messages change."""

import hashlib

from zhengwu.model.disclosure import Disclosure
from zhengwu.model.finding import Finding

LENGTH = 10  # hexadecimal digits: enough for the findings of one document, short enough to type


def fingerprint(finding: Finding, disclosure: Disclosure) -> str:
    """The rule, the tables and what is printed at the places: not where on the page, not the message."""
    spots = sorted(
        (disclosure.tables[spot.table].number or disclosure.tables[spot.table].title if spot.table >= 0 else "")
        + "|"
        + "".join(spot.quote.split())
        for spot in finding.at
    )
    text = "\n".join([finding.rule, *spots])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]
