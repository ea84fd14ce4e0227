"""Relations are evaluated within what the printed digits allow, and no further."""

import logging

import pytest

from tests.rules.samples import budget
from tests.support.documents import audited, fact, run_of
from zhengwu.model.finding import Held, Relation, State, Term
from zhengwu.model.message import Message
from zhengwu.rules import engine
from zhengwu.rules.evaluation import Verdict, evaluate
from zhengwu.rules.registry import rules

SAYS = Message("甲 = 乙", "one equals the other")


def linear(whole, *parts, bound=False):
    terms = (Term(-1, whole), *[Term(1, part) for part in parts])
    return evaluate(Relation("total-differs-from-its-items", terms, SAYS, bound=bound)).verdict


def ratio(stated, above, below):
    terms = (Term(1, stated), Term(1, above), Term(-1, below))
    return evaluate(Relation("stated-share-differs", terms, SAYS, ratio="share")).verdict


def test_exact_amounts_off_by_a_cent_are_broken():
    assert linear(fact("100.00"), fact("60.00"), fact("40.00")) is Verdict.HELD
    assert linear(fact("100.00"), fact("60.00"), fact("40.01")) is Verdict.BROKEN


def test_coarse_amount_that_is_the_rounding_of_an_exact_one_holds():
    assert linear(fact("1000000", "10000"), fact("1004999.99")) is Verdict.HELD
    assert linear(fact("1000000", "10000"), fact("1020000.00")) is Verdict.BROKEN


def test_coarse_amount_cut_off_instead_of_rounded_is_a_hint():
    assert linear(fact("1000000", "10000"), fact("1009999.99")) is Verdict.ROUNDED


def test_coarse_sum_off_by_its_last_digit_is_a_hint():
    parts = [fact(value, "100") for value in ("3300", "3300", "3300")]
    assert linear(fact("10000", "100"), *parts) is Verdict.ROUNDED
    assert linear(fact("10300", "100"), *parts) is Verdict.BROKEN


def test_zeros_alone_prove_nothing():
    assert linear(fact("0.00"), fact("0.00")) is Verdict.EMPTY


def test_bound_holds_below_the_whole_and_breaks_above_it():
    assert linear(fact("100.00"), fact("60.00"), bound=True) is Verdict.HELD
    assert linear(fact("100.00"), fact("60.00"), fact("40.01"), bound=True) is Verdict.BROKEN


@pytest.mark.parametrize(
    ("stated", "verdict"),
    [("33.33", Verdict.HELD), ("33.34", Verdict.ROUNDED), ("33.43", Verdict.BROKEN)],
)
def test_ratio_of_exact_amounts_allows_rounding_alone(stated, verdict):
    assert ratio(fact(stated), fact("1.00"), fact("3.00")) is verdict


def test_ratio_of_coarse_amounts_allows_what_their_digits_hide():
    # 2 and 3 (in units of 1) may be 1.5 to 2.5 of 2.5 to 3.5
    assert ratio(fact("50.0", "0.1"), fact("2", "1"), fact("3", "1")) is Verdict.HELD
    assert ratio(fact("30.0", "0.1"), fact("2", "1"), fact("3", "1")) is Verdict.BROKEN


def test_ratio_of_nothing_is_broken_unless_all_is_nothing():
    assert ratio(fact("5.00"), fact("1.00"), fact("0.00")) is Verdict.BROKEN
    assert ratio(fact("0.00"), fact("0.00"), fact("0.00")) is Verdict.EMPTY


def test_zeros_are_no_tie_and_no_relation():
    audit = audited(budget())
    zeros = [place for place, one in enumerate(audit.disclosure.facts) if not one.value]
    in_sums_of_zeros = [place for place in zeros if audit.disclosure.facts[place].label.startswith("因公出国")]
    assert in_sums_of_zeros
    assert not any(place in audit.tied and audit.disclosure.facts[place].table < 0 for place in in_sums_of_zeros)
    assert audit.relations == sum(run.relations for run in audit.runs)


def _with_rule(monkeypatch, check):
    rule = rules()[0]._replace(code="code-differs-from-codes-below", check=check)
    monkeypatch.setattr(engine, "rules", lambda: (rule,))
    return run_of(audited(budget()), rule.code)


def test_crashing_rule_ends_not_evaluated_and_is_logged(monkeypatch, caplog):
    def crash(view):
        yield Held("code-differs-from-codes-below", 3)
        raise ValueError("no such table")

    with caplog.at_level(logging.ERROR):
        run = _with_rule(monkeypatch, crash)
    assert run.state is State.NOT_EVALUATED
    assert "no such table" in run.reason.en
    assert "code-differs-from-codes-below" in caplog.text


def test_rule_of_zeros_alone_is_not_applicable(monkeypatch):
    terms = (Term(-1, fact("0.00")), Term(1, fact("0.00")))
    run = _with_rule(monkeypatch, lambda view: [Relation("code-differs-from-codes-below", terms, SAYS)])
    assert (run.state, run.relations) == (State.NOT_APPLICABLE, 0)
    assert run.reason is not None


def test_presence_without_amounts_counts_as_relations(monkeypatch):
    run = _with_rule(monkeypatch, lambda view: [Held("code-differs-from-codes-below", 5)])
    assert (run.state, run.relations) == (State.HELD, 5)
