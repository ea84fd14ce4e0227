"""Sentences as they are read: whose amounts they state, which enumeration and which reason is open."""

import re
from collections.abc import Iterable
from decimal import Decimal

from zhengwu.model.disclosure import Section
from zhengwu.model.fact import Fact, Identity
from zhengwu.model.number import YUAN_IN, last_place, number_of
from zhengwu.recognition import claims_words as w
from zhengwu.recognition.claims_state import Frame, Narrative, State
from zhengwu.recognition.subjects import (
    PART_OF_PROCUREMENT,
    SPECIAL,
    UNKNOWN,
    Around,
    Names,
    Phrase,
    Subject,
    contains,
    subject_of,
)

_MEASURES = {"收入": "income", "支出": "expenditure"}


class SentenceReader:
    """What the document and the words read so far tell of the next amount."""

    def __init__(self, year: int, stage: str, names: Names, known: Iterable[Fact]) -> None:
        self.year = year
        self.stage = stage
        self.names = names
        self.known: dict[Identity, list[Fact]] = {}
        for fact in known:
            if fact.identity:
                self.known.setdefault(fact.identity, []).append(fact)
        self.out = Narrative([], [], [])
        self._said: dict[Identity, Fact] = {}  # the latest fact of an identity in the text
        self._called: list[str] = []  # the words before each fact of the text
        self._carried: tuple[tuple[str, ...], Fact] | None = None
        self._around: dict[tuple[str, ...], Around] = {}
        self._unit = ""

    def _open(self, state: State, section: Section, opening: str) -> None:
        """The subject of the paragraph: its opening words, or the heading above it, or the list it is in."""
        if self._carried and section.heading[: len(self._carried[0])] == self._carried[0]:
            whole = self._carried[1]
            state.frames.append(Frame(whole, whole.identity, False, carried=True))
            state.main = None
        else:
            self._carried = None
        sentences = opening.split("。")[:-1]
        for sentence in sentences:
            if not (2 < len(sentence) < 60 or "类" in sentence[:40]):
                continue
            phrase = self.names.phrase(sentence.strip())
            if phrase.known and (phrase.of_a_part or phrase.measure in SPECIAL):
                state.paragraph = subject_of(phrase, self.year, self.stage, self._surroundings(section, state)).identity
                return
        for heading in reversed(section.heading):
            phrase = self._heading(heading)
            if phrase.known and not phrase.bare:
                if phrase.of_a_part or phrase.measure in SPECIAL:
                    around = self._surroundings(section, state)._replace(whole=None)
                    state.paragraph = subject_of(phrase, self.year, self.stage, around).identity
                return

    def _heading(self, heading: str) -> Phrase:
        return self.names.phrase(heading.replace("“", "").replace("”", "").removesuffix("如下"))

    def _surroundings(self, section: Section, state: State) -> Around:
        """Fund and measure as the headings tell, the whole as the enumeration tells."""
        around = self._around.get(section.heading)
        if around is None:
            fund: str | None = None
            measure = nature = ""
            for heading in reversed(section.heading):
                phrase = self._heading(heading)
                if not phrase.known:
                    continue
                nature = nature or phrase.nature
                if fund is None and (phrase.fund or phrase.measure in ("income", "expenditure", "both")):
                    fund = phrase.fund
                if not measure and phrase.measure:
                    measure = phrase.measure
            around = self._around[section.heading] = Around(None, fund, measure if measure != "both" else "", nature)
        frame = state.frame
        return around._replace(whole=frame.identity) if frame else around

    def _advance(self, state: State, section: Section, left: str) -> None:
        """Take in the words before a number: ends of sentences and brackets, enumerations, reasons, years."""
        closed = left.count("）") + left.count(")") - left.count("（") - left.count("(")
        while closed > 0 and any(frame.bracket for frame in state.frames):
            while not state.frames[-1].bracket:
                self._close(state)
            self._close(state)
            closed -= 1
        body = left.replace("。）", "）").replace("。)", ")")
        near = body.rpartition("。")[2]
        if "。" in body:
            while state.frames and not state.frames[-1].carried:
                self._close(state)
            state.topic = state.main or state.topic
            state.end_of_sentence(self.year, goes_on=bool(re.match(r"\s*其中", near)))
        self._reasons(state, near)
        years = w.YEAR.findall(near)
        if years:
            state.year = int(years[-1])
        among = w.AMONG.search(body) if "中" in near else None
        if among and among.end() > body.rfind("。"):
            phrase = self.names.phrase(among["whole"])
            subject = subject_of(phrase, state.year, self._stage(phrase), self._surroundings(section, state))
            found = self._find_any(subject)
            state.frames.append(Frame(found, found.identity if found else subject.identity, False))
            return
        listing = list(w.LISTING.finditer(near))
        bracket = closed < 0
        if listing and not state.reason:
            if state.topic is None and listing[-1]["by"]:
                self._divided(state, section, listing[-1]["by"])
            self._enumerate(state, _MEASURES.get(listing[-1]["measure"] or "", ""), bracket)
        elif bracket and state.topic is not None and not state.reason:
            state.frames.append(Frame(state.topic, state.topic.identity, True))

    def _divided(self, state: State, section: Section, by: str) -> None:
        """ "按支出用途分类，包括…": the whole that is divided was stated in a paragraph before."""
        phrase = self.names.phrase("支出" if "支出" in by else "收入" if "收入" in by else "")
        subject = subject_of(phrase, self.year, self.stage, self._surroundings(section, state))
        state.topic = state.main = self._find_any(subject)

    def _reasons(self, state: State, near: str) -> None:
        if state.reason and w.REASON_ENDS.search(near) and not w.REASON_GOES_ON.search(near):
            state.reason = False
            near = w.REASON_ENDS.split(near)[-1]
        if not state.reason and ("因" in near or "由于" in near or "主要" in near) and w.REASON.search(near):
            behind = near[near.rfind("主要") + 1 :]
            state.reason = not w.REASON_OVER.search(behind)

    def _enumerate(self, state: State, measure: str, bracket: bool) -> None:
        whole = state.topic
        identity = whole.identity if whole else None
        if measure and identity and identity.measure in ("income", "outflow", "expenditure"):
            while state.frames and not state.frames[-1].carried:
                self._close(state)
            identity = self._turned(identity, measure)
            whole = self._find(identity, state.topic) or self._find(identity._replace(measure="expenditure"), None)
            whole = whole or (state.main if state.main and state.main.identity == identity else None)
        state.frames.append(Frame(whole, identity, bracket))

    @staticmethod
    def _turned(identity: Identity, measure: str) -> Identity:
        """The income or the expenditure of what was said of both."""
        if measure == "income":
            fund = "fiscal_all" if identity.fund == "fiscal" and identity.measure == "outflow" else identity.fund
            return identity._replace(measure="income", fund=fund)
        fund = "fiscal" if identity.fund == "fiscal_all" else identity.fund
        return identity._replace(measure="outflow" if identity.measure == "income" else identity.measure, fund=fund)

    def _close(self, state: State) -> None:
        frame = state.frames.pop()
        if frame.whole is not None and frame.parts:
            self.out.enumerations.append((frame.whole, tuple(frame.parts)))
        if frame.whole is not None:
            state.topic = frame.whole  # what follows goes on about the whole

    def _stage(self, phrase: Phrase) -> str:
        if phrase.stage in ("budget", "adjusted") and self.stage == "final":
            return phrase.stage
        return "final" if phrase.stage == "final" and self.stage == "budget" else self.stage

    def _year(self, phrase: Phrase, state: State) -> int:
        if phrase.year is None:
            return state.year
        return self.year - 1 if phrase.year == -1 else phrase.year

    def _in_frame(self, section: Section, state: State, phrase: Phrase, fact: Fact) -> Fact:
        """Put a part under its whole: a sibling of the inner whole ends the inner enumeration."""
        if not state.frames:
            return fact
        identity = fact.identity
        for depth in range(len(state.frames) - 1, -1, -1):
            frame = state.frames[depth]
            if identity is None or (frame.identity is not None and contains(frame.identity, identity)):
                if identity is None and depth < len(state.frames) - 1:
                    break
                while len(state.frames) - 1 > depth and not state.frames[-1].bracket:
                    self._close(state)
                frame.parts.append(fact)
                return fact
        return fact

    def _subject(
        self, section: Section, state: State, head: str, earlier: list[str], phrase: Phrase | None, sentence: str = ""
    ) -> Subject | None:
        """The subject of an amount: the words before it; where these name none, the clause before, the
        amount before, the heading."""
        phrase = phrase or self.names.phrase(head)
        year, stage = self._year(phrase, state), self._stage(phrase)
        if "采购" in sentence and PART_OF_PROCUREMENT.search(sentence):
            return None
        if "绩效" in sentence and "目标" in sentence and phrase.known and not (phrase.of_a_part or phrase.total):
            return subject_of(phrase._replace(measure="targets"), year, stage, Around())
        around = self._surroundings(section, state)
        frame = state.frame
        if phrase.bare or (phrase.weak and (frame is None or frame.carried)):
            told = (clause for clause in reversed(earlier) if clause.strip("、 （("))
            before = next((clause for clause in told if not self._empty(clause)), "")
            inner = self._clause(before) if before else UNKNOWN
            if before and inner.known:
                year = self._year(inner, state) if phrase.year is None else year
                return subject_of(inner, year, stage, around)
            if before:
                return None
            topic = self._topic_of_sentence(state, sentence)
            if topic is not None:
                return Subject((topic._replace(year=year, stage=stage),))
            if state.topic is not None and state.topic.identity is None and self._same_sentence(state, sentence):
                return None
            if state.paragraph is not None:
                return Subject((state.paragraph._replace(year=year, stage=stage),))
            if phrase.bare:
                return None
        if not phrase.known:
            return None
        about = state.paragraph
        plain = not any(clause.strip("、 （(") and not w.HOW_MANY.search(clause) for clause in earlier)
        plain = plain and phrase.fund_only and (frame is None or frame.carried)
        if plain and about and about.measure in ("three_public", "operating"):
            return Subject((about._replace(year=year, stage=stage),))  # "公务接待费": "2021年财政拨款预算安排…"
        if not self._own_unit(phrase, state):
            return None
        if frame and frame.identity is None and not (phrase.strong and phrase.measure in SPECIAL and not phrase.item):
            return None
        if not state.frames:
            return subject_of(phrase, year, stage, around)
        return self._within(phrase, year, stage, state, around)

    def _within(self, phrase: Phrase, year: int, stage: str, state: State, around: Around) -> Subject:
        """The subject of a part: under the innermost whole that can have such a part."""
        for frame in reversed(state.frames):
            if frame.identity is None:
                continue
            own_year = frame.identity.year if phrase.year is None else year
            own_stage = stage if phrase.stage else frame.identity.stage
            whole = frame.identity._replace(year=own_year, stage=own_stage)
            within = subject_of(phrase, own_year, own_stage, around._replace(whole=whole))
            fitting = tuple(c for c in within.candidates if c == whole or contains(whole, c))
            if fitting:
                return Subject(fitting, tuple(c for c in within.if_equal if contains(whole, c)))
        inner = state.frames[-1]
        if not phrase.strong or (inner.bracket and phrase.measure not in SPECIAL):
            return Subject(())
        while state.frames and not state.frames[-1].carried:
            self._close(state)  # a subject of its own: the enumeration is over
        return subject_of(phrase, year, stage, around._replace(whole=None))

    def _clause(self, clause: str) -> Phrase:
        found = self.names.phrase(clause.strip("、 "))
        if not found.known and "用于" in clause:
            found = self.names.phrase(clause.rpartition("用于")[2])
        return found

    def _empty(self, clause: str) -> bool:
        found = self.names.phrase(clause)
        return found.known and found.bare

    @staticmethod
    def _same_sentence(state: State, sentence: str) -> bool:
        return state.topic is not None and bool(state.topic.quote) and state.topic.quote in sentence

    def _topic_of_sentence(self, state: State, sentence: str) -> Identity | None:
        return state.topic.identity if state.topic and self._same_sentence(state, sentence) else None

    def _own_unit(self, phrase: Phrase, state: State) -> bool:
        """Whether an organisation named is the document's own: the first one, or a shorter name of it."""
        if not phrase.organisation:
            return True
        if state.frames and not state.frames[-1].carried:
            return False
        self._unit = self._unit or phrase.organisation
        return phrase.organisation[-3:] in self._unit or self._unit[-3:] in phrase.organisation

    def _find(self, identity: Identity, near: Fact | None) -> Fact | None:
        """The fact of an identity: the one just read, else the latest in the text, else a table's."""
        if near is not None and near.identity == identity:
            return near
        said = self._said.get(identity)
        if said is not None:
            return said
        known = self.known.get(identity)
        return known[0] if known else None

    def _find_any(self, subject: Subject, near: Fact | None = None) -> Fact | None:
        for identity in subject.candidates:
            found = self._find(identity, near)
            if found is not None:
                return found
        return None

    def _fact(
        self, section: Section, token: re.Match[str], subject: Subject | None, words: str, percent: bool = False
    ) -> Fact:
        number = number_of(token["number"].replace("－", "-"))
        worth = Decimal(1) if percent else YUAN_IN[token["unit"]]
        identity = None
        value, place = number.value * worth, last_place(number.decimals, worth)
        if subject and subject.candidates:
            identity = self._settled(subject, value, place)
        fact = Fact(
            value, place, identity, section.place, token.group(), -1, token.span(),
            words[-24:].strip().lstrip("，,。；;：: 、"), "%" if percent else token["unit"],
        )  # fmt: skip
        self.out.facts.append(fact)
        self._called.append("" if percent else words)
        if identity is not None:
            self._said[identity] = fact
        return fact

    def _settled(self, subject: Subject, value: Decimal, place: Decimal) -> Identity:
        """Of the identities that the words allow, the one under which the amount is printed elsewhere; else
        the first that is printed at all."""
        printed = [identity for identity in subject.candidates if identity in self.known or identity in self._said]
        for identity in (*printed, *subject.if_equal):
            said = self._said.get(identity)
            others = [*self.known.get(identity, ()), *([said] if said else ())]
            if any(abs(other.value - value) < max(place, other.last_place) for other in others):
                return identity
        return printed[0] if printed else subject.candidates[0]


_NEUTRAL = re.compile(
    r"其中|预算|决算|支出|收入|总额|合计|总|金额|数|的|为|是|^[（(\d一二三四五六七八九十、.）)]+|[\s“”\"，,：:]"
    r"|20\d\d年度?|本部门|本单位"
)


def core(words: str) -> str:
    """The telling words of a name: two names of one thing differ in the others only."""
    return _NEUTRAL.sub("", words)
