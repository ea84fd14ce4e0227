"""What rows say together: each way in which a ledger may not fit in itself."""

import time

import pytest

from tests.ledger.samples import HALL, HOTLINE, ledger, numbered
from zhengwu.ledger import model as m
from zhengwu.ledger.check import problems
from zhengwu.ledger.load import LedgerError, read_bytes
from zhengwu.ledger.template import workbook_of


def changed(sheet, index, **values):
    """The sample with fields of one row of a sheet changed."""
    rows = list(getattr(ledger(), sheet))
    rows[index] = rows[index]._replace(**values)
    return ledger(**{sheet: tuple(rows)})


def added(sheet, *rows):
    return ledger(**{sheet: (*getattr(ledger(), sheet), *rows)})


def without(sheet, *indexes):
    return ledger(**{sheet: tuple(row for index, row in enumerate(getattr(ledger(), sheet)) if index not in indexes)})


def budget(**values):
    return ledger(budget=ledger().budget._replace(**values))


# name, ledger, sheet, row, column, what the message says
CASES = [
    ("duplicate unit", changed("units", 1, code="107001"), "单位", 3, "单位代码", "与第 2 行重复，单位代码都相同"),
    ("unknown unit", changed("lines", 0, unit="107009"), "支出明细", 2, "单位代码", "“107009”不在“单位”表中；“单位”表有：107001、107002。"),
    ("unknown function", changed("lines", 0, function="2010377"), "支出明细", 2, "功能分类", "“2010377”不在 2021 年支出功能分类科目中；请改正，或在“补充科目”表补充；20103 下有：2010301 行政运行"),
    ("function given up", changed("lines", 0, function="2080504"), "支出明细", 2, "功能分类", "2080504 未归口管理的行政单位离退休 自 2020 年起改为其他科目；可选：2080501 行政单位离退休。确需沿用的，请在“补充科目”表补充"),
    ("function split", changed("lines", 0, function="2150601"), "支出明细", 2, "功能分类", "自 2019 年起改为其他科目；可选：2240101 行政运行"),
    ("purpose of a function given up", changed("purposes", 0, function="2080504"), "科目用途", 2, "功能分类", "2080504 未归口管理的行政单位离退休 自 2020 年起"),
    ("short function", changed("lines", 0, function="20103"), "支出明细", 2, "功能分类", "“20103”不是项级编码；应为 7 位数字"),
    ("unknown departmental", changed("lines", 0, departmental="30188"), "支出明细", 2, "部门经济分类", "“30188”不在"),
    ("government code in place of departmental", changed("lines", 0, departmental="50101"), "支出明细", 2, "部门经济分类", "“50101”不在"),
    ("unknown government", changed("lines", 0, government="50177"), "支出明细", 2, "政府经济分类", "“50177”不在"),
    ("function of a purpose", changed("purposes", 0, function="2019999999"), "科目用途", 2, "功能分类", "不是项级编码"),
    ("pair that does not map", changed("lines", 1, government="50205"), "支出明细", 3, "政府经济分类", "50205 委托业务费 与部门经济分类 30217 公务接待费 不对应；行政单位的30217 对应：50206 公务接待费"),
    ("pair of an institution", changed("lines", 2, government="50101"), "支出明细", 4, "政府经济分类", "事业单位的30101 对应：50501 工资福利支出"),
    ("extra code that contradicts", added("codes", m.ExtraCode("function", "2010301", "机关运行")), "补充科目", 3, "科目名称", "2021 年 2010301 是“行政运行”"),
    ("extra code of a wrong shape", added("codes", m.ExtraCode("government", "3010", "某")), "补充科目", 3, "科目编码", "应以 5 开头，3、5 位数字"),
    ("extra code without its parent", ledger(codes=(m.ExtraCode("function", "2018801", "新设科目"),), lines=(ledger().lines[0]._replace(function="2018801"), *ledger().lines[1:])), "支出明细", 2, "功能分类", "2018801 的上级科目 20188 没有名称"),
    ("source without income", changed("lines", 0, fund="other"), "支出明细", 2, "资金来源", "“其他收入”不在“收入”表中"),
    ("income that does not balance", changed("income", 0, amount=2_560_000_00), "收入", 2, "本年预算", "收入 2,560,000.00 元，支出明细合计 2,550,000.50 元＋结转下年 10,000.00 元＝2,560,000.50 元，少 0.50 元"),
    ("total over control", budget(control=2_600_000_00), "预算", 2, "支出控制数", "基本支出和项目支出合计 2,600,000.50 元，超过控制数 2,600,000.00 元，超出 0.50 元"),
    ("last year out of balance", changed("last_year", 1, amount=1_200_000_01), "上年数", 2, "上年预算", "上年预算合计 2,400,000.00 元，基本支出 1,200,000.00＋项目支出 1,200,000.01＝2,400,000.01 元，相差 0.01 元"),
    ("project line without project", changed("lines", 3, project=""), "支出明细", 5, "项目名称", "项目支出必须写项目名称"),
    ("line of an unknown project", changed("lines", 3, project="大厅引导服物"), "支出明细", 5, "项目名称", "“大厅引导服物”不在“项目”表中，是否应为“大厅引导服务”"),
    ("project without lines", added("projects", m.Project("空项目", False)), "项目", 4, "项目名称", "“空项目”在“支出明细”中没有金额"),
    ("project without targets", without("targets", 0), "项目", 2, "申报绩效目标", "缺少“项目绩效目标”；"),
    ("project without indicators", without("indicators", 0), "项目", 2, "申报绩效目标", "缺少年度“绩效指标”；"),
    ("targets that are not declared", added("targets", m.Target(HOTLINE, annual_goal="目标")), "项目绩效目标", 3, "项目名称", "填的是不申报绩效目标"),
    ("targets of no project", added("targets", m.Target("没有", annual_goal="目标")), "项目绩效目标", 3, "项目名称", "“没有”不在“项目”表中"),
    ("procurement of no project", added("procurement", m.Procurement("没有", "goods", 1)), "政府采购", 3, "项目名称", "不在“项目”表中"),
    ("transfer of no project", added("transfers", m.Transfer("没有", "文号")), "专项转移支付", 3, "项目名称", "不在“项目”表中"),
    ("procurement over its project", added("procurement", m.Procurement(HALL, "goods", 150_000_01)), "政府采购", 2, "采购预算", "合计 950,000.01 元，超过项目金额 950,000.00 元，超出 0.01 元"),
    ("small enterprises over procurement", changed("procurement", 0, small=800_000_01), "政府采购", 2, "面向中小企业", "超过采购预算"),
    ("unknown catalogue code", changed("purchased", 0, catalogue="A2317"), "政府购买服务", 2, "目录代码", "“A2317”不在“购买服务目录”表中；目录有：A、A23、A2316。"),
    ("catalogue without its top", without("catalogue", 0), "购买服务目录", 3, "目录代码", "“A2316”的上级条目“A”没有列出"),
    ("change without reason", changed("three_public", 1, reason=""), "三公经费", 3, "变动原因", "公务用车运行维护费本年 0.00 元，上年 100.00 元，减少 100.00 元，须说明原因"),
    ("item of the three that is missing", without("three_public", 0), "三公经费", 0, "事项", "缺少公务接待费：支出明细中有 5,000.00 元"),
    ("period upside down", changed("targets", 0, midterm_to=2020), "项目绩效目标", 2, "中期终止年", "中期到 2020 年结束，早于起始年 2021 年"),
    ("period over", changed("targets", 0, midterm_from=2018, midterm_to=2020), "项目绩效目标", 2, "中期终止年", "早于预算年度 2021 年"),
    ("period to come", changed("targets", 0, midterm_from=2022), "项目绩效目标", 2, "中期起始年", "晚于预算年度 2021 年"),
    ("period half given", changed("targets", 0, midterm_from=None), "项目绩效目标", 2, "中期起始年", "要一并填写"),
    ("mobile number", changed("projects", 0, division="业务科 138-1234-5678"), "项目", 2, "负责处室", "含有手机号 138******78"),
    ("identity card number", changed("divisions", 0, duties="联系人110102199003078888"), "内设机构", 2, "职责", "含有身份证号 110******88"),
    ("placeholder", changed("projects", 0, basis="XX"), "项目", 2, "立项依据", "只有占位符“XX”"),
    ("ellipsis", changed("duties", 0, text="……"), "主要职责", 2, "职责", "只有占位符“……”"),
    ("control character", changed("duties", 0, text="负责\x0b政务"), "主要职责", 2, "职责", "“负责”之后有不可打印的字符（U+000B）"),
    ("zero-width space in a name", changed("divisions", 0, name="办\u200b公室"), "内设机构", 2, "机构名称", "U+200B"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("made", "sheet", "row", "column", "says"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_ledger_that_does_not_fit_is_told_where_and_how(made, sheet, row, column, says):
    found = [one for one in problems(made) if (one.sheet, one.row, one.column) == (sheet, row, column)]
    assert len(found) == 1
    assert says in found[0].message.zh
    assert found[0].message.en
    assert found[0].message.zh.endswith(("。", "…"))


# Ledgers that look odd and are right.
HOLDS = [
    ("the sample", ledger()),
    ("a code that only the ledger names", changed("lines", 3, function="2010398")),
    ("a code given up that the ledger itself names", ledger(codes=(*ledger().codes, m.ExtraCode("function", "2080504", "本地沿用科目")), lines=changed("lines", 0, function="2080504").lines)),
    ("a code of which it is not sure that it was given up", changed("lines", 0, function="2050304")),
    ("a control figure just met", budget(control=2_600_000_50)),
    (
        "a control figure that leaves no room for what is remitted from own money",
        ledger(
            budget=ledger().budget._replace(control=2_600_000_50),
            lines=(*ledger().lines, m.Line("107001", "2010399", "50299", "30299", "remit", "", "other", 1_000_00)),
            income=(*ledger().income, m.Income("other", 1_000_00, 0)),
        ),
    ),
    ("no control figure", budget(control=None)),
    ("no last year's figures", ledger(last_year=())),
    ("last year's income not given", changed("income", 0, last=None)),
    ("three public expenses not given", ledger(three_public=())),
    ("a past evaluation", added("evaluations", m.Evaluation(2019, "另一往年项目", ledger().evaluations[0].score))),
    ("an office telephone", changed("projects", 0, division="业务科 010-83926666")),
    ("an amount as long as a telephone number", changed("projects", 0, overview="共13812345678.00元，代码20212990010002。")),
    ("none said", changed("projects", 0, basis="无")),
    ("an ellipsis within a sentence", changed("duties", 0, text="承办……等事项。")),
]  # fmt: skip


@pytest.mark.parametrize("made", [case[1] for case in HOLDS], ids=[case[0] for case in HOLDS])
def test_ledger_that_fits_has_no_problem(made):
    assert problems(made) == []


def test_line_that_stands_twice_is_a_duplicate_naming_the_other_row():
    found = problems(added("lines", ledger().lines[3]))
    assert ("支出明细", 8, "") in [(one.sheet, one.row, one.column) for one in found]
    assert any("与第 5 行重复" in one.message.zh for one in found)


def test_same_fault_in_many_rows_is_told_once_with_the_rows():
    lines = tuple(line._replace(unit="107008") if line.nature == "project" else line for line in ledger().lines)
    (found,) = problems(ledger(lines=lines))
    assert found.row == 5
    assert "（另有 2 行相同：第 6、7 行）" in found.message.zh
    assert "(and 2 more rows alike: 6, 7)" in found.message.en


def test_problems_of_a_doubtful_sheet_are_left_out():
    made = without("projects", 0)
    assert problems(made)
    assert problems(made, frozenset({"projects"})) == []


def test_problem_found_in_a_workbook_has_the_letter_of_its_column():
    with pytest.raises(LedgerError) as caught:
        read_bytes(workbook_of(changed("lines", 1, government="50205"), "zh"), "x")
    assert [(one.row, one.column) for one in caught.value.problems] == [(3, "C 政府经济分类")]
    assert "column “C government economic”" in caught.value.message.en


def test_ledger_of_a_hundred_thousand_lines_is_checked_in_seconds():
    lines = tuple(
        m.Line(f"1{n % 100:05d}", "2010399", "50205", "30227", "project", f"项目{n // 100}", "general", 100_01)
        for n in range(100_000)
    )
    made = numbered(
        m.Ledger(
            "big",
            budget(control=None).budget,
            units=tuple(m.Unit(f"1{n:05d}", "单位", "agency") for n in range(100)),
            income=(m.Income("general", 100_000 * 100_01),),
            lines=lines,
            projects=tuple(m.Project(f"项目{n}", False) for n in range(1_000)),
        )
    )
    begun = time.process_time()
    assert problems(made) == []
    assert time.process_time() - begun < 20  # half a second; the machine may be slow
