"""A consistent budget audits clean; any one digit changed in it is found where it stands."""

import random
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rules.samples import Line, budget
from tests.support.documents import document
from tests.support.mutation import changed_digit, names_place, with_change
from zhengwu.recognition.understand import understand
from zhengwu.rules.engine import audit

_BASIC = (
    ("2010301", "50101", "30101", "人员支出"),
    ("2010301", "50101", "30102", "人员支出"),
    ("2010301", "50201", "30201", "日常公用支出"),
    ("2010301", "50206", "30217", "日常公用支出"),
    ("2080505", "50102", "30108", "人员支出"),
    ("2080506", "50102", "30109", "人员支出"),
    ("2101101", "50102", "30110", "人员支出"),
    ("2210201", "50103", "30113", "人员支出"),
)
_PROJECTS = (
    ("2010302", "50205", "30227", "网站内容运维"),
    ("2010302", "50205", "30227", "热线服务外包"),
    ("2010302", "50299", "30299", "大厅综合受理"),
    ("2010399", "50201", "30201", "档案整理"),
)
_AMOUNT = st.integers(min_value=101, max_value=999_999_999).map(lambda cents: Decimal(cents) / 100)


@st.composite
def budgets(draw):
    """Detail lines of a department: at least two functions, basic expenditure and a project."""
    basic = draw(st.lists(st.sampled_from(_BASIC), min_size=2, max_size=6, unique=True))
    projects = draw(st.lists(st.sampled_from(_PROJECTS), min_size=1, max_size=4, unique=True))
    return tuple(Line(*codes, draw(_AMOUNT)) for codes in sorted({*basic, *projects, _BASIC[0]}))


_QUIET = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@_QUIET
@given(budgets())
def test_consistent_budget_audits_clean(lines):
    result = audit(understand(document(budget(lines))))
    assert [finding.message.zh for finding in result.findings] == []
    assert {run.state.value for run in result.runs} <= {"held", "not-applicable"}


@_QUIET
@given(budgets(), st.integers(min_value=0, max_value=2**32))
def test_changed_digit_of_a_tied_amount_is_found_at_its_place(lines, seed):
    chance = random.Random(seed)
    sound = document(budget(lines))
    before = audit(understand(sound))
    tied = [
        fact
        for position, fact in enumerate(before.disclosure.facts)
        if position in before.tied and any(character.isdigit() for character in fact.quote)
    ]
    for fact in chance.sample(tied, min(8, len(tied))):
        changed = changed_digit(fact.quote, chance)
        after = audit(understand(with_change(sound, fact, changed)))
        assert any(names_place(finding, fact, changed) for finding in after.findings), (fact, changed)


@_QUIET
@given(budgets(), st.integers(min_value=0, max_value=2**32))
def test_changed_table_amount_is_one_finding_that_knows_the_right_one(lines, seed):
    """Of amounts that three or more relations tie, the finding is one and expects what was printed."""
    chance = random.Random(seed)
    sound = document(budget(lines))
    before = audit(understand(sound))
    many = [fact for fact in before.disclosure.facts if fact.table in (2, 4) and fact.value and fact.place.row]
    fact = chance.choice(many)
    changed = changed_digit(fact.quote, chance)
    found = audit(understand(with_change(sound, fact, changed))).findings
    assert len(found) == 1
    assert found[0].at[0].place == fact.place
    assert found[0].expected == f"{fact.value:.2f}"
