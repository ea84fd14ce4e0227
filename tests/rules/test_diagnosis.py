"""One defect is one finding, at the place that is wrong, with the right amount."""

from tests.rules.samples import budget, tables, with_cell
from tests.support.documents import HEAD, audited, findings, quotes, table
from zhengwu.model.finding import Severity


def test_sound_budget_has_no_findings():
    assert findings(budget()) == []


def test_wrong_cell_in_many_relations_is_one_finding_with_the_right_amount():
    wrong = with_cell(tables()["expenditure"], "2010301", "687.78", "681.78")
    (finding,) = findings(budget(expenditure=wrong))
    assert quotes(finding)[0] == "681.78"
    assert (finding.actual, finding.expected, finding.difference) == ("681.78", "687.78", "-6.00")
    assert len(finding.steps) >= 5


def test_wrong_detail_line_is_named_where_it_stands():
    wrong = with_cell(tables()["detail"], "2080505", "88.64", "68.64")
    (finding,) = findings(budget(detail=wrong))
    assert (quotes(finding)[0], finding.expected) == ("68.64", "88.64")


def test_wrong_total_is_one_finding():
    wrong = with_cell(tables()["general"], "合计", "2,511.29", "2,511.20")
    (finding,) = findings(budget(general=wrong))
    assert (quotes(finding)[0], finding.expected) == ("2,511.20", "2511.29")


def test_two_independent_errors_are_two_findings():
    made = tables()
    wrong = {
        "expenditure": with_cell(made["expenditure"], "2210201", "140.07", "149.07"),
        "detail": with_cell(made["detail"], "2010301", "610.25", "610.05"),
    }
    found = findings(budget(**wrong))
    assert sorted((quotes(one)[0], one.expected) for one in found) == [("149.07", "140.07"), ("610.05", "610.25")]


def test_two_errors_in_one_total_are_two_findings():
    wrong = with_cell(tables()["expenditure"], "2210201", "140.07", "149.07")
    wrong = with_cell(wrong, "2080505", "88.64", "88.94")
    found = findings(budget(expenditure=wrong))
    assert sorted((quotes(one)[0], one.expected) for one in found) == [("149.07", "140.07"), ("88.94", "88.64")]


def test_pair_that_nothing_decides_names_both_places():
    text = budget(leave_out=("detail", "general", "general_basic", "expenditure"))
    (finding,) = findings(text.replace("2021年收入预算2511.29元", "2021年收入预算2511.29元，支出预算2511.29元").replace(
        "2021年基本支出预算916.49元。\n2021年项目支出预算1594.80元。\n",
        "2021年基本支出预算916.49元。\n2021年本部门基本支出预算961.49元。\n"))  # fmt: skip
    assert {"916.49元", "961.49元"} == set(quotes(finding))
    assert "其余各数另有印证" not in finding.message.zh
    assert "916.49元" in finding.message.zh
    assert "961.49元" in finding.message.zh


def test_sentence_that_two_tables_contradict_is_the_one_accused():
    text = budget().replace("2021年项目支出预算1594.80元", "2021年项目支出预算1594.30元")
    (finding,) = findings(text)
    assert quotes(finding)[0] == "1594.30元"
    assert finding.expected == "1594.80"


def test_column_shifted_by_a_row_is_one_finding():
    rows = """
科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
2010301 | 行政运行 | 110.00 | 60.00 |
2010302 | 一般行政管理事务 | 35.00 | 15.00 | 50.00
2010303 | 机关服务 | 44.00 | 13.00 | 20.00
2010304 | 专项服务 | 12.00 | 12.00 | 31.00
"""
    (finding,) = [one for one in findings(HEAD + table("部门支出总体情况表", rows)) if one.severity is Severity.ERROR]
    assert "移了一行" in finding.message.zh
    assert "项目支出" in finding.message.zh
    assert {"50.00", "20.00", "31.00"} <= set(quotes(finding))


def test_last_digit_of_coarse_amounts_is_one_hint_a_table():
    rows = """
科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
2010301 | 行政运行 | 10.00 | 3.34 | 6.67
2010302 | 一般行政管理事务 | 20.00 | 13.34 | 6.67
"""
    (finding,) = findings(HEAD + table("部门支出总体情况表", rows, "万元"))
    assert finding.severity is Severity.INFO
    assert finding.message.zh.startswith("2 处")


def test_messages_are_written_out_in_both_languages():
    wrong = with_cell(tables()["expenditure"], "2010301", "687.78", "681.78")
    (finding,) = findings(budget(expenditure=wrong))
    assert "印为 681.78，应为 687.78" in finding.message.zh
    assert "prints 681.78 and should be 687.78" in finding.message.en
    assert all("off by" in step.en and "相差" in step.zh for step in finding.steps)
    assert not any(word in step.en for step in finding.steps for word in ("相差", "印为", "正文", "共 "))


def test_places_of_a_finding_hold_every_amount_of_its_relations():
    wrong = with_cell(tables()["expenditure"], "2010301", "687.78", "681.78")
    audit = audited(budget(expenditure=wrong))
    (finding,) = audit.findings
    assert len(finding.at) == len({(spot.table, spot.place) for spot in finding.at}) > len(finding.steps)
