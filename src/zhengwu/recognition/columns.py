"""What an amount column stands for, read from its header path: members, year, stage, change."""

import re
from functools import lru_cache

from zhengwu.dialects import member_of
from zhengwu.dialects.classifications import departmental_economic, government_economic
from zhengwu.recognition.words import is_total

_YEAR = re.compile(r"(20\d\d)年")
_LAST_YEAR = re.compile(r"上年(?!结转|结余|财政|度?结|度?财政|末)|去年|上年度(?!结)")
_COMPARED = re.compile(r"比.{0,12}(?:上年|去年|20\d\d年|预算|决算|执行)|增减|增加|变动|增长|比较")
_PER_CENT = re.compile(r"%|±|比例|占比|率$|幅度?$|百分")
_OF_WHICH = re.compile(r"^其中[:;]?")
# Words that tell nothing by themselves: a label of nothing else stands for what its table speaks of.
_NEUTRAL = re.compile(
    r"20\d\d|年初|年末|年度|上年|本年|当年|全年|去年|年|预算|决算|执行|完成|调整|批复|安排|支出|收入|拨款|财政|金额|数额|总额|"
    r"数|额|合计|总计|小计|总|部门|单位|情况|功能|经济|政府|分类|科目|项目|其中|[()（）:：、“”\"'/]|万元|元|人民币|三公|经费|"
    r"一般公共|费用?|资金|编码|代码|名称|指标|批准|申报|的|和|及|与|补助|款|类|项|表"
)
_CARRIED_OUT = re.compile(r"年末.*结转|结转下年|年末结余")
_OWN_MEASURES = (("机关运行经费", "operating"), ("会议费", "meeting"), ("培训费", "training"))

Dims = tuple[tuple[str, str], ...]


def is_of_which(label: str) -> bool:
    """Whether a column is only a part of the one beside it (其中：教育收费)."""
    return bool(_OF_WHICH.match(label))


@lru_cache(maxsize=4096)
def dims_of_path(path: tuple[str, ...]) -> Dims:
    """The members an amount column stands for; a deeper label is more exact than the one above it.

    Besides the identity's dimensions: ``aspect`` "change" (this year less the one before) or "rate" (that in
    per cent) or "unknown" (words that we do not understand: such an amount has no identity).
    """
    dims: dict[str, str] = {}
    known = bool(path)
    carried = False
    for label in path:
        for dimension in ("fund", "nature", "item"):
            member = member_of(label, dimension)
            if not member:
                continue
            if dimension == "fund" and member == "carryover":
                carried = True
            elif dimension == "fund" and carried:
                member = f"carryover.{member}"
            dims[dimension] = member
        economic = _economic(label)
        dims.update(economic)
        _period(label, dims)
        _measure(label, dims)
        if _PER_CENT.search(label) and (label == path[-1] or not _COMPARED.search(label)):
            dims["aspect"] = "rate"
        elif _COMPARED.search(label) and dims.get("aspect") != "rate":
            dims["aspect"] = "change"
        known = known and (_understood(label) or bool(economic))
    if dims.get("aspect"):
        dims.pop("year", None)
    if not known and "aspect" not in dims:
        dims["aspect"] = "unknown"
    _current(path, dims)
    return tuple(dims.items())


def _current(path: tuple[str, ...], dims: dict[str, str]) -> None:
    """小计 under 本年收入 is the year's income without what is carried over."""
    if len(path) < 2 or not is_total(path[-1]) or dims.get("fund"):
        return
    if any(re.fullmatch(r"(?:本|当)年(?:收入|预算收入|拨款|收入预算)", label) for label in path[:-1]):
        dims["fund"] = "current"


def _period(label: str, dims: dict[str, str]) -> None:
    year = _YEAR.search(label)
    if year:
        dims["year"] = year.group(1)
    elif _LAST_YEAR.search(label):
        dims["year"] = "last"
    if "决算" in label:
        dims["stage"] = "final"
    elif "执行数" in label:
        dims["stage"] = "execution"
    elif label.startswith(("年初预算", "预算数", "全年预算", "调整预算")):
        dims["stage"] = "adjusted" if label.startswith(("全年", "调整")) else "budget"


def _measure(label: str, dims: dict[str, str]) -> None:
    if _CARRIED_OUT.search(label):
        dims.pop("fund", None)
        dims["measure"] = "carry_out"
    elif label.startswith("本年收入"):
        dims["measure"] = "income"
    elif label.startswith("本年支出"):
        dims["measure"] = "expenditure"
    if "三公" not in label:
        for word, measure in _OWN_MEASURES:
            if word in label:
                dims["measure"] = measure
                dims.pop("item", None)


@lru_cache(maxsize=1024)
def _economic(label: str) -> dict[str, str]:
    """The economic class that a label names (工资福利支出 as a column)."""
    for dimension, book in (("departmental", departmental_economic()), ("government", government_economic())):
        classes = [code for code in book.codes_named(label) if len(code) == 3]
        if classes:
            return {dimension: classes[0]}
    return {}


@lru_cache(maxsize=4096)
def _understood(label: str) -> bool:
    """Whether a label holds no word that we do not know."""
    if any(member_of(label, dimension) for dimension in ("fund", "nature", "item")):
        return True
    if any(word in label for word, _ in _OWN_MEASURES) or _COMPARED.search(label) or _PER_CENT.search(label):
        return True
    return bool(_CARRIED_OUT.search(label)) or not _NEUTRAL.sub("", label)
