"""What the words in front of an amount speak of.

A phrase is taken apart into words of the field. Only a phrase that is understood to its last word names a
subject: "集中采购" is not "采购", "初中教育支出" is not "支出". What is left over makes the subject unknown,
and an unknown amount takes part in no comparison but those of its own sentence.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from zhengwu.dialects import member_of
from zhengwu.dialects.classifications import departmental_economic, functional, government_economic
from zhengwu.model.fact import Identity
from zhengwu.recognition.words import squeeze

PART_OF_PROCUREMENT = re.compile(r"中小|小微|小型|微型|预留|中标|成交|授予")
SPECIAL = ("three_public", "operating", "procurement", "purchased_services", "targets")

_QUOTED_PATH = re.compile(r"[“\"「]([^”\"」]{2,80}[-－—–→][^”\"」]{2,80})[”\"」]")
_MARK = r"[(（](?:20\d|21\d|22\d|23\d|\d\d)?{0}[)）]"
_CLASS_PATH = re.compile(
    r"([^，。；：、（(]{2,30})" + _MARK.format("类")
    + r"(?:([^，。；：]{2,40}?)" + _MARK.format("款") + r")?(?:([^，。；：]{2,40}?)" + _MARK.format("项") + ")?"
)  # fmt: skip
_ITEM_ONLY = re.compile(r"(?:^|[、\s])([^，。；：、（(]{2,30})[(（]项[)）]")
_ITEM_NUMBER = re.compile(r"^\s*[（(]?[\d一二三四五六七八九十]{1,3}[）)、.．]\s*")
_HEAD = re.compile(
    r"^(?:[、:;,的]|[(]?[\d一二三四五六七八九十]{1,3}[)、.]|20\d\d年度?|本年度?|当年|今年|其中[:,]?|包括[:]?|安排|用于)+"
)
_TAIL = re.compile(
    r"(?:预算|决算|安排|数|额|为|是|共|计|合计|总|约|的|20\d\d年度?|本年度?|当年|年初|全年|执行|经费|资金)+$"
)
_CLASS_WORD = re.compile(r"(?:类科目|科目|类|[(]类[)])$")
# A bracket that only qualifies: (不含教育收费), (以合同签订为准), (疫情前). Those that belong to a name stay.
_ASIDE = re.compile(r"[(](?!境|护|类|款|项|室|一[)]|二[)]|镇|[“\"]?三公)[^()]*[)]")
_ASIDE_WHOLE = re.compile(r"[(][“\"]?三公[”\"]?经费[^()]*[)]")
_ORGANISATION = (
    r"[\u4e00-\u9fff·]{1,24}?(?:局|厅|委员会|[市县区省州乡镇]委(?:[\u4e00-\u9fff]{2,3}部)?|部(?!门)|办公室|政府办(?!公)|中心"
    r"|医院|学院|法院|检察院|研究院|学校|小学|中学|大学|幼儿园|馆|站|所(?![属有需得占])|支队|大队|协会|联合会|街道|乡|镇"
    r"|人民政府|政协|[\u4e00-\u9fff]联(?!系)|(?:省|市|县|区|州|旗)(?:本?级|汇总)?)(?:[(]?本级[)]?|机关)?"
    r"(?=20\d\d|收|支|财政|一般公共|政府(?=采购|购买|性)|机关|行政|下属|所属|使用|[“\"]|三公|因公|公务|年|部门|单位|本|$)"
)
_WORDS = re.compile(
    "|".join(
        f"(?P<{name}>{pattern})"
        for name, pattern in (
            ("year", r"20\d\d年?度?(?=年初|[^\d月]|$)(?!\d*月)"),
            ("last_year", r"(?:上年|去年|上一年)度?(?!结转|结余|末)"),
            ("cars", r"(?:公务用车|公车|公务车辆?)?购置(?:及|和|与|、)运行(?:维护)?(?:费用?|经费|支出)?"
                     r"|(?:公务用车|公车)费用?"
                     r"|公务用车购置(?:及|和|与)维护费"),
            ("car_operation", r"(?:公务用车|公车|公务车辆?)(?:运行维护|运行和维护|运行|运维|维护)(?:费用?|经费|支出)?"),
            ("car_purchase", r"(?:公务用车|公车)购置(?:费用?|经费|支出)?"),
            ("abroad", r"(?:因公)?出国(?:[(]境[)]|境)?(?:费用?|经费|支出)?"),
            ("reception", r"公务接待(?:费用?|经费|支出)?"),
            ("three_public", r"[“\"]?三公[”\"]?(?:经费)?[”\"]?"),
            ("operating", r"(?:机关|机构|行政)运行(?:公用)?经费"),
            ("purchased_services", r"政府购买服务"),
            ("procurement", r"政府采购"),
            ("goods", r"货物类?"), ("works", r"工程类?"), ("services", r"服务类?"),
            ("bought", r"采购"),
            ("fund", r"一般公共(?:服务)?预算(?:当年)?(?:财政)?(?:拨款|补助)?|公共财政预算(?:财政)?拨款"
                     r"|政府性基金(?:预算)?(?:财政)?(?:拨款)?"
                     r"|国有资本经营(?:预算)?(?:财政)?(?:拨款)?|财政(?:预算)?拨款|财政补助(?=收入|支出)|预算内资金"
                     r"|财政专户(?:管理)?(?:的)?(?:资金|收入)?|单位资金|自有资金|其他资金"),
            ("income_fund", r"上级补助收入|附属单位上缴收入|(?:事业单位)?经营收入|(?:事业单位)?事业收入|其他收入"),
            ("carryover", r"(?:财政拨款)?(?:上年|年初)结转(?:和|及)?(?:结余)?(?:资金|收入)?"),
            ("carry_out", r"结转下年(?:支出)?|(?:财政拨款)?年[末终]结转(?:和|及)?(?:结余)?"),
            ("nature", r"(?:基本|项目)支出|人员(?:类)?(?:经费|支出)|(?:日常)?公用(?:类)?(?:经费|支出)"
                       r"|上缴上级支出|经营支出"
                       r"|对?(?:附属|下级)单位补助支出"),
            ("both", r"收[、和]?支|收入[、和]?支出"),
            ("income", r"收入"), ("expenditure", r"支出"),
            ("total", r"总计|总预算|总(?=收|支|预|决|计|$)"), ("sum", r"合计|总额|总(?=额|体)"),
            ("current", r"本年|当年"),
            ("adjusted", r"全年预算|调整(?:后)?预算"),
            ("budget", r"年初预算|预算"), ("final", r"决算|执行数?"),
            ("number_of", r"\d+[家个项](?:机关|预算单位|行政单位|参公(?:管理)?事业单位|事业单位)?(?:和|及)?"),
            ("filler", r"[、:;,“”\"()的]|其中|包括|分别|预计|安排|拨入|涉及|用于|下属|所属"
                       r"|本部门|我部门|本单位|我单位|本级|本[局委办校院]"
                       r"|我[局委办校院]|全[区县市省局]|部门|单位|区级|市级|县级|省级|年度|项目(?!支出)|资金|金额|经费|规模|情况|总体|具体|结构|实际"
                       r"|说明|编制|收支变化|变化|增减|变动|公开|数额|数|额|为|是|均为?|使用|共计|共|计|有|达到?|约|中|关于|及|和|按"
                       r"|[一二三四五六七八九十]{1,3}、|\d{1,2}[、.]|各"),
            ("organisation", _ORGANISATION),
        )
    )
)  # fmt: skip
_ITEMS = ("cars", "car_operation", "car_purchase", "abroad", "reception")
_BOUGHT = ("goods", "works", "services")


class Subject(NamedTuple):
    """What an amount is said to be: the identities it may have, the likeliest first; none when unknown."""

    candidates: tuple[Identity, ...]
    if_equal: tuple[Identity, ...] = ()  # what it is only where the amount says so too

    @property
    def identity(self) -> Identity | None:
        """The likeliest."""
        return self.candidates[0] if self.candidates else None


class Phrase(NamedTuple):
    """A phrase taken apart. ``known`` is false when a word was left over."""

    known: bool = False
    measure: str = ""  # income | expenditure | both | carry_out | one of SPECIAL
    fund: str = ""
    nature: str = ""
    item: str = ""
    function: str = ""
    departmental: str = ""
    government: str = ""
    total: bool = False
    current: bool = False
    year: int | None = None  # -1: the year before
    stage: str = ""
    organisation: str = ""

    @property
    def bare(self) -> bool:
        """Only "预算为", "共计", "2024年决算数": the subject stands elsewhere."""
        return self.known and not (self.measure or self.of_a_part or self.fund)

    @property
    def of_a_part(self) -> bool:
        """Whether a code, a nature or an item is named."""
        return bool(self.nature or self.item or self.function or self.departmental or self.government)

    @property
    def weak(self) -> bool:
        """ "支出决算为": whose expenditure, the sentence before may tell."""
        return (
            self.known and self.measure in ("income", "expenditure")
            and not (self.of_a_part or self.fund or self.total or self.current)
        )  # fmt: skip

    @property
    def fund_only(self) -> bool:
        """ "一般公共预算拨款": the income or the expenditure from it, the words around tell."""
        return self.known and bool(self.fund) and not (self.measure or self.of_a_part)

    @property
    def strong(self) -> bool:
        """Names a subject of its own, whatever stands around it."""
        return self.known and bool(self.measure or self.of_a_part) and not self.weak


UNKNOWN = Phrase()


class Names:
    """Functional codes by name: as this document's own tables print them, else by classification."""

    def __init__(self, printed: dict[str, set[str]], year: int) -> None:
        self.printed = printed
        self.year = year
        self._phrases: dict[str, Phrase] = {}

    def code(self, path: list[str]) -> str:
        """The code of a path of names (类, 款, 项), or ""."""
        code = ""
        for name in path:
            key = squeeze(name)
            below = self._below(key, code) or (self._below(key + "支出", "") if not code else [])
            if not below:  # 社会保障和就业（类） is named without its last word
                return ""
            code = below[0]
        return code

    def _below(self, key: str, code: str) -> list[str]:
        known = self.printed.get(key) or _codes_named(key, self.year)[0]
        length = {0: 3, 3: 5, 5: 7}.get(len(code), 0)
        return sorted(c for c in known if len(c) == length and c.startswith(code))

    def phrase(self, text: str) -> Phrase:
        """``text`` taken apart."""
        found = self._phrases.get(text)
        if found is None:
            found = self._phrases[text] = self._parsed(text)
        return found

    def _parsed(self, text: str) -> Phrase:
        function = self.function(text) if "类" in text or "项" in text or "”" in text or '"' in text else None
        if function is not None:
            rest = _CLASS_PATH.sub("", _QUOTED_PATH.sub("", text))
            stage = _words(squeeze(rest)).stage
            year = re.search(r"(20\d\d)\s*年", text)
            return Phrase(bool(function), function=function, stage=stage, year=int(year[1]) if year else None)
        squeezed = squeeze(text)
        found = _words(squeezed)
        if found.known and (found.measure != "expenditure" or found.of_a_part or found.fund):
            return found
        return self._classified(squeezed) or found

    def _classified(self, squeezed: str) -> Phrase | None:
        """A name of the classifications: "教育支出", "住房保障支出类科目", "工资福利支出"."""
        year = re.match(r"20\d\d(?=年)", squeezed)
        name = _HEAD.sub("", squeezed)
        stage = "budget" if name.endswith(("预算", "预算数", "预算为", "预算数为")) else ""
        name = _CLASS_WORD.sub("", _TAIL.sub("", name))
        if not 3 <= len(name) <= 30:
            return None
        when = int(year[0]) if year else None
        code = self.code([name])
        if code and name != "其他支出":
            return Phrase(True, function=code, year=when, stage=stage)
        departmental, government = map(_only, _codes_named(name, self.year)[1:])
        if departmental or government:
            return Phrase(True, departmental=departmental, government=government, year=when, stage=stage)
        return None

    def function(self, text: str) -> str | None:
        """The functional code that ``text`` spells out in words, "" when no code has these names, None when it
        spells out none."""
        quoted = _QUOTED_PATH.search(text)
        if quoted:
            return self.code(re.split(r"[-－—–→]+", quoted.group(1)))
        if "类" in text:
            spelt = _CLASS_PATH.search(text)
            if spelt:
                path = [_ITEM_NUMBER.sub("", part) for part in spelt.groups() if part]
                return self.code([re.sub(r"^.*年度?|^\s*20[1-9]|^\s*2[123]\d", "", path[0]), *path[1:]])
        if "项" in text:
            item = _ITEM_ONLY.search(text)
            if item:
                return _only(tuple(c for c in self.printed.get(squeeze(item[1]), ()) if len(c) == 7))
        return None


