"""Claims in the narrative: what each sentence states about amounts, as facts and relations.

A paragraph is read from left to right, number by number. The words since the number before tell what the
number is: an amount of some subject, a difference to another year, a share of a whole, a rate. Where a
sentence can be read in two ways, the reading that holds is taken: only what no reading bears out is wrong.
"""

import re
from decimal import Decimal

from zhengwu.model.disclosure import Claim, Section
from zhengwu.model.fact import Fact, Identity
from zhengwu.model.number import chinese_count
from zhengwu.recognition import claims_words as w
from zhengwu.recognition.claims_sentences import SentenceReader, core
from zhengwu.recognition.claims_state import State, fits_rate, fits_share
from zhengwu.recognition.subjects import UNKNOWN, Around, Subject, subject_of


class ClaimReader(SentenceReader):
    """Reads claims with what the whole document tells: its year, its stage, the facts of its tables."""

    def read(self, section: Section) -> None:
        """Add the claims of one paragraph."""
        text = section.text
        if "项目" in text:
            self._counts(section)
        if not w.STATES.search(text):
            return
        tokens = list(w.TOKEN.finditer(text))
        if not tokens or any(w.EXPLANATION.search(heading) for heading in section.heading):
            return
        state = State(self.year)
        self._open(state, section, text[: tokens[0].start()])
        end = 0
        for token in tokens:
            left = text[end : token.start()]
            if not token["flat"] and w.THRESHOLD.match(text[token.end() : token.end() + 12]):
                continue
            self._advance(state, section, left)
            if w.RANGE_OR_LIST.search(left) or (token["unit"] and text[token.start() - 1 : token.start()] in "至～~"):
                state.garbled = True
            if not state.garbled:
                self._token(section, token, left, state)
            end = token.end()
        while state.frames:
            self._close(state)
        if text.rstrip().endswith(("：", ":")) and state.main is not None:
            self._carried = (section.heading, state.main)

    def _token(self, section: Section, token: re.Match[str], left: str, state: State) -> None:
        near = left.replace("。）", "）").replace("。)", ")").rpartition("。")[2]
        clause = w.CLAUSE.split(near)[-1]
        if token["flat"] or token["versus"]:
            if not state.reason:
                self._wordless(section, token, near, state)
        elif token["percent"]:
            if not state.reason:
                self._percent(section, token, near, state)
        elif state.reason:
            state.topic = self._fact(section, token, None, clause)
            state.base = None
        elif against := w.AGAINST_BUDGET.search(near):
            state.base_stage = "budget"
            state.comparing = True
            self._change(section, token, near, against, state)
        elif change := w.CHANGE.search(near):
            self._change(section, token, near, change, state)
        elif w.COMPLETION_BASE.search(near) and w.COMPLETION_AHEAD.match(section.text, token.end()):
            topic = state.topic.identity if state.topic else None
            subject = Subject((topic._replace(stage="budget"),)) if topic else None
            state.budget = self._fact(section, token, subject, near)
        elif whole := w.OF_WHOLE.search(clause):
            subject = self._subject(section, state, whole["whole"], [], None)
            state.denominator = self._fact(section, token, subject, whole["whole"])
        elif self._is_base(near, token, section.text):
            self._base(section, token, near, state)
        else:
            self._amount(section, token, near, state)

    @staticmethod
    def _is_base(near: str, token: re.Match[str], text: str) -> bool:
        """ "比2020年13,176,216.96元增加…": the amount compared with, between 比 and 增加."""
        clause = re.split(r"[，,。；;]", near)[-1]
        if not re.search(r"(?:比|较|与)[^，。；]*$", clause):
            return False
        return bool(w.CHANGE_AHEAD.match(text, token.end()))

    def _compared(self, near: str, state: State) -> str:
        """Note the year (and stage) that ``near`` compares with; the words left are whose change it is."""
        found = list(w.COMPARED.finditer(near))
        if not found:
            return near
        state.comparing = True
        base = found[-1].group()
        year = w.BASE_YEAR.search(base)
        if year or base in ("同比", "对比"):
            state.base_year = int(year["year"]) if year and year["year"] else self.year - 1
        plain = re.sub(r"(?:一般公共|公共财政|政府性基金|国有资本经营)预算", "", base)
        state.base_stage = "final" if w.STAGE_FINAL.search(plain) else "budget" if w.STAGE_BUDGET.search(plain) else ""
        if state.base_stage == "budget" and not year:
            state.base_year = self.year if self.stage == "final" else self.year - 1
        return re.sub(r"[（(][^）)]*[）)]", "", near[: found[-1].start()] + "，" + near[found[-1].end() :])

    def _base(self, section: Section, token: re.Match[str], near: str, state: State) -> None:
        self._compared(near, state)
        identity = state.topic.identity if state.topic else None
        subject = None
        if identity and state.base_year:
            subject = Subject((identity._replace(year=state.base_year, stage=state.base_stage or identity.stage),))
            if identity.stage == "budget" and state.base_stage == "final":
                subject = None
        state.base = self._fact(section, token, subject, near)

    def _amount(self, section: Section, token: re.Match[str], near: str, state: State) -> None:
        clauses = w.CLAUSE.split(near)
        sentence = section.text[: token.start()].rpartition("。")[2]
        head = clauses[-1]
        phrase = self.names.phrase(re.sub(r"^[、\s]+|[）)]", "", head) if head[:1] in "、）) " else head)
        subject = self._subject(section, state, head, clauses[:-1], phrase, sentence)
        fact = self._fact(section, token, subject, near)
        fact = self._in_frame(section, state, phrase, fact)
        if self.stage == "final" and fact.identity is not None and fact.identity.stage != "final":
            state.budget = fact
            if state.topic is None or not self._budget_of(fact, state.topic):
                state.topic = fact
        elif self.stage == "final" and fact.identity is None and "预算" in head and "决算" not in head:
            state.budget = state.topic = fact
        else:
            state.topic = fact
        if not state.frames or state.frames[-1].carried:
            state.main = state.topic
        state.base = state.denominator = None
        state.comparing, state.base_year, state.base_stage = False, None, ""

    def _change(self, section: Section, token: re.Match[str], near: str, word: re.Match[str], state: State) -> None:
        direction = 1 if word["up"] else -1
        own = self._compared(near[: word.start()], state)
        if not state.comparing:
            self._fact(section, token, None, near)
            return
        this, other, identity = self._sides(section, state, own)
        amount = self._fact(section, token, None, near)
        if identity is not None:
            amount = self._as_change(amount, identity, direction, state)
        self._claim("change", section, token, amount, this, other, direction, self._named_year(state))

    def _named_year(self, state: State) -> int | None:
        """The year compared with; none where this year's account is compared with its own budget."""
        own = self.stage == "final" and state.base_stage == "budget" and state.base_year == self.year
        return None if own else state.base_year

    def _as_change(self, amount: Fact, identity: Identity, direction: int, state: State) -> Fact:
        """A difference is a fact of its own: of this year against the year before, or against what is named."""
        aspect = "change"
        if state.base_stage and state.base_stage != identity.stage:
            aspect = f"change:{state.base_stage}"
        elif state.base_year and state.base_year != identity.year - 1:
            aspect = f"change:{state.base_year}"
        signed = amount._replace(value=amount.value * direction, identity=identity._replace(aspect=aspect))
        self.out.facts[-1] = signed
        return signed

    def _sides(self, section: Section, state: State, own: str) -> tuple[Fact | None, Fact | None, Identity | None]:
        """(this year's amount, the one compared with, the identity) that a comparison is about."""
        named = next((clause for clause in reversed(w.CLAUSE.split(own)) if clause.strip("、）) 各本")), "")
        named = re.sub(r"[、\s）)]+$|各$|^[、\s）)]+|总体$", "", named)
        this = state.topic
        if named and not state.base:
            phrase = self.names.phrase(named)
            if not phrase.known:
                return None, None, None
            if not (phrase.bare or (phrase.weak and this is not None)):
                subject = subject_of(phrase, self.year, self.stage, self._surroundings(section, state))
                near = self._find_any(subject, state.topic)
                if near is None or near is not state.topic:
                    this = near
                if this is None:
                    identity = subject.identity
                    other = self._other(identity, state) if identity else None
                    return None, other, identity
        if this is None:
            return None, state.base, None
        if this.identity is not None and state.base is None and this.identity.year == state.base_year != self.year:
            now = this.identity._replace(year=self.year)  # "2025年…240万元，2024年…363万元，同比降低…"
            state.topic = state.main = self._find(now, None)
            return state.topic, this, now
        if state.base is not None:
            return this, state.base, this.identity
        return this, self._other(this.identity, state) if this.identity else None, this.identity

    def _other(self, identity: Identity, state: State) -> Fact | None:
        stage = state.base_stage or identity.stage
        year = state.base_year or self.year - 1
        if (year, stage) == (identity.year, identity.stage):
            return None
        if stage == "budget" and identity.stage == "final" and year == identity.year:
            return self._budget(state)
        return self._find(identity._replace(year=year, stage=stage), None)

    def _wordless(self, section: Section, token: re.Match[str], near: str, state: State) -> None:
        """持平, 一致, 大于: a comparison without a number."""
        if token["versus"]:
            direction = {"大": 1, "高": 1, "多": 1, "小": -1, "低": -1, "少": -1}.get(token["versus"][0], 0)
            named = w.CLAUSE.split(near)[-1]
            phrase = self.names.phrase(named) if named.strip() else UNKNOWN
            this: Fact | None = state.topic
            if named.strip() and not (phrase.bare or phrase.weak):
                subject = subject_of(phrase, self.year, self.stage, self._surroundings(section, state))
                this = self._find_any(subject, state.topic)
            budget = self._budget(state, this)
            before = self.out.claims[-1] if self.out.claims else None
            completion = before.stated if before and before.kind == "completion" and before.this is this else None
            self._claim("direction", section, token, None, this, budget, direction, None, completion)
            return
        if near.rstrip().endswith(("基本", "大体", "总体", "大致", "略有", "或")) or re.search(r"或[^，。]*$", near):
            return
        if not w.COMPARES.search(near):
            return
        two = {int(y) for y in re.findall(r"(20\d\d)\s*年", w.CLAUSE.split(near)[-1])} - {self.year}
        own = self._compared(near, state)
        if len(two) == 1 and re.search(r"20\d\d年?[^，]*[与和同][^，]*20\d\d年", near):
            state.base_year, own = two.pop(), ""
        this, other, identity = self._sides(section, state, own)
        if self.stage == "budget" and identity and this is not None and state.base_year != self.year:
            fact = Fact(
                Decimal(0), Decimal("0.01"), None, section.place, token.group(), -1, token.span(), near[-24:], "",
            )  # fmt: skip
            self.out.facts.append(fact)
            self._called.append("")
            self._as_change(fact, identity, 1, state)
        self._claim("flat", section, token, None, this, other, 0, self._named_year(state))

    def _budget(self, state: State, this: Fact | None = None) -> Fact | None:
        """The budget of what was just stated: named beside it, or known elsewhere."""
        this = this or state.topic
        if state.budget is not None and this is not None and self._budget_of(state.budget, this):
            return state.budget
        if this is None or this.identity is None or this.identity.stage != "final":
            return None
        return self._find(this.identity._replace(stage="budget"), None)

    @staticmethod
    def _budget_of(budget: Fact, final: Fact) -> bool:
        if budget is final:
            return False
        if budget.identity is None or final.identity is None:
            return budget.identity is final.identity and budget.place == final.place
        return budget.identity == final.identity._replace(stage=budget.identity.stage)

    def _percent(self, section: Section, token: re.Match[str], near: str, state: State) -> None:
        clause = w.CLAUSE.split(near)[-1]
        behind_budget = state.budget is not None and near.strip() == "的" and state.denominator is None
        if behind_budget or (w.COMPLETION.search(near) and "占" not in clause):
            stated = self._fact(section, token, None, near, percent=True)
            self._claim("completion", section, token, stated, state.topic, self._budget(state), 0, None)
            return
        share = w.SHARE.search(clause)
        if share or (state.denominator and re.fullmatch(r"\s*(?:的|的比例|的比重)?(?:为|约)?\s*", near)):
            stated = self._fact(section, token, None, near, percent=True)
            whole = state.denominator or self._whole(share["whole"] if share else "", section, state, stated)
            this = state.topic if state.topic is not whole else None
            self._claim("share", section, token, stated, this, whole, 0, None)
            state.denominator = None
            return
        change = w.CHANGE.search(near)
        if change is None:
            return
        direction = 1 if change["up"] else -1
        before = self.out.claims[-1] if self.out.claims else None
        amount = self.out.facts[-1] if self.out.facts else None
        own = self._compared(near[: change.start()], state)
        goes_on = before is not None and before.kind == "change" and before.stated is amount is not None
        if before and goes_on and not own.strip("，,、；; （("):
            stated = self._fact(section, token, None, near, percent=True)
            before = self._settled_change(before, stated, direction, state)
            self._claim("rate", section, token, stated, before.this, before.other, direction, before.base_year, amount)
        elif state.comparing:
            this, other, _ = self._sides(section, state, own)
            stated = self._fact(section, token, None, near, percent=True)
            self._claim("rate", section, token, stated, this, other, direction, self._named_year(state))

    def _settled_change(self, change: Claim, stated: Fact, direction: int, state: State) -> Claim:
        """The change again, of the whole when the rate tells that it is the whole's and not the last part's."""
        amount = change.stated
        if amount is None or change.other is not None or change.this is not state.topic or change.this is None:
            return change
        if fits_rate(stated, amount, direction, change.this):
            return change
        for frame in reversed(state.frames):
            whole = frame.whole
            if whole is not None and fits_rate(stated, amount, direction, whole):
                other = self._other(whole.identity, state) if whole.identity else None
                settled = change._replace(this=whole, other=other)
                self.out.claims[-1] = settled
                if amount.identity is not None:
                    # The difference is no longer that of the part: it loses the name it was given too early.
                    position = next(i for i in range(len(self.out.facts) - 1, -1, -1) if self.out.facts[i] is amount)
                    aspect = amount.identity.aspect
                    plain = amount._replace(identity=whole.identity._replace(aspect=aspect) if whole.identity else None)
                    self.out.facts[position] = plain
                    settled = settled._replace(stated=plain)
                    self.out.claims[-1] = settled
                return settled
        return change

    def _whole(self, words: str, section: Section, state: State, stated: Fact) -> Fact | None:
        """What a share is a share of: the words after 占, else the enumeration's whole."""
        part = state.topic
        found: list[Fact] = []
        phrase = self.names.phrase(words) if words.strip() else UNKNOWN
        if words.strip() and not (phrase.known and phrase.bare):
            if phrase.known:
                around = self._surroundings(section, state)
                for near in (around, around._replace(whole=None), Around()):
                    subject = subject_of(phrase, state.year, self.stage, near)
                    for identity in (*subject.candidates, *subject.if_equal):
                        fact = self._find(identity, None)
                        if fact is not None and fact is not part:
                            found.append(fact)
            called = core(words)
            recent = zip(reversed(self.out.facts[-40:]), reversed(self._called[-40:]), strict=True)
            found += [
                fact
                for fact, name in recent
                if called and fact is not part and core(w.CLAUSE.split(name)[-1]) == called
            ]
        else:
            found = [f.whole for f in reversed(state.frames) if f.whole is not None and f.whole is not part]
        if part is not None:
            for fact in found:
                if fits_share(stated, part, fact):
                    return fact
        return found[0] if found else None

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
        for match in w.COUNTS.finditer(section.text):
            count = chinese_count(match["number"])
            if count is not None:
                subject = "purchased_services" if "购买" in match["what"] else "target_forms"
                fact = Fact(
                    Decimal(count), Decimal(1), None, section.place, match.group(), -1, match.span(), match["what"],
                    "个",
                )  # fmt: skip
                self.out.claims.append(
                    Claim("count", section.place, match.group(), match.span(), fact, subject=subject)
                )
