"""An indicator's value as printed, typed: ≥98%/月 is a comparison, a number, a unit and a period.

The whole text must be understood, or nothing is: half a promise is another promise. 全年保证123人在岗 and 1次，160人 keep
their print alone, and so does what compares with another figure (较上年增长5%).
"""

import re
from decimal import Decimal
from typing import NamedTuple

from zhengwu.model.message import Message

_WORDS = {
    "≥": ("≥", "≧", ">=", "大于等于", "大于或等于", "不低于", "不得低于", "不少于", "不得少于", "不小于", "不得小于", "至少", "最少", "达到", "达"),
    "≤": ("≤", "≦", "<=", "小于等于", "小于或等于", "不高于", "不得高于", "不超过", "不得超过", "不多于", "不得多于", "不大于", "不得大于", "至多", "最多", "控制在"),
    ">": (">", "大于", "高于", "超过", "多于"),
    "<": ("<", "小于", "低于", "少于"),
    "=": ("=", "等于", "为"),
}  # fmt: skip
_SIGNS = {word: sign for sign, words in _WORDS.items() for word in words}
_BOUNDS = {
    "以上": "≥", "及以上": "≥", "或以上": "≥", "以内": "≤", "之内": "≤", "内": "≤", "以下": "≤", "及以下": "≤", "或以下": "≤", "余": "≥", "多": "≥",
}  # fmt: skip
_MEASURES = (
    "% ‰ 个百分点 百分点 元 人 人次 名 位 户 家 个 项 件 条 篇 期 次 人天 场 场次 批 批次 份 套 台 台套 台次 台(套) 辆 辆次 块 张 册 本 部 "
    "处 座 所 间 栋 幢 席 座席 坐席 床 公里 千米 米 厘米 毫米 平方米 平米 ㎡ m² 平方公里 亩 公顷 吨 千克 公斤 克 升 毫升 立方米 千瓦时 度 分 分钟 秒 "
    "小时 天 日 工作日 个工作日 自然日 个自然日 周 星期 个月 季度 个季度 年 学时 课时 倍 级 类 种 门 宗 起 例 盏 棵 株 头 只 支 组 版 页 字 "
    "GB TB MB PB G T M Mbps Gbps MB/s 兆 点 班 届 轮 站 路 线 笔 单 包 箱 瓶 桶 枚 根 片 顶 把 扇 通 幅 面 枝 对 双 袋 股 款 档 卷 集 分贝 ℃ 摄氏度"
)
# What is counted may stand behind 个 and the like (1,400个事项), unless it is a promise of its own (6个正常运行).
_COUNTED = r"(?:个|项|件|条|名|家|处|次|种|类)[^\W\d_并且及和与内以完正不有到为后前起得在合达通均都上下余多]{1,3}"
_UNIT = "|".join(re.escape(one) for one in sorted(_MEASURES.split(), key=len, reverse=True))
_ANY = "|".join(re.escape(one) for one in sorted(_SIGNS, key=len, reverse=True))
_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
_PERIODS = {"天": "天", "日": "天", "周": "周", "月": "月", "季": "季", "季度": "季", "年": "年", "年度": "年", "次": "次", "人": "人", "小时": "小时"}  # fmt: skip
_PERIOD = "|".join(sorted(_PERIODS, key=len, reverse=True))
_VALUE = re.compile(
    rf"(?P<lead>[^\W\d_]{{0,30}}?)(?P<sign>{_ANY})?(?P<minus>[-−])?(?P<number>{_NUMBER})(?P<more>余|多)?"
    rf"(?P<unit>(?:[万亿]|[百千]万)?(?:{_COUNTED}|{_UNIT})|[万亿]|)(?P<bound>(?:及|或)?以[上下内]|之内|内)?"
    rf"(?:/(?P<per>{_PERIOD})|\(?每(?P<each>{_PERIOD})\)?)?"
)
# Before the value: what it is of is left out, what changes its meaning is not.
_CHANGES = re.compile(
    "[不未无非否没勿各约近第较比增减降升涨超每共调压缩前后延早晚迟缺欠]|提高|上年|去年|同期|大概|平均|其中"
)
_EACH = re.compile(rf"每({_PERIOD})")
_DAY = re.compile(
    r"(?P<year>20[0-9]{2})年(?:(?P<quarter>第?[一二三四1-4])季度|(?P<month>1[0-2]|0?[1-9])月(?:(?P<day>3[01]|[12][0-9]|0?[1-9])日)?)?"
    r"(?P<until>底前|底以前|底之前|底|末|前|以前|之前|内)?(?:完成|完工|结束)?"
)
_QUARTERS = dict(zip("一二三四1234", "12341234", strict=True))
# As people type it on a full-width keyboard; digits of other scripts are no numbers.
_PLAIN = {ord(full): chr(ord(full) - 0xFEE0) for full in map(chr, range(0xFF01, 0xFF5F))}
_WHOLE, _DECIMALS = 18, 6  # digits that models.Indicator.number keeps


