"""A dialect file checked: wrong files are said line by line, right ones are tried on documents."""

import pytest
from tests.support.documents import document, table

from zhengwu.audit import audit_document
from zhengwu.dialects import dialects
from zhengwu.dialects.check import load, parsed, problem_text, read_toml
from zhengwu.dialects.fit import fit_json, fit_of, fit_text
from zhengwu.model.message import RefusedError
from zhengwu.recognition.given_dialect import spec_of

RIGHT = """title = "某省部门预算"
document = "budget"
money_unit = "元"

[[table]]
kind = "income"
number = "一"
title = "收入总表"

[[table]]
kind = "expenditure"
number = "二"
title = "支出总表"
columns = { "专项业务" = { nature = "project" } }
"""


def test_right_file_is_a_dialect():
    dialect, problems = parsed(RIGHT, "new")
    assert not problems
    assert (dialect.key, dialect.document, [spec.kind for spec in dialect.tables]) == (
        "new", "budget", ["income", "expenditure"],
    )  # fmt: skip
    assert dialect.tables[1].columns == (("专项业务", (("nature", "project"),)),)


def test_own_dialects_are_right():
    from importlib.resources import files

    for path in files("zhengwu.dialects").iterdir():
        if path.name.endswith(".toml") and path.name != "vocabulary.toml":
            dialect, problems = parsed(path.read_text(encoding="utf-8"), path.name.removesuffix(".toml"))
            assert not problems, path.name
            assert dialect in dialects()


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('money_unit = "元"', 'moneyunit = "元"', 3, "moneyunit"),
        ('document = "budget"', 'document = "预算"', 2, "budget、final"),
        ('money_unit = "元"', 'money_unit = "美元"', 3, "万元"),
        ('kind = "income"', 'kind = "incomes"', 6, "incomes"),
        ('kind = "income"', 'kind = ""', 6, "income"),
        ('title = "收入总表"', 'title = ""', 8, "空"),
        ('title = "收入总表"', 'title = "支出总表"', 13, "第 8 行"),
        ('number = "二"', 'number = "一"', 12, "第 7 行"),
        ('number = "一"', "number = 1", 7, "引号"),
        ('title = "收入总表"', 'title = "收入总表"\nrequired = "no"', 9, "true"),
        ('kind = "income"\n', "", 5, "缺“kind”"),
        ('title = "某省部门预算"\n', "", 1, "缺“title”"),
        ('nature = "project"', 'nature = "projects"', 14, "projects"),
        ('nature = "project"', 'natur = "project"', 14, "natur"),
        ('{ nature = "project" }', "{ }", 14, "含义"),
        ('"专项业务" = { nature = "project" }', '"专项业务" = 3', 14, "含义"),
        ("[[table]]\nkind", "[[table]\nkind", 5, "TOML"),
    ],
)
def test_wrong_file_is_said_with_its_line(old, new, line, words):
    text = RIGHT.replace(old, new, 1)
    assert text != RIGHT
    dialect, problems = parsed(text, "new")
    assert dialect is None
    problem = next(problem for problem in problems if words in problem.message.zh)
    assert problem.line == line if "缺“title”" not in words else problem.line <= 1
    assert problem.message.en
    assert f"第{problem.line}行" in problem_text("x.toml", problem, "zh") or not problem.line
    assert problem_text("x.toml", problem, "en").startswith("x.toml")


@pytest.mark.parametrize(
    "text",
    ["", "title = 1", "table = 3", "table = []", "table = [1, 2]", "[table]\nkind = 1", "title = [", "\x00",
     "[[table]]\n[[table]]", "a = " + "[" * 4000, 'columns = { a = "b" }\n[[table]]\ncolumns = 3'],
)  # fmt: skip
def test_any_wrong_text_gives_problems_and_no_exception(text):
    dialect, problems = parsed(text, "new")
    assert dialect is None
    assert problems


def test_file_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(RefusedError, match=r"gone\.toml"):
        read_toml(str(tmp_path / "gone.toml"))
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RefusedError, match="TOML"):
        read_toml(str(tmp_path / "binary.toml"))


def test_wrong_file_is_refused_in_one_sentence_with_the_count_of_the_rest(tmp_path):
    path = tmp_path / "wrong.toml"
    path.write_text(RIGHT.replace("income", "in").replace("expenditure", "out"), encoding="utf-8")
    with pytest.raises(RefusedError) as refused:
        load(str(path))
    assert "第6行" in refused.value.message.zh
    assert "另有 1 处" in refused.value.message.zh


def fit(text):
    dialect, _ = parsed(RIGHT, "new")
    audit = audit_document(document(text), (), dialect)
    return fit_of(dialect, audit.disclosure, [spec_of(one, dialect) for one in audit.disclosure.tables], audit.tied)


SPENT = table(
    "支出总表",
    "科目编码 | 科目名称 | 合计 | 基本支出 | 专项业务\n201 | 一般公共服务支出 | 9.00 | 4.00 | 5.00\n合计 | | 9.00 | 4.00 | 5.00",
)


def test_fit_names_missing_tables_and_counts_amounts():
    found = fit("某某局2021年部门预算\n" + SPENT + table("别的表", "项目 | 金额\n电脑 | 1.00"))
    assert found.found == (False, True)
    assert [spec.title for spec in found.missing] == ["收入总表"]
    assert found.unlisted == ("别的表",)
    assert found.amounts == 7
    assert found.identified == 6
    assert found.tied >= 6
    report = fit_json(found)
    assert report["missing"] == ["收入总表"]
    assert report["coverage"] == {"amounts": 7, "identified": 6, "tied": found.tied}
    assert "收入总表" in fit_text(found, "zh")
    assert "required tables that are missing" in fit_text(found, "en")


def test_fit_names_columns_and_rows_that_are_not_understood():
    text = SPENT.replace("专项业务", "另类业务")
    income = table("收入总表", "项目 | 预算数\n财政拨款收入 | 9.00\n奇怪的东西 | 1.00\n本年收入合计 | 10.00")
    found = fit("某某局2021年部门预算\n" + income + text)
    assert found.columns == (("二", "另类业务"),)
    assert not found.missing
    assert [row for _, row in found.rows] == ["奇怪的东西"]
