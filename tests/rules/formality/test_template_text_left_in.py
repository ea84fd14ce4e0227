"""增加（减少）, 占 %, 20××年: what the template asked for was not filled in."""

import pytest

from tests.support.paragraphs import audited, found, state_of
from zhengwu.model.finding import Severity, State

RULE = "template-text-left-in"


@pytest.mark.parametrize(
    "text",
    [
        "公务接待费比上年增加（减少）2万元。",
        "公务接待费比上年增加/减少2万元。",
        "决算数大于（小于）预算数的主要原因是接待增加。",
        "决算数大小于预算数的主要原因是接待增加。",
        "决算数小于预算数（或与预算数持平）的主要原因是节约。",
        "公务接待费3万元，占 %，比上年减少 万元。",
        "20××年公务接待费3万元。",
        "XX局公务接待费3万元。",
    ],
)
def test_remnant_of_the_template_is_a_warning(text: str) -> None:
    assert [finding.severity for finding in found(audited(text), RULE)] == [Severity.WARNING]


@pytest.mark.parametrize(
    "text",
    [
        "公务接待费3万元，占10%，比上年减少2万元。",
        "收支增减变化情况",
        "咨询电话：010-6655XXXX",
        "决算数大于预算数的主要原因是接待增加（疫情后恢复）。",
    ],
)
def test_text_filled_in_is_no_finding(text: str) -> None:
    assert not found(audited(text), RULE)


def test_two_remnants_of_one_paragraph_are_one_finding() -> None:
    assert len(found(audited("比上年增加（减少）2万元，增长（下降）1%。"), RULE)) == 1


def test_text_without_remnants_is_not_applicable() -> None:
    assert state_of(audited("甲局没有安排。"), RULE) is State.NOT_APPLICABLE
