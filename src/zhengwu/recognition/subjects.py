"""What the words in front of an amount speak of."""

import re
from typing import NamedTuple

from zhengwu.dialects import member_of
from zhengwu.dialects.classifications import functional
from zhengwu.model.fact import Identity
from zhengwu.recognition.words import squeeze

_QUOTED_PATH = re.compile(r"[“\"「]([^”\"」]{2,80}[-－—–→][^”\"」]{2,80})[”\"」]")
_CLASS_PATH = re.compile(r"([^，。；：、（(]{2,30})[(（]类[)）](?:([^，。；：]{2,40}?)[(（]款[)）])?(?:([^，。；：]{2,40}?)[(（]项[)）])?")
_ITEM_NUMBER = re.compile(r"^\s*[（(]?[\d一二三四五六七八九十]{1,3}[）)、.．]\s*")
_PURCHASE_ITEMS = (("货物", "goods"), ("工程", "works"), ("服务", "services"))
PART_OF_PROCUREMENT = re.compile(r"中小|小微|小型|微型|预留|中标|成交|授予")
_OTHER_MATTER = re.compile(r"固定资产|资产总额|价值|单价|车辆|设备|面积|房屋|债务|还本付息|贷款")


class Subject(NamedTuple):
    """What an amount is said to be: the identities it may have, the likeliest first."""

    candidates: tuple[Identity, ...]

    @property
    def identity(self) -> Identity:
        """The likeliest."""
        return self.candidates[0]


class Names:
    """Functional codes by name: as this document's own tables print them, else by classification."""

    def __init__(self, printed: dict[str, set[str]], year: int) -> None:
        self.printed = printed
        self.year = year

    def code(self, path: list[str]) -> str:
        """The code of a path of names (类, 款, 项), or ""."""
        code = ""
        for name in path:
            key = squeeze(name)
            known = self.printed.get(key) or set(functional().codes_named(key, self.year))
            length = {0: 3, 3: 5, 5: 7}.get(len(code), 0)
            below = sorted(c for c in known if len(c) == length and c.startswith(code))
            if not below:
                return ""
            code = below[0]
        return code


def function_in(text: str, names: Names) -> str:
    """The functional code that ``text`` spells out in words, or ""."""
    quoted = _QUOTED_PATH.search(text)
    if quoted:
        return names.code(re.split(r"[-－—–→]+", quoted.group(1)))
    spelt = _CLASS_PATH.search(text)
    if spelt:
        return names.code([_ITEM_NUMBER.sub("", part) for part in spelt.groups() if part])
    return ""


def subject_of(
    phrase: str, year: int, stage: str, names: Names, measure: str = "", function: str = "", fund: str = ""
) -> Subject | None:
    """The subject that ``phrase`` names. ``measure`` is what an enumeration goes on about, ``function`` and
    ``fund`` what the paragraph or heading says. None when the words name nothing that we know."""
    text = squeeze(phrase)
    found = _special(text, year, stage)
    if found is not None:
        return found
    code = function_in(phrase, names) or function
    own_fund = member_of(text, "fund")
    nature = member_of(text, "nature") or ""
    if code:
        funds = [own_fund] if own_fund else list(dict.fromkeys([fund, "fiscal", "general", ""]))
        return _expenditure(year, stage, [f for f in funds if f is not None], nature, code)
    if nature:
        return _expenditure(year, stage, list(dict.fromkeys([own_fund or fund, own_fund or ""])), nature)
    income, expenditure = "收入" in text, "支出" in text
    if "收支" in text or (income and expenditure):
        whole = "fiscal_all" if own_fund == "fiscal" else own_fund or ""
        return Subject((Identity("income", year, stage, fund=whole), Identity("outflow", year, stage, fund=own_fund or "")))
    if income or (measure == "income" and own_fund and not expenditure):
        return _income(year, stage, text, own_fund)
    if expenditure or (measure == "expenditure" and own_fund):
        return Subject(
            (
                Identity("expenditure", year, stage, fund=own_fund or ""),
                Identity("outflow", year, stage, fund=own_fund or ""),
            )
        )
    return None


def _special(text: str, year: int, stage: str) -> Subject | None:
    """Subjects with a measure of their own. An empty tuple of candidates means: known to be none of ours."""
    if "政府购买服务" in text:
        return Subject((Identity("purchased_services", year, stage),))
    if "采购" in text:
        if PART_OF_PROCUREMENT.search(text):
            return Subject(())
        item = next((key for word, key in _PURCHASE_ITEMS if word in text), "")
        return Subject((Identity("procurement", year, stage, item=item),))
    if "绩效" in text:
        return Subject((Identity("targets", year, stage),))
    if re.search(r"(?:机关|机构|行政)运行经费", text):
        return Subject((Identity("operating", year, stage),))
    item = member_of(text, "item") if "公务" in text or "出国" in text else None
    if item:
        return Subject((Identity("three_public", year, stage, item=item),))
    if "三公" in text:
        return Subject((Identity("three_public", year, stage),))
    if _OTHER_MATTER.search(text):
        return Subject(())
    return None


def _expenditure(year: int, stage: str, funds: list[str], nature: str, function: str = "") -> Subject:
    return Subject(
        tuple(
            Identity("expenditure", year, stage, function=function, fund=fund, nature=nature)
            for fund in dict.fromkeys(funds)
        )
    )


def _income(year: int, stage: str, text: str, fund: str | None) -> Subject:
    if fund:
        return Subject((Identity("income", year, stage, fund=fund),))
    order = ("current", "") if "本年" in text else ("", "current")
    return Subject(tuple(Identity("income", year, stage, fund=member) for member in order))