@lru_cache(maxsize=8192)
def _codes_named(name: str, year: int) -> tuple[tuple[str, ...], ...]:
    """The functional, departmental and government codes of a name."""
    return tuple(
        classification.codes_named(name, year)
        for classification in (functional(), departmental_economic(), government_economic())
    )


def _only(codes: tuple[str, ...]) -> str:
    """The one code, when it is of the highest level (or a function of the lowest): others share their names."""
    return codes[0] if len(codes) == 1 and len(codes[0]) in (3, 7) else ""


@lru_cache(maxsize=8192)
def _words(text: str) -> Phrase:
    """A squeezed phrase taken apart into words of the field; UNKNOWN when a word is left over."""
    text = _ITEM_NUMBER.sub("", text)
    whole = bool(_ASIDE_WHOLE.search(text))
    text = _ASIDE_WHOLE.sub("", _ASIDE.sub("", text))
    found: dict[str, str] = {}
    year: int | None = None
    at = 0
    while at < len(text):
        match = _WORDS.match(text, at)
        if match is None:
            return UNKNOWN
        at = match.end()
        kind = str(match.lastgroup)
        word = match.group()
        if kind == "year":
            year = int(word[:4])
        elif kind == "last_year":
            year = -1
        elif kind in ("fund", "income_fund", "nature"):
            dimension = "nature" if kind == "nature" else "fund"
            member = member_of(word, dimension) or "fiscal"  # 财政预算拨款
            if kind == "income_fund":
                found["income"] = word
            if found.setdefault(dimension, member) != member:
                if {found[dimension], member} != {"fiscal", "general"}:
                    return UNKNOWN
                found[dimension] = "general"  # 财政拨款一般公共预算: the narrower
        else:
            found[kind] = word
    items = [item for item in _ITEMS if item in found]
    if whole:
        found["three_public"], items = "", []
    if len(items) > 1:
        return UNKNOWN
    bought = [item for item in _BOUGHT if item in found]
    if len(bought) > 1 or (bought and not ("procurement" in found or "bought" in found)):
        return UNKNOWN
    measure = _measure(found, items)
    if "carryover" in found:
        member = _CARRIED.get(found.get("fund", ""), "")
        if not member or measure not in ("", "income"):
            return UNKNOWN
        measure, found["fund"] = "income", member
    stage = next((stage for stage in ("adjusted", "final", "budget") if stage in found), "")
    return Phrase(
        True, measure, found.get("fund", ""), found.get("nature", ""), (items + bought + [""])[0],
        total="total" in found, current="current" in found, year=year, stage=stage,
        organisation=found.get("organisation", ""),
    )  # fmt: skip