class Typed(NamedTuple):
    """What can be compared. ``comparison`` is ≥ ≤ > < =, ``number`` exactly as printed, ``unit`` as printed,
    ``period`` what it holds for (月: each month). A day by which something is done has no number: its ``period`` is
    2021-05-31, 2021-05, 2021-Q1 or 2021, its comparison <, ≤ or =. All is empty where the text says neither."""

    comparison: str = ""
    number: Decimal | None = None
    unit: str = ""
    period: str = ""

    @property
    def is_read(self) -> bool:
        """Whether the text was understood."""
        return bool(self.comparison)


def typed_value(text: str) -> Typed:
    """The value that ``text`` states, or an empty one."""
    if len(text) > 200:
        return Typed()
    plain = re.sub(r"\s", "", text.translate(_PLAIN)).rstrip("。;.")
    return _day(plain) or _value(plain) or Typed()


def reading(value: Typed) -> Message:
    """How the machine understands a value, for people."""
    if not value.is_read:
        return Message("仅文字", "text only")
    if value.number is None:
        return Message(f"时间 {value.comparison} {value.period}", f"time {value.comparison} {value.period}")
    number = f"{value.number.normalize():,f}"
    shown = f"{value.comparison} {number}{' ' if value.unit else ''}{value.unit}"
    each = f" / {value.period}" if value.period else ""
    return Message(shown + each, shown + each)


def _day(plain: str) -> Typed | None:
    found = _DAY.fullmatch(plain)
    if found is None:
        return None
    when = found["year"]
    if found["quarter"]:
        when += f"-Q{_QUARTERS[found['quarter'][-1]]}"
    elif found["month"]:
        when += f"-{int(found['month']):02d}" + (f"-{int(found['day']):02d}" if found["day"] else "")
    until = found["until"] or ""
    # “5月31日前” has that day in it, as officials write it; “6月前” does not say that all of June is meant.
    before = until in ("前", "以前", "之前") and not found["day"]
    return Typed("<" if before else "≤" if until else "=", None, "", when)


def _value(plain: str) -> Typed | None:
    found = _VALUE.fullmatch(plain)
    if found is None:
        return None
    lead, each = found["lead"], found["each"] or found["per"]
    period = _EACH.search(lead)
    if period and not each:  # 每天12小时
        lead, each = lead.replace(period[0], "", 1), period[1]
    if _CHANGES.search(lead) or (found["minus"] and lead):
        return None
    words = ((_SIGNS, "sign"), (_BOUNDS, "bound"), (_BOUNDS, "more"))
    signs = {among[found[name]] for among, name in words if found[name]}
    if signs == {"≥", ">"} or (found["sign"] in ("为", "等于", "=") and len(signs) > 1):
        signs -= {">", "="}
    if len(signs) > 1:  # 控制在5%以上 says two things
        return None
    number = Decimal(f"{'-' if found['minus'] else ''}{found['number'].replace(',', '')}")
    whole, _, decimals = found["number"].replace(",", "").partition(".")
    if len(whole.lstrip("0")) > _WHOLE or len(decimals.rstrip("0")) > _DECIMALS:
        return None
    return Typed(signs.pop() if signs else "=", number, found["unit"], _PERIODS[each] if each else "")
