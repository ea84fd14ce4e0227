"""A ledger rebuilt from a published budget, as far as the document tells, and what it does not tell.

A publication sums up: what it does not print line by line is not guessed at. Each thing that stays unknown is one
message that names it and says where it would have to come from.
"""

import re

from zhengwu.dialects.classifications import normalise_name
from zhengwu.ledger.amounts import Amounts
from zhengwu.ledger.model import Budget, ExtraCode, Ledger, Line, Project
from zhengwu.ledger.rebuild_facts import Told, Unknown, named, one_line
from zhengwu.ledger.rebuild_forms import Form, department_targets_of, forms_of, purchased_of, transfers_of
from zhengwu.ledger.rebuild_lines import income_of, lines_of
from zhengwu.ledger.rebuild_text import (
    against_last,
    assets_of,
    described_projects,
    divisions_of,
    duties_of,
    evaluations_of,
    last_year_of,
    procurement_said,
    purposes_of,
    reasons_of,
    three_public_of,
    units_of,
)
from zhengwu.ledger.values import CLASSIFICATIONS
from zhengwu.model.disclosure import Disclosure
from zhengwu.model.message import Message, RefusedError
from zhengwu.recognition.words import squeeze

_SCOPE = re.compile(r"20\d\d年度?(?:区级|市级|县级|省级|本级)?(部门|单位)预算")
_PRINTED_CODE = re.compile(r"(?:部门|单位)(?:预算)?(?:代码|编码)[:：](\d{3,})")


def rebuilt(disclosure: Disclosure) -> tuple[Ledger, tuple[Message, ...]]:
    """The ledger that a published budget tells of, and a sentence for each thing that it does not tell.

    Codes and names that are not printed stay "", numbers None; amounts are in 分. Lines from a document without a
    detail table have no economic codes and, where they are projects, no names. Raises RefusedError for final accounts
    and for a document without tables of expenditure.
    """
    if disclosure.kind == "final":
        raise RefusedError(
            "final-accounts",
            "这是决算，台账只能从预算公开文件重建；请给出同一年度的预算。",
            "These are final accounts; a ledger is rebuilt from a published budget only: give the budget of the year.",
        )
    if disclosure.year is None:
        raise RefusedError(
            "no-year",
            "文件没有写明预算年度，无法重建台账；请确认文件完整。",
            "The document does not say which year its budget is for, so no ledger can be rebuilt; check that it is whole.",
        )
    told, unknown = Told(disclosure, disclosure.year), Unknown()
    spoken = against_last(told)
    forms = forms_of(told, [line.project for line in disclosure.lines], unknown)
    budget = _budget(told, disclosure.year, forms, unknown)
    income = income_of(told, spoken.get("income"), unknown)
    lines = lines_of(told, budget.code, income, unknown)
    units = units_of(told, budget, lines, unknown)
    reasons, sheet = reasons_of(told)
    as_of, assets = assets_of(told, unknown)
    catalogue, purchased = purchased_of(told, budget.code)
    ledger = Ledger(
        disclosure.source.name,
        budget._replace(asset_date=as_of),
        units=units,
        duties=duties_of(told),
        divisions=divisions_of(told),
        income=income,
        lines=lines,
        last_year=last_year_of(told, spoken, unknown),
        catalogue=catalogue,
        purchased=purchased,
        transfers=transfers_of(told),
        assets=assets,
        projects=_projects(told, lines, forms, unknown),
        department_targets=department_targets_of(told),
        targets=tuple(form.target for form in forms),
        indicators=tuple(indicator for form in forms for indicator in form.indicators),
        reasons=sheet,
        evaluations=evaluations_of(told),
        codes=_codes(disclosure, lines),
    )
    amounts = Amounts(ledger)
    ledger = ledger._replace(
        three_public=three_public_of(told, amounts, reasons, unknown), purposes=purposes_of(told, amounts)
    )
    procurement_said(told, ledger, unknown)
    _said_texts(ledger, unknown)
    _said_last(told, ledger, unknown)
    return ledger, unknown.messages()


def _said_texts(ledger: Ledger, unknown: Unknown) -> None:
    """Texts are taken only where they are clearly a list; a count of cars only where a sentence gives it."""
    if not ledger.duties:
        unknown.say(
            "主要职责没有列成编号的条目，未带入；要从职能配置规定取得。",
            "Duties are not a numbered list and are left out; they would have to come from the rules on the department's functions.",
        )
    if not ledger.divisions:
        unknown.say(
            "内设机构没有列成编号的条目，未带入；要从机构编制批文取得。",
            "Divisions are not a numbered list and are left out; they would have to come from the department's founding document.",
        )
    if all(row.number is None for row in ledger.three_public if row.item.startswith("car_")):
        unknown.say(
            "公务用车的数量没有印出；要从资产台账取得。",
            "The number of official cars is not printed; it would have to come from the register of assets.",
        )