_CARRIED = {
    "": "carryover", "fiscal": "fiscal_carryover", "general": "carryover.general",
    "government_fund": "carryover.government_fund", "state_capital": "carryover.state_capital",
}  # fmt: skip


def _measure(found: dict[str, str], items: list[str]) -> str:
    for special in ("purchased_services", "procurement", "operating"):
        if special in found:
            return special
    if items or "three_public" in found:
        return "three_public"
    if "bought" in found:
        return "procurement"
    if "both" in found or ("income" in found and "expenditure" in found):
        return "both"
    for measure in ("carry_out", "income", "expenditure"):
        if measure in found:
            return measure
    return ""


class Around(NamedTuple):
    """What stands around a phrase: the whole it is a part of, and what the headings say."""

    whole: Identity | None = None
    fund: str | None = None  # the headings': "" for all funds, None where they do not tell
    measure: str = ""
    nature: str = ""


def subject_of(phrase: Phrase, year: int, stage: str, around: Around) -> Subject:
    """The identities that ``phrase`` may have."""
    if not phrase.known:
        return Subject(())
    whole = around.whole
    measure = phrase.measure or (whole.measure if whole else around.measure)
    if phrase.measure in SPECIAL:
        fund = phrase.fund if measure == "procurement" else ""
        if measure == "targets" and phrase.fund not in ("", "general", "fiscal"):
            fund = phrase.fund
        return Subject((Identity(measure, year, stage, item=phrase.item, fund=fund),))
    if phrase.of_a_part:
        return _part(phrase, year, stage, around)
    if phrase.measure == "carry_out":
        return Subject((Identity("carry_out", year, stage, fund=phrase.fund),))
    if measure in ("procurement", "operating") and whole and phrase.fund:
        return Subject((whole._replace(fund=phrase.fund),))
    if phrase.measure == "both":
        fund = phrase.fund or around.fund or ""
        own = "fiscal_all" if fund == "fiscal" else fund
        return Subject((Identity("income", year, stage, fund=own), Identity("outflow", year, stage, fund=fund)))
    if measure == "income":
        return _income(phrase, year, stage, whole)
    if measure in ("expenditure", "outflow"):
        return _expenditure(phrase, year, stage, around)
    return Subject(())


