"""A ledger published and rebuilt is the ledger again, but for what a publication does not print."""

from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.publishing.ledgers import ledgers
from tests.support.documents import document, table
from zhengwu.audit import disclosure_of
from zhengwu.dialects import dialect_named
from zhengwu.ledger import model as m
from zhengwu.ledger.amounts import Amounts
from zhengwu.ledger.load import load
from zhengwu.ledger.model import Ledger
from zhengwu.ledger.rebuild import rebuilt
from zhengwu.ledger.template import csv_of
from zhengwu.model.disclosure import Disclosure
from zhengwu.model.message import Message, RefusedError
from zhengwu.publishing.as_document import document_of
from zhengwu.publishing.compose import publication_of
from zhengwu.publishing.publish import draft_of, files_of
from zhengwu.reading import read_path
from zhengwu.recognition.understand import understand

EXAMPLE = Path(__file__).parents[2] / "examples" / "xicheng-2021"
_QUIET = settings(
    max_examples=10,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
# What a publication prints as the ledger has it. Of units, the three public expenses and procurement it prints less.
WHOLE = (
    "budget", "duties", "divisions", "income", "lines", "last_year", "catalogue", "purchased", "transfers", "assets",
    "projects", "department_targets", "targets", "indicators", "evaluations", "purposes", "codes",
)  # fmt: skip

_ALWAYS = ("basic", "project", "operating")


@cache
def example() -> Ledger:
    return load(EXAMPLE)


@cache
def written() -> dict[str, bytes]:
    draft = draft_of(example(), dialect_named(example().budget.dialect))
    return files_of(draft, ("docx", "xlsx", "pdf", "html"))


def published(ledger: Ledger, dialect: str) -> Disclosure:
    """The publication of a ledger as its readers understand it."""
    return understand(document_of(publication_of(ledger, dialect_named(dialect))))


def plain(rows):
    """Rows without where they stand in their sheet, their texts without line breaks, which a PDF makes its own."""
    if not isinstance(rows, tuple) or hasattr(rows, "_fields"):
        rows = (rows,)
    return [
        tuple(value.replace("\n", "") if isinstance(value, str) else value for value in row._replace(row=0))
        for row in rows
    ]


def of_text(text: str) -> tuple[Ledger, tuple[Message, ...]]:
    return rebuilt(understand(document(text)))


def said(unknown: tuple[Message, ...], *words: str) -> bool:
    """Whether one of the messages holds all these words."""
    return any(all(word in message.zh for word in words) for message in unknown)


@pytest.fixture(scope="module", params=("docx", "xlsx", "pdf", "html"))
def from_file(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("published") / f"budget.{request.param}"
    path.write_bytes(written()[f"budget-2021.{request.param}"])
    return rebuilt(disclosure_of(read_path(path)))


@pytest.mark.parametrize("sheet", WHOLE)
def test_published_example_rebuilt_from_each_format_is_the_example(from_file, sheet):
    assert plain(getattr(from_file[0], sheet)) == plain(getattr(example(), sheet))


def test_published_example_rebuilt_keeps_what_is_printed_of_units_and_three_public_expenses(from_file):
    ledger, unknown = from_file
    assert [unit.name for unit in ledger.units] == [unit.name for unit in example().units]
    assert plain(ledger.units[0]) == plain(example().units[0])
    assert [(row.item, row.last, row.reason) for row in ledger.three_public] == [
        (row.item, row.last, row.reason) for row in example().three_public
    ]
    assert ledger.units[1].code == ""
    assert said(unknown, "单位代码没有印出", "西城区政务服务中心")
    printed = [reason for reason in plain(example().reasons) if reason[0] != "fiscal"]  # in another dialect
    assert plain(ledger.reasons) == printed
    assert ledger.procurement == ()
    assert said(unknown, "政府采购没有逐个项目印出", "37,278,580.00")
    assert said(unknown, "支出控制数不公开")


def test_rebuilt_example_publishes_the_same_tables_again(from_file):
    dialect = dialect_named(example().budget.dialect)
    first, again = publication_of(example(), dialect), publication_of(from_file[0], dialect)
    for one, other in zip(first.tables, again.tables, strict=True):
        if one.kind not in ("target_form",):  # texts of a form may be broken differently by a PDF
            assert [[cell.text for cell in row.cells] for row in one.rows] == [
                [cell.text for cell in row.cells] for row in other.rows
            ], one.title


def test_random_ledger_rebuilt_has_its_lines_income_and_last_year():
    @_QUIET
    @given(ledgers("beijing-xicheng-budget"))
    def holds(ledger):
        again, unknown = rebuilt(published(ledger, "beijing-xicheng-budget"))

        def codes(one):
            name = "" if one.nature == "basic" else one.project
            nature = one.nature if one.amount else ""  # nothing is printed of nothing
            return one.function, one.government, one.departmental, nature, name, one.amount

        assert [codes(line) for line in again.lines] == [codes(line) for line in ledger.lines]
        assert {row.fund: row.amount for row in again.income} == {
            row.fund: row.amount for row in ledger.income if row.amount
        }
        spent = [line for line in zip(again.lines, ledger.lines, strict=True) if line[1].amount]
        if not said(unknown, "资金来源", "暂记"):  # what is not said to be unknown is right
            assert [one.fund for one, _ in spent] == [other.fund for _, other in spent]
        assert {row.subject: row.amount for row in again.last_year if row.amount or row.subject in _ALWAYS} == {
            row.subject: row.amount for row in ledger.last_year if row.amount or row.subject in _ALWAYS
        }
        assert [row.project for row in again.targets] == [row.project for row in ledger.targets]
        assert len(again.indicators) == len(ledger.indicators)

    holds()


def test_random_shanghai_ledger_rebuilt_has_its_amounts_by_item_nature_and_source():
    @_QUIET
    @given(ledgers("shanghai-putuo-budget"))
    def holds(ledger):
        disclosure = published(ledger, "shanghai-putuo-budget")
        if not any(line.amount for line in ledger.lines):
            with pytest.raises(RefusedError):
                rebuilt(disclosure)
            return
        again, unknown = rebuilt(disclosure)
        assert all((line.government, line.departmental, line.project) == ("", "", "") for line in again.lines)
        guessed = said(unknown, "资金来源", "暂记")

        def sums(one):
            found = {}
            for line in one.lines:
                key = (line.function, line.nature, "" if guessed else line.fund)
                found[key] = found.get(key, 0) + line.amount
            return {key: amount for key, amount in found.items() if amount}

        assert sums(again) == sums(ledger)

    holds()


def test_shanghai_document_says_that_economic_codes_and_projects_are_not_printed():
    ledger, unknown = rebuilt(published(example(), "shanghai-putuo-budget"))
    assert sum(line.amount for line in ledger.lines) == Amounts(example()).spent()
    assert said(unknown, "经济分类没有印出", "301 13,594,224.00 元", "302 1,483,396.24 元")
    assert said(unknown, "没有逐个项目列示", "47,764,125.20")
    assert said(unknown, "编报绩效目标", "6 个项目")
    assert plain(ledger.reasons) == [reason for reason in plain(example().reasons) if reason[0] == "fiscal"]
    assert ledger.income[0].last == 62_145_100_00  # in 万元 with two decimals, as the sentence has it
    assert all(
        "没有" in message.zh or "要从" in message.zh or "核对" in message.zh or "不公开" in message.zh
        for message in unknown
    )


def test_rebuilt_ledger_is_written_as_a_ledger_again():
    ledger, _ = rebuilt(published(example(), example().budget.dialect))
    files = csv_of(ledger, "zh")
    assert files["lines.csv"] == csv_of(example(), "zh")["lines.csv"]


# --- refusals ----------------------------------------------------------------------------------------------------


def test_final_accounts_are_refused():
    with pytest.raises(RefusedError) as refused:
        of_text(
            "某某局2021年度部门决算\n"
            + table("支出决算总表", "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 1.00")
        )
    assert refused.value.code == "final-accounts"


def test_document_without_expenditure_tables_is_refused():
    with pytest.raises(RefusedError) as refused:
        of_text("某某局2021年部门预算\n一、收入预算说明\n2021年收入预算100元。\n")
    assert refused.value.code == "no-expenditure-tables"


# --- small documents ---------------------------------------------------------------------------------------------

BASE = """某某局2021年部门预算
{text}
部门支出总体情况表
单位：元
科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
201 | 一般公共服务支出 | 300.00 | 100.00 | 200.00
20103 | 政府办公厅（室）及相关机构事务 | 300.00 | 100.00 | 200.00
2010301 | 行政运行 | 100.00 | 100.00 |
2010302 | 一般行政管理事务 | 200.00 | | 200.00
合计 | | 300.00 | 100.00 | 200.00
{tables}
"""


def small(text: str = "", tables: str = "") -> tuple[Ledger, tuple[Message, ...]]:
    return of_text(BASE.format(text=text, tables=tables))


def test_expenditure_by_function_alone_gives_lines_without_economic_codes():
    ledger, _ = small()
    assert [(line.function, line.government, line.departmental, line.nature, line.amount) for line in ledger.lines] == [
        ("2010301", "", "", "basic", 100_00),
        ("2010302", "", "", "project", 200_00),
    ]


def test_last_year_follows_from_this_and_the_change_that_a_sentence_states():
    ledger, _ = small(
        "2021年基本支出预算100.00元，比2020年增加20.00元。\n2021年项目支出预算200.00元，比2020年减少50.00元。"
    )
    assert {row.subject: row.amount for row in ledger.last_year} == {"basic": 80_00, "project": 250_00}


def test_last_year_that_is_not_said_is_named_with_where_it_would_come_from():
    ledger, unknown = small()
    assert ledger.last_year == ()
    assert said(unknown, "基本支出", "项目支出", "上年的公开预算")


def test_reasons_go_to_what_their_sentences_are_about():
    ledger, _ = small(
        "1、基本支出预算100元，占总支出预算的33.33%，比2020年80元增加20元，主要是原因是人员增加等。\n"
        "2、项目支出预算200元。比2020年250元减少50元，下降20%。主要原因压减会议。\n"
        "（一）机构运行经费说明\n2021年行政运行经费10元，比2020年增加1元，主要原因是大厅搬迁。\n"
        "2、公务接待费\n2021年预算安排5元，比2020年增加1元，主要原因是。"
    )
    assert {row.subject: row.text for row in ledger.reasons} == {
        "basic": "人员增加等",
        "project": "压减会议",
        "operating": "大厅搬迁",
    }


def test_staff_units_evaluations_and_assets_are_read_from_sentences():
    ledger, unknown = small(
        "部门预算由2个预算单位组成：某某局本级、某某服务中心。\n"
        "行政编制27人;事业编制25人；工勤编制0名；实际47人；长期聘用临时工3人。\n离退休人员3人，其中：离休1人，退休2人。\n"
        "2019年窗口事项梳理项目评价得分84.5分，等级为良好。\n"
        "截止2020年底，本部门固定资产总额645.61万元，其中：车辆2台，30万元；单位价值50万元以上的通用设备1台、60万元，单位价值100万元以上的专用设备0台（套）、0万元。\n"
        "2021部门预算：安排购置车辆0台，0万元；安排购置单位价值50万元以上的通用设备1套、283.11万元，安排购置单位价值100万元以上的专用设备0 台、0万元。"
    )
    assert ledger.units[0]._replace(code="") == m.Unit("", "某某局本级", "agency", 27, 25, 0, 47, 1, 2, 3)
    assert (ledger.units[1].name, ledger.units[1].kind) == ("某某服务中心", "institution")
    assert said(unknown, "单位性质没有印出")
    assert ledger.evaluations == (m.Evaluation(2019, "窗口事项梳理", Decimal("84.5")),)
    assert ledger.budget.asset_date == "2020年底"
    assert ledger.assets == (
        m.Asset("fixed", None, 6_456_100_00),
        m.Asset("cars", 2, 300_000_00, 0, 0),
        m.Asset("general_equipment", 1, 600_000_00, 1, 2_831_100_00),
        m.Asset("special_equipment", 0, 0, 0, 0),
    )


def test_duties_are_taken_only_from_a_list_that_counts_from_one():
    listed, _ = small("（一）主要职责\n1.统筹服务。\n2.管理大厅。\n（3）另一种写法。")
    assert [duty.text for duty in listed.duties] == ["统筹服务", "管理大厅"]
    other, _ = small("（一）主要职责\n本局负责政务服务。")
    assert other.duties == ()


def test_divisions_are_taken_from_a_list_or_from_names_whose_count_is_told():
    listed, _ = small("内设机构2个，分工如下：\n（1）办公室。负责运转。\n（2）业务科：负责业务。")
    assert [tuple(row)[:2] for row in listed.divisions] == [("办公室", "负责运转"), ("业务科", "负责业务")]
    named, _ = small("内设机构2个：办公室、业务科。")
    assert [row.name for row in named.divisions] == ["办公室", "业务科"]
    miscounted, _ = small("内设机构3个：办公室、业务科。")
    assert miscounted.divisions == ()


def test_extra_codes_are_those_that_no_classification_knows():
    ledger, _ = of_text(
        "某某局2021年部门预算\n"
        + table(
            "部门支出总体情况表",
            "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n201 | 一般公共服务支出 | 5.00 | | 5.00\n"
            "20197 | 新设事务 | 5.00 | | 5.00\n2019701 | 新设项目 | 5.00 | | 5.00\n合计 | | 5.00 | | 5.00",
        )
    )
    assert [(one.code, one.name) for one in ledger.codes] == [("20197", "新设事务"), ("2019701", "新设项目")]


DETAIL = """部门预算明细表
单位：元
功能分类代码 | 功能分类名称 | 政府经济分类代码 | 政府经济分类名称 | 部门经济分类代码 | 部门经济分类名称 | 项目名称 | 预算金额
2010302 | 一般行政管理事务 | 50205 | 委托业务费 | 30227 | 委托业务费 | 大厅服务 | {first}
2010302 | 一般行政管理事务 | 50205 | 委托业务费 | 30227 | 委托业务费 | 热线服务 | {second}
总计 | | | | | | | {total}
部门收入总体情况表
单位：元
科目编码 | 科目名称 | 合计 | 一般公共预算拨款收入 | 事业收入
2010302 | 一般行政管理事务 | {total} | {general} | {own}
总计 | | {total} | {general} | {own}
"""


def shared(first: str, second: str, general: str, own: str) -> tuple[Ledger, tuple[Message, ...]]:
    total = f"{Decimal(first) + Decimal(second):.2f}"
    return of_text(
        "某某局2021年部门预算\n" + DETAIL.format(first=first, second=second, total=total, general=general, own=own)
    )


def test_sources_of_lines_are_told_apart_where_they_add_up_in_one_way():
    ledger, unknown = shared("70.00", "30.00", "70.00", "30.00")
    assert [line.fund for line in ledger.lines] == ["general", "institution"]
    assert not said(unknown, "暂记在金额最大的来源")


def test_sources_of_lines_that_cannot_be_told_apart_are_said_to_be_unknown():
    ledger, unknown = shared("70.00", "30.00", "60.00", "40.00")
    assert [line.fund for line in ledger.lines] == ["general", "general"]
    assert said(unknown, "暂记在金额最大的来源", "2010302")


def test_sources_of_equal_lines_are_not_guessed_at_silently():
    _, unknown = shared("50.00", "50.00", "50.00", "50.00")
    assert said(unknown, "暂记在金额最大的来源", "2010302")


FORM = """表十三-1：
项目支出绩效目标申报表
（2021年度）
项目名称 | 大厅服务 | | | | | |
主管部门及代码 | 某某局107001 | 实施单位 | 某某局 | | | |
项目负责人 | 张三丰 | 联系电话 | 82140000 | | | |
项目属性 | 延续性 | 项目期 | 1年 | | | |
项目资金（万元） | 中期资金总额： | 300万元 | 年度资金总额： | 200元 | | |
 | 其中：财政拨款 | 250万元 | 其中：财政拨款 | 200元 | | |
 | 其他资金 | 50万元 | 其他资金 | | | |
总体目标 | 中期目标（2021年—2021+2年） | | | | 年度目标 | |
 | 目标1： | | | | 办好大厅。 | |
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 二级指标 | 三级指标 | 指标值
 | 产出指标 | 数量指标 | 指标1： | | 数量指标 | 指标1：到岗 | 123人
 | | 时效指标 | 指标1： | | 时效指标 | 立项 | 6月前
 | | | 指标2： | | | 支付 |
 | | | ...... | | | | 11月前完成
 | | 成本指标 | 控制 | 300万元 | 成本指标 | 控制 | 200万元
 | 效果指标 | 可持续影响 | | | 可持续影响 | 形象 | 提升
 | | 服务对象满意度指标 | | | 服务对象满意度指标 | 满意率 | ≥95%
"""


def test_form_gives_targets_and_indicators_without_template_leftovers():
    ledger, unknown = small(tables=FORM)
    assert ledger.budget.code == "107001"
    assert ledger.targets == (m.Target("大厅服务", 2021, 2023, 2_500_000_00, 500_000_00, "", "办好大厅。"),)
    assert [tuple(row)[1:5] for row in ledger.indicators] == [
        ("midterm", "cost", "控制", "300万元"),
        ("annual", "quantity", "到岗", "123人"),
        ("annual", "timeliness", "立项", "6月前"),
        ("annual", "timeliness", "支付", "6月前\n11月前完成"),
        ("annual", "cost", "控制", "200万元"),
        ("annual", "benefit", "形象", "提升"),
        ("annual", "satisfaction", "满意率", "≥95%"),
    ]
    assert said(unknown, "1 条指标的指标值是空的")


def test_form_never_hands_on_a_persons_name_or_telephone():
    ledger, unknown = small(tables=FORM)
    everything = repr(ledger) + repr(unknown)
    assert "张三丰" not in everything
    assert "82140000" not in everything
    assert said(unknown, "个人信息不公开")
    assert ledger.projects[0] == m.Project("大厅服务", True, "", "延续性", "1年")


def test_transfers_are_read_with_their_documents():
    ledger, _ = small(
        tables=table(
            "专项转移支付预算表",
            "预算单位代码 | 预算单位名称 | 功能科目代码 | 政府经济分类代码 | 部门经济分类代码 | 项目名称 | 指标金额 | 市指标文号\n"
            "107001 | 某某局 | 2010302 | 50205 | 30227 | 大厅服务 | 200.00 | 京财预指〔2020〕1号\n合计 | | | | | | 200.00 |",
        )
    )
    assert ledger.transfers == (m.Transfer("大厅服务", "京财预指〔2020〕1号"),)
