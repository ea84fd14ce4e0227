"""What charts say of their figures, in Chinese and in English. Names of parts are the caller's."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple


class Said(NamedTuple):
    """A part in words: its name, amount and share."""

    name: str
    amount: str
    share: str


class Columns(NamedTuple):
    """The heads of the tables under charts."""

    function: str
    nature: str
    name: str
    amount: str
    share: str
    item: str
    year: str
    change: str


class Words(NamedTuple):
    """One language's sentences. ``units`` are names and sizes in 分, the largest first, yuan last."""

    units: tuple[tuple[str, int], ...]
    blank: str  # between words
    comma: str
    stop: str
    colon: str
    same: str
    more: str  # {by} is the amount
    less: str
    share_of_change: str
    year: str
    total: str
    spent: str
    part: str
    within: str
    listed: str
    both: str
    small: str
    income: str
    outgo: str
    none: str
    no_expenditure: str
    no_money: str
    no_data: str
    no_years: str
    only_zero: str
    own_scale: str
    carried: str
    turnover: str
    others: str
    others_of: str
    too_small: str
    more_below: str
    tip: str
    gap: str
    direction: tuple[str, str, str]  # the column, comes from, goes to
    columns: "Columns"

    def amount(self, fen: int) -> str:
        """An amount as people say it: 1.26亿元, 1,547.05万元; 15.47 m yuan, 5,221.56 yuan."""
        unit, size = next((one for one in self.units if abs(fen) >= one[1]), self.units[-1])
        return f"{(Decimal(fen) / size).quantize(Decimal('0.01'), ROUND_HALF_UP):,}{unit}"

    def change(self, last: int, this: int) -> str:
        """How this year differs from last: 比上年增加229.43万元（17.41%）."""
        if this == last:
            return self.same
        said = (self.more if this > last else self.less).format(by=self.amount(abs(this - last)))
        return said + self.share_of_change.format(share=share_words(abs(this - last), last)) if last else said

    def parts(self, said: Sequence[Said]) -> str:
        """Parts one after the other, "none" where there are none."""
        return self.comma.join(self.listed.format(**one._asdict()) for one in said) or self.none

    def sentence(self, one: Said, inner: str = "") -> str:
        """A part of the whole, and what is within it."""
        return self.part.format(**one._asdict(), within=self.within.format(inner=inner) if inner else "")


def share_words(part: int, whole: int) -> str:
    """A share in per cent, two decimals. What is not nothing is never 0.00 %, what is not all never 100.00 %."""
    if not whole:
        return "—"
    share = (Decimal(100 * part) / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if part and not share:
        return "<0.01%"
    if part != whole and share == 100:
        return ">99.99%"
    return f"{share}%"


CHINESE = Words(
    units=(("亿元", 10**10), ("万元", 10**6), ("元", 100)),
    blank="", comma="，", stop="。", colon="：",
    same="与上年持平", more="比上年增加{by}", less="比上年减少{by}", share_of_change="（{share}）", year="{year}年",
    total="合计{amount}。", spent="支出合计{amount}。", part="{name}{amount}，占{share}{within}。", within="，其中：{inner}",
    listed="{name}{amount}（{share}）", both="{name}（{amount}，{share}）", small="{name} {amount}（{share}）", income="{centre}收入合计{amount}：", outgo="去向合计{amount}：", none="无",
    no_expenditure="本年没有支出", no_money="本年没有收入和支出", no_data="无数据", no_years="两年均无数据",
    only_zero="两年金额均为零", own_scale="以下金额较小，按另一比例画出，不能与上面的条形比较长短。",
    carried="结转下年", turnover="收支总计 {amount}", others="其他{count}项", others_of="其他",
    too_small="面积过小未标出：{names}", more_below="……其余见数据表。", tip="{name} {amount}，{share}", gap="、",
    direction=("方向", "来源", "去向"),
    columns=Columns("支出功能分类", "支出性质", "名称", "金额（元）", "占比", "项目", "{year}年（元）", "增减（元）"),
)  # fmt: skip
ENGLISH = Words(
    units=((" bn yuan", 10**11), (" m yuan", 10**8), (" yuan", 100)),
    blank=" ", comma=", ", stop=". ", colon=": ",
    same="as last year", more="{by} more than last year", less="{by} less than last year", share_of_change=" ({share})",
    year="{year}", total="Total {amount}. ", spent="Expenditure {amount}. ", part="{name}: {amount}, {share}{within}. ", within=", of which: {inner}",
    listed="{name} {amount} ({share})", both="{name} ({amount}, {share})", small="{name} {amount} ({share})", income="{centre}, income {amount}: ", outgo="Goes to {amount}: ", none="none",
    no_expenditure="No expenditure this year", no_money="No income and no expenditure this year", no_data="no data",
    no_years="No data for either year", only_zero="Zero in both years",
    own_scale="Small amounts, drawn to a scale of their own: not to be compared with the bars above.",
    carried="Carried to next year", turnover="Income and expenditure {amount}", others="{count} others",
    others_of="others", too_small="Too small to be named: {names}", more_below="… the others are in the table.",
    tip="{name} {amount}, {share}", gap=", ", direction=("Direction", "comes from", "goes to"),
    columns=Columns("Function", "Nature", "Name", "Amount (yuan)", "Share", "Item", "{year} (yuan)", "Change (yuan)"),
)  # fmt: skip


def words_in(language: str) -> Words:
    """Those of a language: "en" or anything else, which is Chinese."""
    return ENGLISH if language == "en" else CHINESE
