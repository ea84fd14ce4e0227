"""The sheets of a ledger and their columns: the one description that the empty workbook, its help, the import and
the export follow.

A column's ``type``: text; long (sentences, with line breaks); code (digits and letters, kept as text); function,
government, departmental (a code of that classification); amount (元, two decimals at most, not negative); count (a
whole number); year; score (0 to 100); choice (one of ``choices``); yes (是 or 否).
"""

from typing import NamedTuple

from zhengwu.ledger import model


class Choice(NamedTuple):
    """A member that a cell may name: by its key or by its name in either language."""

    key: str
    zh: str
    en: str


class Column(NamedTuple):
    """A column: its key is the field of the row's class."""

    key: str
    zh: str
    en: str
    type: str = "text"
    required: bool = False
    help_zh: str = ""
    help_en: str = ""
    choices: tuple[Choice, ...] = ()


class Sheet(NamedTuple):
    """A sheet: its key is the field of Ledger and the name of its CSV file. ``required`` sheets have a row."""

    key: str
    zh: str
    en: str
    row: type
    columns: tuple[Column, ...]
    help_zh: str
    help_en: str
    required: bool = False
    unique: tuple[str, ...] = ()  # columns that together name a row: no two rows agree in all of them


FUNDS = (
    Choice("general", "一般公共预算拨款", "general public budget"),
    Choice("government_fund", "政府性基金预算拨款", "government fund"),
    Choice("state_capital", "国有资本经营预算拨款", "state capital"),
    Choice("special_account_funds", "财政专户资金", "special account"),
    Choice("education_fees", "教育收费", "education fees"),
    Choice("special_account_other", "其他财政专户资金", "other special account"),
    Choice("retained", "批准留用", "retained"),
    Choice("superior", "上级补助收入", "subsidy from above"),
    Choice("institution", "事业收入", "institution's income"),
    Choice("business", "经营收入", "business income"),
    Choice("affiliated", "附属单位上缴收入", "remitted by affiliated units"),
    Choice("other", "其他收入", "other income"),
    Choice("fund_balance", "用事业基金弥补收支差额", "from the institution's reserves"),
    Choice("carryover.general", "上年结转（一般公共预算）", "carried over (general public budget)"),
    Choice("carryover.government_fund", "上年结转（政府性基金）", "carried over (government fund)"),
    Choice("carryover.state_capital", "上年结转（国有资本经营）", "carried over (state capital)"),
    Choice("carryover.other", "上年结转（其他资金）", "carried over (other)"),
)
NATURES = (
    Choice("basic", "基本支出", "basic"),
    Choice("project", "项目支出", "project"),
    Choice("remit", "上缴上级支出", "remitted upward"),
    Choice("business", "经营支出", "business"),
    Choice("subsidy", "对附属单位补助支出", "subsidy to affiliated units"),
)
BOUND_NATURES = ("basic", "project")  # what a control figure binds: the others are paid from own money
SCOPES = (Choice("department", "部门", "department"), Choice("unit", "单位", "unit"))
UNIT_KINDS = (
    Choice("agency", "行政单位（含参公）", "agency"),
    Choice("institution", "事业单位", "institution"),
)
LAST_YEAR = (
    Choice("basic", "基本支出", "basic expenditure"),
    Choice("project", "项目支出", "project expenditure"),
    Choice("remit", "上缴上级支出", "remitted upward"),
    Choice("business", "经营支出", "business"),
    Choice("subsidy", "对附属单位补助支出", "subsidy to affiliated units"),
    Choice("operating", "机关运行经费", "operating expenses"),
)
THREE_PUBLIC = (
    Choice("abroad", "因公出国（境）费", "trips abroad"),
    Choice("reception", "公务接待费", "reception"),
    Choice("car_purchase", "公务用车购置费", "purchase of official cars"),
    Choice("car_operation", "公务用车运行维护费", "running official cars"),
)
CATEGORIES = (
    Choice("goods", "货物", "goods"),
    Choice("works", "工程", "works"),
    Choice("services", "服务", "services"),
)
ASSETS = (
    Choice("fixed", "固定资产总额", "fixed assets"),
    Choice("cars", "车辆", "cars"),
    Choice("general_equipment", "单位价值50万元以上的通用设备", "general equipment over 500,000"),
    Choice("special_equipment", "单位价值100万元以上的专用设备", "special equipment over 1,000,000"),
)
TARGET_KINDS = (Choice("goal", "总体目标", "goal"), Choice("indicator", "绩效指标", "indicator"))
PERIODS = (Choice("annual", "年度", "annual"), Choice("midterm", "中期", "mid-term"))
INDICATORS = (
    Choice("quantity", "数量指标", "quantity"),
    Choice("quality", "质量指标", "quality"),
    Choice("timeliness", "进度指标", "timeliness"),
    Choice("cost", "成本指标", "cost"),
    Choice("benefit", "效益指标", "benefit"),
    Choice("satisfaction", "服务对象满意度指标", "satisfaction of those served"),
)
REASONS = (
    Choice("income", "收入总计", "total income"),
    Choice("basic", "基本支出", "basic expenditure"),
    Choice("project", "项目支出", "project expenditure"),
    Choice("operating", "机关运行经费", "operating expenses"),
    Choice("three_public", "“三公”经费", "the three public expenses"),
    Choice("fiscal", "财政拨款收支", "fiscal appropriation"),
)
CLASSIFICATIONS = (
    Choice("function", "支出功能分类", "functional"),
    Choice("government", "政府预算支出经济分类", "government economic"),
    Choice("departmental", "部门预算支出经济分类", "departmental economic"),
)

