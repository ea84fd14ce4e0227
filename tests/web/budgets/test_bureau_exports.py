"""All departments' tables in one workbook and one PDF: complete, marked, opened again by our own reader."""

import io
from pathlib import Path

import openpyxl
import pytest
from django.utils import timezone
from pypdf import PdfReader

from tests.web.budgets.conftest import small
from tests.web.budgets.test_cycle import approved
from zhengwu.model.document import Grid, Paragraph
from zhengwu.model.message import RefusedError
from zhengwu.reading import read
from zhengwu.web.budgets import exports
from zhengwu.web.budgets.models import Budget, Export, ExportState
from zhengwu.web.budgets.rows import Change, rows_save
from zhengwu.web.common.models import AuditEvent


@pytest.fixture(autouse=True)
def _files(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"


def made(desk, *, drafts: bool) -> Export:
    one = exports.export_start(actor=desk.reviewer, year=desk.budget().year, drafts=drafts, now=timezone.now())
    assert exports.run_pending() == 1
    one.refresh_from_db()
    return one


def other(desk) -> Budget:
    return Budget.objects.select_related("unit", "year").get(unit=desk.foreign, year__year=2022)


def texts(path: Path) -> list[str]:
    """Every cell and paragraph that our own reader finds."""
    blocks = read(path.read_bytes(), path.name).blocks
    cells = [cell.text for grid in blocks if isinstance(grid, Grid) for row in grid.rows for cell in row]
    return cells + [one.text for one in blocks if isinstance(one, Paragraph)]


def test_approved_departments_stand_in_it_and_the_others_are_named(desk):
    approved(desk)
    one = made(desk, drafts=False)
    assert one.state == ExportState.DONE
    assert one.done == one.total
    assert [zh for zh, _ in one.said] == ["990 示例区财政局 未列入：1 份预算尚未批复"]
    book = openpyxl.load_workbook(io.BytesIO(one.workbook.read()))
    names = book.sheetnames
    code = desk.unit.code
    assert names[:5] == ["目录", "表1", "表2", "表3", "表4"]
    assert names[5] == f"{code} 表一"
    assert not any(name.startswith("990") for name in names)
    links = [cell.hyperlink.location for row in book["目录"].iter_rows() for cell in row if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in names[1:]]
    sheet = book["表1"]
    total = next(row for row in sheet.iter_rows(values_only=True) if row[1] == "合计")
    assert total[2] == pytest.approx(60_403_595.94)
    assert total[3] + total[4] == pytest.approx(total[2])
    income = list(book["表4"].iter_rows(values_only=True))
    assert [row[0] for row in income[3:]] == ["一般公共预算拨款", "合计"]
    assert income[-1][1] == pytest.approx(60_403_595.94)
    detail = book[f"{code} 表九"]
    assert any(60_403_595.94 in row for row in detail.iter_rows(values_only=True))


def test_files_are_read_again_by_our_own_reader(desk):
    approved(desk)
    one = made(desk, drafts=False)
    for field in (one.workbook, one.pdf):
        found = texts(Path(field.path))
        assert "60,403,595.94" in found, field.name
        assert any("表九" in text for text in found)
    reader = PdfReader(one.pdf.path)
    assert reader.metadata.title == "2022年部门预算"
    titles = [mark.title for mark in reader.outline if not isinstance(mark, list)]
    assert titles[-2:] == ["汇总", f"{desk.unit.code} {desk.unit.name}"]


def test_drafts_are_marked_everywhere(desk):
    approved(desk)
    small(desk, other(desk), desk.stranger)
    one = made(desk, drafts=True)
    assert one.said == []
    book = openpyxl.load_workbook(io.BytesIO(one.workbook.read()))
    rows = [row for row in book["表1"].iter_rows(values_only=True) if row[0] in (desk.unit.code, "990")]
    assert [row[1].endswith("（草案）") for row in rows] == [False, True]
    assert rows[1][2:8] == (1000, 1000, 0, 0, 1000, 0)
    assert book["990 表一"]["A1"].value.endswith("（草案）")
    assert "草案" in book["目录"]["A1"].value
    assert not str(book[f"{desk.unit.code} 表一"]["A1"].value).endswith("（草案）")


def test_unfinished_draft_does_not_stop_the_export(desk):
    approved(desk)
    rows_save(
        actor=desk.stranger, budget=other(desk), sheet_key="lines", now=timezone.now(),
        changes=[Change("a", None, {"amount": "5"}), Change("b", None, {"function": "2010301", "nature": "project", "amount": "7"})],
    )  # fmt: skip
    one = made(desk, drafts=True)
    assert one.state == ExportState.DONE
    book = openpyxl.load_workbook(io.BytesIO(one.workbook.read()))
    row = next(row for row in book["表1"].iter_rows(values_only=True) if row[0] == "990")
    assert row[2] == 12
    assert "“支出明细”表第 2 行“功能分类”列还没有填写" in one.said[0][0]


def test_long_pdf_is_set_in_chapters_and_bound_with_right_pages(desk, monkeypatch):
    approved(desk)
    small(desk, other(desk), desk.stranger)
    monkeypatch.setattr(exports, "MOST_ROWS", 100)
    one = made(desk, drafts=True)
    reader = PdfReader(one.pdf.path)
    pages = [page.extract_text() for page in reader.pages]
    contents = next(text for text in pages if "表十三-1" in text and "…" in text)
    line = next(line for line in contents.splitlines() if line.startswith("表十三-1："))
    number = int(line.rpartition("…")[2])
    printed = next(text for text in pages if "表十三-1：" in text and "…" not in text)
    assert f"— {number} —" in printed
    assert pages.index(printed) == number  # the cover has no number
    titles = [mark.title for mark in reader.outline if not isinstance(mark, list)]
    assert titles[-3:] == ["汇总", f"{desk.unit.code} {desk.unit.name}", "990 示例区财政局（草案）"]


def test_cover_names_the_authority_and_changes_are_numbers(desk, settings):
    settings.BUREAU = "示例区财政局预算处"
    desk.opened()
    budget = small(desk, other(desk), desk.stranger)
    line = budget.rows.filter(sheet="lines").first()
    rows_save(
        actor=desk.stranger, budget=budget, sheet_key="lines", now=timezone.now(),
        changes=[Change("", line.pk, {"amount": "556.78"}, {"amount": "600.00"})],
    )  # fmt: skip
    one = made(desk, drafts=True)
    assert "示例区财政局预算处" in PdfReader(one.pdf.path).pages[0].extract_text()
    book = openpyxl.load_workbook(io.BytesIO(one.workbook.read()))
    cell = next(row for row in book["表1"].iter_rows() if row[0].value == "990")[8]
    assert (cell.value, cell.number_format) == (-4.32, "#,##0.00")


def test_only_a_reviewer_asks_and_twice_is_once(desk):
    desk.opened()
    year = desk.budget().year
    for who in ("officer", "head", "auditor", "administrator"):
        with pytest.raises(RefusedError) as info:
            exports.export_start(actor=desk.people[who], year=year, drafts=False, now=timezone.now())
        assert info.value.code == "not-allowed"
    first = exports.export_start(actor=desk.reviewer, year=year, drafts=False, now=timezone.now())
    assert exports.export_start(actor=desk.reviewer, year=year, drafts=False, now=timezone.now()) == first
    assert AuditEvent.objects.filter(action="budget.export").count() == 1


def test_nothing_approved_fails_with_the_reason(desk):
    desk.opened()
    one = made(desk, drafts=False)
    assert one.state == ExportState.FAILED
    assert "没有可以导出的部门" in one.said[0][0]
    assert not one.workbook


def test_export_whose_worker_died_is_taken_up_again_and_given_up_after_that(desk):
    desk.opened()
    one = exports.export_start(actor=desk.reviewer, year=desk.budget().year, drafts=False, now=timezone.now())
    assert exports.take(timezone.now()) == one
    assert exports.take(timezone.now()) is None  # under its lease
    late = timezone.now() + 2 * exports.LEASE
    again = exports.take(late)
    assert (again, again.attempts) == (one, 2)
    assert exports.take(late + 2 * exports.LEASE) is None
    one.refresh_from_db()
    assert one.state == ExportState.FAILED
