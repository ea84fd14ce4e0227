"""Claims in the narrative: what each sentence states about amounts, as facts and relations.

A paragraph is read from left to right, number by number. The words since the number before tell what the
number is: an amount of some subject, a difference to another year, a share of a whole, a rate.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from zhengwu.dialects import member_of
from zhengwu.model.disclosure import Claim, Section
from zhengwu.model.fact import Fact, Identity
from zhengwu.model.number import YUAN_IN, chinese_count, last_place, number_of
from zhengwu.recognition.subjects import PART_OF_PROCUREMENT, Names, Subject, function_in, subject_of
from zhengwu.recognition.words import squeeze

_TOKEN = re.compile(
    r"(?P<number>(?<![\d.,\-+*])[-－]?\d[\d,，]*(?:\.\d+)?)\s*(?:(?P<unit>亿元|万元|千元|元)|(?P<percent>[%％﹪])(?!以上|以下|的?个百分点))"
    r"|(?P<flat>(?:持平|(?:一致|相同|无变化|没有变化|无增减变化)(?=[。，；,;]|$)))"
    r"|(?P<versus>(?:大于|小于|等于|高于|低于|多于|少于)(?=(?:年初)?预算))"
)
_THRESHOLD = re.compile(r"^\s*(?:[（(]含[)）])?\s*(?:以上|以下|以内|及以上)")
_UP = "增加|增长|上升|提高|上涨|增|多|上调"
_DOWN = "减少|下降|降低|压减|压缩|缩减|减|少|下调|节约"
_CHANGE = re.compile(rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?:了|约|率|幅度|为|到)*[:：]?\s*$")
_COMPARE = re.compile(r"(?:比|较|与|同|和)(?P<base>[^，。；,;]*)$|(?:比|较|与|同)(?P<base2>[^，。；,;]{0,24}?)(?:相比|比较)[，,]?[^。；;]*$")
_SHARE = re.compile(r"(?:占|占到)(?P<whole>[^，。；,;：:]*?)(?:的|的比重为|的比例为|比重|比例|比重为|为|约)?\s*$")
_OF_WHOLE = re.compile(r"占(?P<whole>[^，。；,;]*)$")
_COMPLETION = re.compile(r"完成[^，。；,;]{0,12}预算[^，。；,;]{0,6}$|(?:完成率|执行率)[^，。；,;]{0,4}$")
_YEAR = re.compile(r"(?<![比较与同和至])(20\d\d)\s*年")
_ANY_YEAR = re.compile(r"(20\d\d)\s*年|(上年|去年|上一年)")
_CLAUSE = re.compile(r"[，,；;：:]")
_BUDGET_WORD = re.compile(r"年初预算|调整预算|预算数|预算为|全年预算")
_COUNTS = re.compile(r"(?P<what>政府购买服务(?:的)?项目|绩效目标的?项目(?:有|共|数)?)\s*(?P<number>\d{1,4}|[一二两三四五六七八九十]{1,3})\s*[个项]")


class _State:
    """What earlier words of the paragraph leave to later ones."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.whole: Fact | None = None  # what "其中" is about
        self.last: Fact | None = None  # the subject amount last stated
        self.base: Fact | None = None  # an amount named as the one compared with
        self.denominator: Fact | None = None
        self.base_year: int | None = None
        self.measure = ""
        self.function = ""
        self.listing = False
        self.parts: list[Fact] = []
        self.budget: Fact | None = None
        self.direction = 0


class Narrative(NamedTuple):
    """What the narrative states."""

    facts: list[Fact]
    claims: list[Claim]
    enumerations: list[tuple[Fact, tuple[Fact, ...]]]  # whole, the parts named after 其中


