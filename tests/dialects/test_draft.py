"""A dialect file drafted from a document of an unknown dialect."""

import tomllib

import pytest
from tests.support.documents import document, table

from zhengwu.audit import disclosure_of
from zhengwu.dialects.check import parsed
from zhengwu.dialects.draft import draft_of, toml_of
from zhengwu.recognition.given_dialect import as_given, spec_of

HEAD = "某省某市某某局2021年部门预算\n"
INCOME = table(
    "某省某市某某局2021年部门收入预算总表",
    "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 1.00\n合计 | | 1.00",
    "万元",
)
SPENT = table(
    "2021年部门支出预算总表",
    "科目编码 | 科目名称 | 合计 | 基本支出 | 专项业务\n201 | 一般公共服务支出 | 10,000.00 | 4,000.00 | 6,000.00\n"
    "合计 | | 10,000.00 | 4,000.00 | 6,000.00",
)
STRANGE = table("2021年资产配置表", "资产 | 数额\n电脑 | 5.00\n桌椅 | 6.00")


def drafted(text):
    return draft_of(disclosure_of(document(text)))


def test_draft_lists_tables_in_order_without_year_and_unit():
    draft = drafted(HEAD + INCOME + SPENT + STRANGE)
    assert [(one["kind"], one["title"]) for one in draft["table"]] == [
        ("income", "收入预算总表"),
        ("expenditure", "支出预算总表"),
        ("", "年资产配置表".removeprefix("年")),
    ]
    assert (draft["document"], draft["money_unit"]) == ("budget", "元")


def test_draft_tells_understood_columns_from_those_that_are_not():
    spent = drafted(HEAD + SPENT)["table"][0]
    assert {"label": "基本支出", "role": "amount", "members": {"nature": "basic"}} in spent["columns"]
    assert spent["unknown"] == ["专项业务"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_draft_of_understood_tables_is_a_right_dialect_file(language):
    text = toml_of(drafted(HEAD + INCOME + SPENT), language)
    dialect, problems = parsed(text, "new")
    assert not problems
    assert [table.money_unit for table in dialect.tables] == ["万元", "元"]
    assert "专项业务" in text


def test_draft_with_a_table_not_recognised_asks_for_its_kind():
    text = toml_of(drafted(HEAD + SPENT + STRANGE), "en")
    dialect, problems = parsed(text, "new")
    assert dialect is None
    (problem,) = problems
    assert text.splitlines()[problem.line - 1].startswith('kind = ""  # not recognised')


def test_title_with_marks_of_toml_stays_a_string():
    odd = table('2021年“三公”\\"经费"支出表', "项目 | 预算数\n公务接待费 | 1.00")
    text = toml_of(drafted(HEAD + SPENT + odd), "zh")
    assert tomllib.loads(text)["table"][1]["title"].endswith("支出表")


def test_repeated_titles_become_one_table():
    draft = drafted(HEAD + SPENT + "说明文字。\n" + SPENT)
    assert [one.get("repeated") for one in draft["table"]] == [1]


def test_completed_draft_gives_kinds_and_columns_to_the_document():
    text = toml_of(drafted(HEAD + SPENT + STRANGE), "zh")
    text = text.replace('kind = ""', 'kind = "procurement"')
    text = text.replace(
        '# columns = { "专项业务" = { nature = "" } }', 'columns = { "专项业务" = { nature = "project" } }'
    )
    dialect, problems = parsed(text, "new")
    assert not problems
    before = disclosure_of(document(HEAD + SPENT + STRANGE))
    after = disclosure_of(document(HEAD + SPENT + STRANGE), dialect)
    assert [table.kind for table in after.tables] == ["expenditure", "procurement"]
    assert after.dialect == "new"
    known = [sum(fact.identity is not None for fact in one.facts) for one in (before, after)]
    assert known[0] < known[1]
    project = [fact for fact in after.facts if fact.identity and fact.identity.nature == "project"]
    assert {fact.quote for fact in project} == {"6,000.00"}


def test_dialect_unit_counts_only_where_the_table_prints_none():
    bare = HEAD + SPENT.replace("单位：元\n", "")
    dialect, _ = parsed(toml_of(drafted(HEAD + INCOME.replace("收入", "支出")), "zh"), "new")
    tables = disclosure_of(document(bare)).tables
    assert spec_of(tables[0], dialect).money_unit == "万元"
    assert as_given(list(tables), dialect)[0].money_unit == "万元"
    assert as_given(list(disclosure_of(document(HEAD + SPENT)).tables), dialect)[0].money_unit == "元"