def _fund_of(whole: Identity) -> str:
    return "fiscal" if whole.fund == "fiscal_all" else whole.fund


def _part(phrase: Phrase, year: int, stage: str, around: Around) -> Subject:
    whole = around.whole
    funds: list[str]
    nature, function = phrase.nature, phrase.function
    if whole and whole.measure in ("expenditure", "outflow"):
        funds = [phrase.fund or _fund_of(whole)]
        if not nature or phrase.departmental or phrase.government:
            nature = nature or whole.nature
        function = function or whole.function
    elif phrase.fund:
        funds = [phrase.fund]
    elif whole and whole.fund:
        funds = [_fund_of(whole)]
    else:
        funds = [around.fund] if around.fund is not None else ["", "fiscal", "general"]
    codes = [("", "")]
    if phrase.departmental or phrase.government:
        nature = nature or around.nature
        codes = [("", phrase.departmental)] if phrase.departmental else []
        codes += [(phrase.government, "")] if phrase.government else []
    # 财政拨款收支总预算: its expenditure by function has what was carried over in it.
    measures = ("outflow", "expenditure") if whole and whole.measure == "outflow" and function else ("expenditure",)
    return Subject(
        tuple(
            Identity(measure, year, stage, function, government, departmental, fund, nature)
            for fund in dict.fromkeys(funds)
            for government, departmental in codes
            for measure in measures
        )
    )