class ClaimReader:
    """Reads claims with what the whole document tells: its year, its stage, the facts of its tables."""

    def __init__(self, year: int, stage: str, names: Names, known: Iterable[Fact]) -> None:
        self.year = year
        self.stage = stage
        self.names = names
        self.known: dict[Identity, list[Fact]] = {}
        for fact in known:
            if fact.identity:
                self.known.setdefault(fact.identity, []).append(fact)
        self.out = Narrative([], [], [])

    def read(self, section: Section) -> None:
        """Add the claims of one paragraph."""
        text = section.text
        self._counts(section)
        tokens = list(_TOKEN.finditer(text))
        if not tokens:
            return
        state = _State(self.year)
        opening = text[: tokens[0].start()]
        if "类" in opening and "。" in opening:  # "…（类）…（款）…（项）。主要用于…": what the paragraph is about
            state.function = function_in(opening, self.names)
        end = 0
        for token in tokens:
            left = text[end : token.start()]
            if _THRESHOLD.match(text[token.end() :]) and not token["flat"]:
                continue
            if "。" in left:
                self._sentence_end(state, left)
            self._token(section, token, left, state)
            end = token.end()
        self._close(state)

    # --- sentence bookkeeping ------------------------------------------------------------------------

    def _sentence_end(self, state: _State, left: str) -> None:
        goes_on = re.search(r"其中[:：,，；;]?\s*[^。]*$", left) and "。" not in left.rstrip("。")[-12:]
        if not goes_on:
            self._close(state)
        years = _YEAR.findall(left.rpartition("。")[2])
        if "。" in left and not years:
            state.year = self.year
        state.base = state.denominator = None
        state.base_year = None

    def _close(self, state: _State) -> None:
        if state.listing and state.whole and state.parts:
            self.out.enumerations.append((state.whole, tuple(state.parts)))
            state.last = state.whole  # the next sentence goes on about the whole
        state.listing = False
        state.parts = []

    # --- one number --------------------------------------------------------------------------------------

    def _token(self, section: Section, token: re.Match[str], left: str, state: _State) -> None:
        clause = _CLAUSE.split(left.rpartition("。")[2])[-1] if not token["flat"] else left
        if token["flat"] or token["versus"]:
            self._wordless(section, token, left, state)
        elif token["percent"]:
            self._percent(section, token, left, state)
        elif change := _CHANGE.search(left):
            self._change(section, token, left, change, state)
        elif _OF_WHOLE.search(clause):
            phrase = _OF_WHOLE.search(clause)["whole"]  # type: ignore[index]
            subject = self._subject(phrase, state.year, section, _State(self.year))
            state.denominator = self._fact(section, token, subject, phrase)
        elif self._is_base(left, token, section.text):
            self._base(section, token, left, state)
        else:
            self._amount(section, token, left, state)

    def _is_base(self, left: str, token: re.Match[str], text: str) -> bool:
        """"比2020年13,176,216.96元增加…": the amount compared with, between 比 and 增加."""
        clause = re.split(r"[，,。；;]", left)[-1]
        if not re.search(r"(?:比|较)[^，。；]*$", clause):
            return False
        return bool(re.match(rf"\s*(?:相比)?[，,]?\s*(?:{_UP}|{_DOWN}|持平)", text[token.end() :]))

    def _base(self, section: Section, token: re.Match[str], left: str, state: _State) -> None:
        state.base_year = self._base_year(left)
        identity = state.last.identity if state.last else None
        subject = None
        if identity and state.base_year:
            subject = Subject((identity._replace(year=state.base_year),))
        state.base = self._fact(section, token, subject, left[-20:])

    def _base_year(self, left: str) -> int | None:
        found = _COMPARE.search(left)
        words = (found["base"] or found["base2"] or "") if found else ""
        match = _ANY_YEAR.search(words)
        if match is None:
            return None
        return int(match[1]) if match[1] else self.year - 1

    def _amount(self, section: Section, token: re.Match[str], left: str, state: _State) -> None:
        sentence = left.rpartition("。")[2]
        years = _YEAR.findall(sentence)
        if years and not re.search(r"(?:截至|截止|到)\s*20", sentence):
            state.year = int(years[-1])
        if "其中" in sentence or re.search(r"(?:包括|分别为|用于以下方面)[:：]?", sentence):
            if state.last is not None and not (state.listing and state.parts and "其中" not in sentence):
                if state.listing:
                    self._close(state)
                state.whole, state.listing, state.parts = state.last, True, []
                identity = state.last.identity
                state.measure = identity.measure if identity else ""
        elif re.search(r"[。]", left):
            state.measure = ""
        subject = self._subject(left, state.year, section, state)
        fact = self._fact(section, token, subject, left[-24:].strip())
        if state.listing:
            state.parts.append(fact)
        state.last = fact
        state.base = state.denominator = None
        if fact.identity and fact.identity.stage == "budget" and self.stage == "final":
            state.budget = fact

    def _subject(self, left: str, year: int, section: Section, state: _State) -> Subject | None:
        """The nearest clause that names a subject; else the heading's."""
        stage = self.stage
        if stage == "final" and _BUDGET_WORD.search(_CLAUSE.split(left)[-1]):
            stage = "budget"
        heading = section.heading[-1] if section.heading else ""
        fund = member_of(squeeze(heading), "fund") or ""
        sentence = left.rpartition("。")[2]
        if "采购" in sentence and PART_OF_PROCUREMENT.search(sentence):
            return Subject(())
        if "绩效" in sentence and "目标" in sentence:
            return Subject((Identity("targets", year, stage),))
        for clause in reversed(_CLAUSE.split(sentence)):
            subject = subject_of(clause, year, stage, self.names, state.measure, state.function, fund)
            if subject is not None:
                if self._special_heading(heading) and subject.candidates and self._vague(subject):
                    break
                return subject
        subject = self._special_heading(heading)
        if subject:
            return Subject((subject._replace(year=year, stage=stage),))
        return None

    def _special_heading(self, heading: str) -> Identity | None:
        """The item of the three public expenses, or another small subject, that a heading names."""
        found = subject_of(heading, self.year, self.stage, self.names) if heading else None
        if found and found.candidates and found.identity.measure in ("three_public", "operating", "purchased_services"):
            return found.identity
        return None

    @staticmethod
    def _vague(subject: Subject) -> bool:
        identity = subject.identity
        return identity.measure in ("income", "expenditure") and not (identity.function or identity.nature)

    def _change(
        self, section: Section, token: re.Match[str], left: str, change: re.Match[str], state: _State
    ) -> None:
        direction = 1 if change["up"] else -1
        base_year = self._base_year(left[: change.start()]) or state.base_year
        own = subject_of(_CLAUSE.split(left[: change.start()])[-1], self.year, self.stage, self.names)
        this, other = self._sides(state, base_year, own)
        state.direction = direction
        state.base_year = base_year
        amount = self._fact(section, token, None, left[-24:].strip())
        identity = this.identity if this else own.identity if own and own.candidates else None
        if identity and identity.measure and not identity.item.startswith("?"):
            signed = amount._replace(
                value=amount.value * direction, identity=identity._replace(aspect="change", year=self.year)
            )
            self.out.facts[-1] = signed
            amount = signed
        self._claim("change", section, token, amount, this, other, direction, base_year)

    def _sides(self, state: _State, base_year: int | None, own: Subject | None) -> tuple[Fact | None, Fact | None]:
        """(this year's amount, the other year's amount) that a comparison is about."""
        last = state.last
        identity = own.identity if own and own.candidates else last.identity if last else None
        if state.base is not None:
            return last, state.base
        if identity is None:
            return (last, None) if last and not own else (None, None)
        this = self._find(identity._replace(year=self.year), last)
        other = self._find(identity._replace(year=base_year), last) if base_year else None
        return this, other

    def _find(self, identity: Identity, near: Fact | None) -> Fact | None:
        """The fact of an identity: the one just read, else the latest in the text, else a table's."""
        if near is not None and near.identity == identity:
            return near
        for fact in reversed(self.out.facts):
            if fact.identity == identity:
                return fact
        known = self.known.get(identity)
        return known[0] if known else None

    def _percent(self, section: Section, token: re.Match[str], left: str, state: _State) -> None:
        if _COMPLETION.search(left):
            stated = self._fact(section, token, None, left[-24:].strip(), percent=True)
            other = state.budget
            this = state.last if state.last is not other else None
            self._claim("completion", section, token, stated, this, other, 0, None)
            return
        share = _SHARE.search(_CLAUSE.split(left.rpartition("。")[2])[-1])
        if share or (state.denominator and re.fullmatch(r"\s*(?:的|的比例|的比重)?(?:为|约)?\s*", left)):
            stated = self._fact(section, token, None, left[-24:].strip(), percent=True)
            whole = state.denominator or self._whole(share["whole"] if share else "", section, state)
            self._claim("share", section, token, stated, state.last, whole, 0, None)
            state.denominator = None
            return
        change = _CHANGE.search(left)
        if change:
            stated = self._fact(section, token, None, left[-24:].strip(), percent=True)
            direction = 1 if change["up"] else -1
            base_year = self._base_year(left[: change.start()]) or state.base_year
            amount = self.out.facts[-2] if len(self.out.facts) > 1 else None
            before = self.out.claims[-1] if self.out.claims else None
            if before and before.kind == "change" and before.stated is amount and amount is not None:
                this, other = before.this, before.other
            else:
                this, other = self._sides(state, base_year, None)
                amount = None
            self._claim("rate", section, token, stated, this, other, direction, base_year, amount)

    def _whole(self, words: str, section: Section, state: _State) -> Fact | None:
        """What a share is a share of: the words after 占, else the enumeration's whole."""
        if words:
            subject = subject_of(words, state.year, self.stage, self.names)
            for identity in subject.candidates if subject else ():
                found = self._find(identity, None)
                if found:
                    return found
            return None
        return state.whole if state.listing else None

    def _wordless(self, section: Section, token: re.Match[str], left: str, state: _State) -> None:
        """持平, 一致, 大于: a comparison without a number."""
        sentence = left.rpartition("。")[2]
        if token["versus"]:
            direction = {"大": 1, "高": 1, "多": 1, "小": -1, "低": -1, "少": -1}.get(token["versus"][0], 0)
            self._claim("direction", section, token, None, state.last, state.budget, direction, None)
            return
        if not re.search(r"比|较|与|同|和", sentence) or left.rstrip().endswith(("基本", "大体", "总体")):
            return
        clause = re.split(r"[，,；;。]", left)[-1]
        own = subject_of(re.split(r"比|较|与|同|和", clause)[0], self.year, self.stage, self.names)
        base_year = self._base_year(left) or self._other_year(clause)
        this, other = self._sides(state, base_year, own)
        identity = this.identity if this else own.identity if own and own.candidates else None
        if self.stage == "budget" and identity and this is not None:
            place = section.place
            fact = Fact(
                Decimal(0), Decimal("0.01"), identity._replace(aspect="change", year=self.year), place,
                token.group(), -1, token.span(), clause[-24:],
            )  # fmt: skip
            self.out.facts.append(fact)
        self._claim("flat", section, token, None, this, other, 0, base_year)

    def _other_year(self, clause: str) -> int | None:
        """"2021年与2020年…一致": of two years named, the one that is not this year's."""
        years = {int(y) for y in re.findall(r"(20\d\d)\s*年", clause)} - {self.year}
        return years.pop() if len(years) == 1 else None

    # --- results --------------------------------------------------------------------------------------------

    def _fact(
        self, section: Section, token: re.Match[str], subject: Subject | None, label: str, percent: bool = False
    ) -> Fact:
        number = number_of(token["number"].replace("－", "-"))
        worth = Decimal(1) if percent else YUAN_IN[token["unit"]]
        fact = Fact(
            number.value * worth, last_place(number.decimals, worth), None, section.place, token.group(), -1,
            token.span(), label.lstrip("，,。；;：: "), "%" if percent else token["unit"],
        )  # fmt: skip
        if subject and subject.candidates:
            fact = fact._replace(identity=self._settled(subject, fact))
        self.out.facts.append(fact)
        return fact

    def _settled(self, subject: Subject, fact: Fact) -> Identity:
        """Of the identities that the words allow, the one under which the amount is printed elsewhere; else
        the first that is printed at all."""
        printed = [identity for identity in subject.candidates if identity in self.known]
        for identity in printed:
            if any(abs(other.value - fact.value) < max(fact.last_place, other.last_place) for other in self.known[identity]):
                return identity
        return printed[0] if printed else subject.identity

    def _claim(
        self,
        kind: str,
        section: Section,
        token: re.Match[str],
        stated: Fact | None,
        this: Fact | None,
        other: Fact | None,
        direction: int,
        base_year: int | None,
        amount: Fact | None = None,
    ) -> None:
        begin = max(section.text.rfind(mark, 0, token.start()) for mark in "。；") + 1
        stop = min([i for mark in "。；" if (i := section.text.find(mark, token.end())) >= 0] or [len(section.text)])
        quote = section.text[begin:stop].strip()
        self.out.claims.append(
            Claim(kind, section.place, quote, token.span(), stated, this, other, direction, "", base_year, amount)
        )

    def _counts(self, section: Section) -> None:
        for match in _COUNTS.finditer(section.text):
            count = chinese_count(match["number"])
            if count is not None:
                subject = "purchased_services" if "购买" in match["what"] else "target_forms"
                fact = Fact(
                    Decimal(count), Decimal(1), None, section.place, match.group(), -1, match.span(), match["what"], "个"
                )
                self.out.claims.append(
                    Claim("count", section.place, match.group(), match.span(), fact, subject=subject)
                )