def _budget(told: Told, year: int, forms: tuple[Form, ...], unknown: Unknown) -> Budget:
    disclosure = told.disclosure
    code = next((form.department_code for form in forms if form.department_code), "") or _code_in_tables(told)
    if not code:
        printed = [match for text in told.paragraphs if (match := _PRINTED_CODE.search(squeeze(text)))]
        code = printed[0][1] if printed else ""
    titles = [*told.paragraphs[:12], *(table.title for table in disclosure.tables)]
    scope = next((match[1] for title in titles if (match := _SCOPE.search(squeeze(title)))), "部门")
    if not code:
        unknown.say(
            "部门代码没有印出，留空；要从财政部门的预算单位名录取得。",
            "The department's code is not printed and stays empty; it would have to come from the finance bureau's list.",
        )
    if not disclosure.dialect:
        unknown.say(
            "没有认出公开格式，“格式”留空；再次发布前请填写。",
            "The dialect was not recognised and stays empty; fill it in before publishing again.",
        )
    unknown.say(
        "支出控制数不公开，留空；要从财政部门下达的控制数文件取得。",
        "The control figure is not published and stays empty; it would have to come from the finance bureau's notice.",
    )
    return Budget(year, code, disclosure.unit, "unit" if scope == "单位" else "department", disclosure.dialect)


def _code_in_tables(told: Told) -> str:
    """The code that the list of purchased services prints beside the department's name."""
    for table in told.tables("purchased_services"):
        for row in table.rows[:3]:
            texts = [one_line(cell.text) if cell else "" for cell in row.cells[:2]]
            if len(texts) == 2 and texts[0].isdecimal() and texts[1] == told.disclosure.unit:
                return texts[0]
    return ""


def _projects(told: Told, lines: tuple[Line, ...], forms: tuple[Form, ...], unknown: Unknown) -> tuple[Project, ...]:
    """Projects: those with targets in the order of their forms, then the others in that of the lines."""
    found = {form.project.name: form.project for form in forms}
    by_name = {squeeze(name): name for name in found}
    listed = [
        one_line(cell.text)
        for table in told.tables("target_directory")
        for row in table.rows
        for column, cell in zip(table.columns, row.cells, strict=False)
        if column.role == "project" and cell and row.kind == "item" and cell.text.strip()
    ]
    without = [name for name in listed if squeeze(name) not in by_name and name != "无"]
    for line in lines:
        if line.nature == "project" and line.project and squeeze(line.project) not in by_name:
            by_name[squeeze(line.project)] = line.project
            found[line.project] = Project(line.project, False)
    for name, described in described_projects(told).items():
        known = found.get(by_name.get(squeeze(name), name), Project(name, False))
        found[known.name] = known._replace(
            division=known.division or described.division,
            period=known.period or described.period,
            overview=described.overview, basis=described.basis, implementation=described.implementation,
        )  # fmt: skip
    if without:
        unknown.say(
            f"目录中有而没有申报表的项目，其绩效目标没有印出：{'、'.join(without)}；要从项目申报文本取得。",
            f"Projects of the directory without a form, whose targets are not printed: {', '.join(without)}; they would have to "
            "come from the projects' applications.",
        )
    _said_targets(told, forms, unknown)
    return tuple(found.values())


def _said_targets(told: Told, forms: tuple[Form, ...], unknown: Unknown) -> None:
    count = next((claim for claim in told.disclosure.claims if claim.kind == "count" and claim.subject == "target_forms" and claim.stated), None)  # fmt: skip
    if count is None or count.stated is None or int(count.stated.value) <= len(forms):
        return
    number, amount = int(count.stated.value), told.amount("targets")
    money = f"（共 {named(amount)} 元）" if amount else ""
    money_en = f" (of {named(amount)} yuan)" if amount else ""
    unknown.say(
        f"文字说有 {number} 个项目{money}编报绩效目标，文件中只有 {len(forms)} 张申报表；其余项目的目标和指标要从项目申报文本取得。",
        f"The text speaks of {number} projects{money_en} with targets, the document has {len(forms)} forms; the other targets "
        "and indicators would have to come from the projects' applications.",
    )


def _codes(disclosure: Disclosure, lines: tuple[Line, ...]) -> tuple[ExtraCode, ...]:
    """Codes of the lines, and those above them, that no classification knows, under the names that are printed."""
    names = {(use.axis, use.code): one_line(use.name) for use in disclosure.names}
    found: dict[tuple[str, str], str] = {}
    for line in lines:
        for axis, lengths in (("function", (3, 5, 7)), ("government", (3, 5)), ("departmental", (3, 5))):
            for length in lengths:
                code = getattr(line, axis)[:length]
                printed = names.get((axis, code))
                if len(code) == length and code not in CLASSIFICATIONS[axis]() and printed:
                    found[axis, code] = normalise_name(printed)
    return tuple(ExtraCode(axis, code, name) for (axis, code), name in sorted(found.items()))


def _said_last(told: Told, ledger: Ledger, unknown: Unknown) -> None:
    """Last year's income and the expenditure by nature of the same budget should agree."""
    income = [row.last for row in ledger.income]
    spent = [row.amount for row in ledger.last_year if row.subject != "operating"]
    if income and None not in income and len(spent) > 1:
        received = sum(last or 0 for last in income)
        if received != sum(spent):
            unknown.say(
                f"印出的上年收入 {named(received)} 元与上年各项支出之和 {named(sum(spent))} 元不等；请用上年的公开预算核对。",
                f"Last year's income is printed as {named(received)} yuan and its expenditure adds up to {named(sum(spent))}; "
                "check them against last year's published budget.",
            )