def _income(phrase: Phrase, year: int, stage: str, whole: Identity | None) -> Subject:
    fund = phrase.fund
    if fund:
        if fund == "carryover" and whole and whole.fund == "fiscal_all":
            fund = "fiscal_carryover"
        return Subject((Identity("income", year, stage, fund=fund),))
    if whole and whole.fund == "fiscal_all" and phrase.current:
        return Subject((Identity("income", year, stage, fund="fiscal"),))
    # Final accounts tell the year's income from the total with what was carried over; budgets plan the total.
    total, current = Identity("income", year, stage), Identity("income", year, stage, fund="current")
    if phrase.current or (stage == "final" and not phrase.total):
        return Subject((current,), (total,))
    return Subject((total,), (current,))


def _expenditure(phrase: Phrase, year: int, stage: str, around: Around) -> Subject:
    if phrase.fund:
        funds = [phrase.fund]
    elif around.whole is not None:
        funds = [_fund_of(around.whole)]
    else:
        funds = list(dict.fromkeys([around.fund or "", ""]))
    spent = tuple(Identity("expenditure", year, stage, fund=fund) for fund in funds)
    total = tuple(Identity("outflow", year, stage, fund=fund) for fund in funds)
    if phrase.total:
        return Subject(total, spent)
    return Subject(spent, total) if phrase.current or stage == "final" else Subject((*spent, *total))


def contains(whole: Identity, part: Identity) -> bool:
    """Whether ``part`` is one of the parts that ``whole`` may be divided into, at whatever depth."""
    if whole == part or (whole.year, whole.stage, whole.aspect) != (part.year, part.stage, part.aspect):
        return False
    if whole.measure != part.measure and not (
        whole.measure == "outflow" and part.measure in ("expenditure", "carry_out")
    ):
        return False
    for name in ("fund", "nature", "item"):
        above, below = getattr(whole, name), getattr(part, name)
        if above and above != below and above not in _ancestors(name, below):
            return False
    return all(
        getattr(part, name).startswith(getattr(whole, name)) for name in ("function", "government", "departmental")
    )


@lru_cache(maxsize=512)
def _ancestors(dimension: str, member: str) -> tuple[str, ...]:
    """The wholes that ``member`` is a part of, through all levels."""
    from zhengwu.dialects import tree

    above = [whole for whole, parts in tree(dimension).items() if member in parts]
    return tuple(above + [further for whole in above if whole for further in _ancestors(dimension, whole)])