_PROJECT_HELP = ("与“项目”表的名称一致", "as in the sheet of projects")

SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "budget", "预算", "budget", model.Budget,
        (
            Column("year", "年度", "year", "year", True, "预算年度，如 2021", "the fiscal year, such as 2021"),
            Column("code", "部门代码", "code", "code", True),
            Column("name", "部门名称", "name", "text", True, "公开文件封面上的全称", "the full name on the cover"),
            Column("scope", "公开范围", "scope", "choice", True, "部门（含所属单位）或单位", "department or unit", SCOPES),
            Column("dialect", "格式", "dialect", "text", True, "公开格式的代码，如 beijing-xicheng-budget", "the key of a dialect, such as beijing-xicheng-budget"),
            Column("control", "支出控制数", "control figure", "amount", False, "财政局下达的基本支出和项目支出控制数，元；没有则留空", "the finance bureau's control figure for basic and project expenditure in yuan; empty when there is none"),
            Column("asset_date", "资产截止日期", "assets as of", "text", False, "国有资产占用情况的截止日期，如 2020年12月31日", "the day the assets were counted"),
        ),
        "一份预算一行。", "One row: the document itself.", True,
    ),
    Sheet(
        "units", "单位", "units", model.Unit,
        (
            Column("code", "单位代码", "code", "code", True),
            Column("name", "单位名称", "name", "text", True),
            Column("kind", "单位性质", "kind", "choice", True, "决定经济分类怎样对应", "decides which economic codes go together", UNIT_KINDS),
            Column("posts_administrative", "行政编制", "administrative posts", "count"),
            Column("posts_institution", "事业编制", "institution posts", "count"),
            Column("posts_workers", "工勤编制", "worker posts", "count"),
            Column("staff", "实有人数", "staff", "count"),
            Column("retired_early", "离休人数", "early retired", "count"),
            Column("retired", "退休人数", "retired", "count"),
            Column("temporary", "长期聘用临时工", "temporary staff", "count"),
        ),
        "部门本级和所属单位，每个一行，本级在前。", "The department itself first, then its subordinate units.", True, ("code",),
    ),
    Sheet(
        "duties", "主要职责", "duties", model.Duty,
        (Column("text", "职责", "duty", "long", True, "一行一条，不写序号", "one duty a row, without numbers"),),
        "部门的主要职责，按公开的顺序。", "The department's duties in the order they are published.",
    ),
    Sheet(
        "divisions", "内设机构", "divisions", model.Division,
        (Column("name", "机构名称", "name", "text", True), Column("duties", "职责", "duties", "long")),
        "内设机构，每个一行。", "One division a row.", False, ("name",),
    ),
    Sheet(
        "income", "收入", "income", model.Income,
        (
            Column("fund", "资金来源", "source", "choice", True, "", "", FUNDS),
            Column("amount", "本年预算", "amount", "amount", True, "元，应等于用该来源安排的支出加结转下年", "yuan; equals the lines paid from this source plus what is carried out"),
            Column("last", "上年预算", "last year", "amount", True, "元，没有填 0", "yuan, 0 for none"),
            Column("carry_out", "结转下年", "carried out", "amount", False, "元，本年不安排支出、结转下年使用的部分", "yuan; not spent this year but carried to the next"),
        ),
        "每个资金来源一行。", "One source a row.", True, ("fund",),
    ),
    Sheet(
        "lines", "支出明细", "lines", model.Line,
        (
            Column("unit", "单位代码", "unit", "code", True, "“单位”表中的代码", "a code of the sheet of units"),
            Column("function", "功能分类", "function", "function", True, "项级，7 位", "an item, 7 digits"),
            Column("government", "政府经济分类", "government economic", "government", True, "款级，5 位，501–599", "5 digits, 501–599"),
            Column("departmental", "部门经济分类", "departmental economic", "departmental", True, "款级，5 位，301–399", "5 digits, 301–399"),
            Column("nature", "支出性质", "nature", "choice", True, "", "", NATURES),
            Column("project", "项目名称", "project", "text", False, "项目支出必填，与“项目”表一致；基本支出可留空，按经济分类生成", "needed for project expenditure, as in the sheet of projects; may be empty for basic expenditure"),
            Column("fund", "资金来源", "source", "choice", True, "“收入”表中的来源", "a source of the sheet of income", FUNDS),
            Column("amount", "金额", "amount", "amount", True, "元", "yuan"),
        ),
        "部门预算的每一行支出。所有支出表都由这里汇总。", "Every line of expenditure: all tables are summed up from here.", True,
        ("unit", "function", "government", "departmental", "nature", "project", "fund"),
    ),
    Sheet(
        "last_year", "上年数", "last_year", model.LastYear,
        (Column("subject", "事项", "subject", "choice", True, "", "", LAST_YEAR), Column("amount", "上年预算", "amount", "amount", True, "元", "yuan")),
        "上年预算数，用于增减说明；收入和“三公”的上年数填在各自的表。", "Last year's budget, for the comparison; income and the three public expenses have their own column.", False, ("subject",),
    ),
    Sheet(
        "three_public", "三公经费", "three_public", model.ThreePublic,
        (
            Column("item", "事项", "item", "choice", True, "本年数由支出明细得出：30212、30217、31013、30231", "this year's amount follows from the lines: 30212, 30217, 31013, 30231", THREE_PUBLIC),
            Column("last", "上年预算", "last year", "amount", True, "元，没有填 0", "yuan, 0 for none"),
            Column("number_last", "上年数量", "number last year", "count", False, "公务用车填辆数", "of cars"),
            Column("number", "本年数量", "number", "count", False, "公务用车填辆数", "of cars"),
            Column("reason", "变动原因", "reason", "long", False, "与上年不同时必填", "needed when it differs from last year"),
        ),
        "“三公”经费的上年数和数量。", "The three public expenses: last year's amounts and counts.", False, ("item",),
    ),
    Sheet(
        "procurement", "政府采购", "procurement", model.Procurement,
        (
            Column("project", "项目名称", "project", "text", True, *_PROJECT_HELP),
            Column("category", "类别", "category", "choice", True, "", "", CATEGORIES),
            Column("amount", "采购预算", "amount", "amount", True, "元，不超过项目金额", "yuan, not more than the project's"),
            Column("small", "面向中小企业", "for small enterprises", "amount", False, "元", "yuan"),
        ),
        "政府采购预算，每个项目和类别一行。", "Public procurement: a row for each project and category.", False, ("project", "category"),
    ),
    Sheet(
        "catalogue", "购买服务目录", "catalogue", model.Catalogue,
        (Column("code", "目录代码", "code", "code", True, "如 A、A23、A2315", "such as A, A23, A2315"), Column("name", "目录名称", "name", "text", True)),
        "政府购买服务目录中用到的条目，含上级条目。", "The entries of the catalogue that are used, and those above them.", False, ("code",),
    ),
    Sheet(
        "purchased", "政府购买服务", "purchased", model.Purchased,
        (
            Column("number", "项目编码", "number", "code", True),
            Column("catalogue", "目录代码", "catalogue", "code", True, "“购买服务目录”中的代码", "a code of the catalogue"),
            Column("project", "项目名称", "project", "text", True, *_PROJECT_HELP),
        ),
        "政府购买服务项目；金额就是项目的金额。", "Projects that purchase services; the amount is the project's.", False, ("project",),
    ),
    Sheet(
        "transfers", "专项转移支付", "transfers", model.Transfer,
        (Column("project", "项目名称", "project", "text", True, *_PROJECT_HELP), Column("document", "指标文号", "document", "text", True)),
        "由上级专项转移支付安排的项目。", "Projects paid from a special transfer.", False, ("project",),
    ),
    Sheet(
        "assets", "国有资产", "assets", model.Asset,
        (
            Column("item", "事项", "item", "choice", True, "", "", ASSETS),
            Column("number", "数量", "number", "count"),
            Column("value", "价值", "value", "amount", False, "元", "yuan"),
            Column("planned_number", "本年购置数量", "to be bought", "count"),
            Column("planned_value", "本年购置金额", "to be spent", "amount", False, "元", "yuan"),
        ),
        "国有资产占用情况。", "State assets.", False, ("item",),
    ),
    Sheet(
        "projects", "项目", "projects", model.Project,
        (
            Column("name", "项目名称", "name", "text", True),
            Column("targets", "申报绩效目标", "targets", "yes", True, "是：必须有“项目绩效目标”和“绩效指标”", "yes: it needs its target form and indicators"),
            Column("division", "负责处室", "division", "text", False, "写处室，不写个人姓名和电话", "the division, no person's name or telephone"),
            Column("attribute", "项目属性", "attribute", "text", False, "如 延续性", "such as continuing"),
            Column("period", "项目期", "period", "text", False, "如 1年", "such as one year"),
            Column("overview", "项目概述", "overview", "long"),
            Column("basis", "立项依据", "basis", "long"),
            Column("implementation", "实施方案", "implementation", "long"),
        ),
        "每个项目一行；金额由支出明细得出。", "One project a row; its amount follows from the lines.", False, ("name",),
    ),
    Sheet(
        "department_targets", "部门整体目标", "department_targets", model.DepartmentTarget,
        (
            Column("kind", "类别", "kind", "choice", True, "", "", TARGET_KINDS),
            Column("name", "名称", "name", "text", False, "指标名称；总体目标可留空", "the indicator's name"),
            Column("content", "内容", "content", "long", True),
        ),
        "部门整体支出绩效目标和指标。", "Targets of the department as a whole.",
    ),
    Sheet(
        "targets", "项目绩效目标", "targets", model.Target,
        (
            Column("project", "项目名称", "project", "text", True, *_PROJECT_HELP),
            Column("midterm_from", "中期起始年", "mid-term from", "year"),
            Column("midterm_to", "中期终止年", "mid-term to", "year"),
            Column("midterm_fiscal", "中期财政拨款", "mid-term appropriation", "amount", False, "元", "yuan"),
            Column("midterm_other", "中期其他资金", "mid-term other money", "amount", False, "元", "yuan"),
            Column("midterm_goal", "中期目标", "mid-term goal", "long"),
            Column("annual_goal", "年度目标", "annual goal", "long", True),
        ),
        "项目绩效目标；年度资金由支出明细得出。", "Projects' targets; the annual money follows from the lines.", False, ("project",),
    ),
    Sheet(
        "indicators", "绩效指标", "indicators", model.Indicator,
        (
            Column("project", "项目名称", "project", "text", True, *_PROJECT_HELP),
            Column("period", "期间", "period", "choice", True, "", "", PERIODS),
            Column("kind", "二级指标", "kind", "choice", True, "一级指标由此得出", "the first level follows from it", INDICATORS),
            Column("name", "三级指标", "name", "text", True),
            Column("value", "指标值", "value", "text", True, "如 ≥98%、123人", "such as ≥98% or 123 people"),
        ),
        "项目的三级绩效指标，每个一行，按公开的顺序。", "Projects' indicators, one a row, in the order they are published.", False, ("project", "period", "kind", "name"),
    ),
    Sheet(
        "reasons", "变动原因", "reasons", model.Reason,
        (Column("subject", "事项", "subject", "choice", True, "", "", REASONS), Column("text", "主要原因", "reason", "long", True, "接在“主要原因是”之后，不写句号", "what follows “mainly because”, without a full stop")),
        "与上年不同的数为什么不同。", "Why a figure differs from last year's.", False, ("subject",),
    ),
    Sheet(
        "evaluations", "绩效评价", "evaluations", model.Evaluation,
        (Column("year", "评价年度", "year", "year", True), Column("project", "项目名称", "project", "text", True), Column("score", "得分", "score", "score", True)),
        "已完成的绩效评价；等级由得分得出。", "Evaluations that were made; the grade follows from the score.", False, ("year", "project"),
    ),
    Sheet(
        "purposes", "科目用途", "purposes", model.Purpose,
        (Column("function", "功能分类", "function", "function", True), Column("text", "主要用途", "purpose", "long", True, "接在“主要用于”之后，不写句号", "what follows “mainly used for”, without a full stop")),
        "各功能分类科目的主要用途（上海格式需要）。", "What the money under each functional item is for (the Shanghai dialect needs it).", False, ("function",),
    ),
    Sheet(
        "codes", "补充科目", "codes", model.ExtraCode,
        (
            Column("classification", "分类", "classification", "choice", True, "", "", CLASSIFICATIONS),
            Column("code", "科目编码", "code", "code", True),
            Column("name", "科目名称", "name", "text", True),
        ),
        "内置科目表没有的科目，名称以财政部当年科目为准。", "Codes that the built-in classifications lack, with their official names.", False, ("classification", "code"),
    ),
)  # fmt: skip


_BY_KEY = {one.key: one for one in SHEETS}


def sheet(key: str) -> Sheet:
    """The sheet of a key. Raises KeyError for a key that none has."""
    return _BY_KEY[key]
