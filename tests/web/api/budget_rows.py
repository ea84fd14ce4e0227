"""The permission matrix of the API of the budget desk: every operation, every role, for a budget and a project of the
own unit, of a foreign one and of one below. A reviewed table.

``own`` has one status for each of ``matrix.ROLES``, with a token of every scope; ``foreign`` one for officer and head;
``below`` one for the officer of the unit above; ``scope`` is the one without which a token is refused.
"""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web.api.budget_case import BudgetCase, BudgetRow, act, adjust, budget_case, file, given
from tests.web.api.bureau_rows import BUREAU
from tests.web.budgets.conftest import DIALECT

__all__ = ["ROWS", "BudgetCase", "BudgetRow", "budget_case"]
_IN, _NOT = "401 200 200 200 200 200", "404 404"
_OFFICER, _REVIEWER = "401 200 403 403 403 403", "401 403 403 200 403 403"
_BUDGET, _LIBRARY = "/budgets/{budget}", "/library/projects"
_READ = ("rows/lines", "faults", "figures", "remarks", "notes", "projects", "ledger", "workbook", "versions", "history")
_NAMES = {"rows/lines": "rows"}


def _files(_one: BudgetCase) -> dict[str, Any]:
    return {"files": [SimpleUploadedFile("b.txt", b"1")]}


def _moves(state: str, move: str, own: str, below: str) -> BudgetRow:
    return BudgetRow(
        "move_budget", f"{_BUDGET}/moves", own, _NOT, below, "budget-step", state, act(move=move, reason="r")
    )


ROWS = (
    *(BudgetRow(name, address, _IN, "200 200", "200") for name, address in (("budget_years", "/budget-years"), ("budgets", "/budgets"), ("library_projects", _LIBRARY))),
    BudgetRow("budget", _BUDGET, _IN, _NOT, "200"),
    *(BudgetRow(f"budget_{_NAMES.get(one, one)}", f"{_BUDGET}/{one}", _IN, _NOT, "200") for one in (*_READ, "adjustments", "publication")),
    BudgetRow("budget_difference", f"{_BUDGET}/difference?old=now", _IN, _NOT, "200"),
    BudgetRow("budget_adjustment", f"{_BUDGET}/adjustments/1", _IN, _NOT, "200", state="approved"),
    BudgetRow("library_project", f"{_LIBRARY}/{{project}}", _IN, _NOT, "200"),
    BudgetRow("open_year", "/budget-years", "401 403 403 201 403 403", "403 403", "403", "budget", body=given(year=2030, dialect=DIALECT)),
    BudgetRow("start_budget", "/budget-years/{year}/budgets", "401 403 403 201 403 403", "403 403", "403", "budget", body=lambda one: {"unit": one.budget.unit.code}),
    BudgetRow("save_rows", f"{_BUDGET}/rows/duties", _OFFICER, _NOT, "403", "budget", body=given(changes=[{"name": "n", "cells": {"text": "t"}}])),
    # An empty draft is not handed in; who may try is told what is missing.
    _moves("first_draft", "hand-in", "401 422 403 403 403 403", "403"),
    _moves("first_signing", "send-back", "401 403 200 403 403 403", "403"),
    _moves("first_submitted", "return", _REVIEWER, "403"),
    _moves("second_submitted", "approve", "401 403 403 422 403 403", "403"),
    BudgetRow("add_remark", f"{_BUDGET}/remarks", "401 201 201 201 403 403", _NOT, "201", "budget", body=given(text="t")),
    BudgetRow("settle_remark", f"{_BUDGET}/remarks/{{remark}}/settlement", "401 200 200 200 403 403", _NOT, "200", "budget", body=given()),
    BudgetRow("decide_note", f"{_BUDGET}/notes/{{note}}/decision", _OFFICER, _NOT, "403", "budget", body=act(kept=True)),
    BudgetRow("set_asset_date", f"{_BUDGET}/asset-date", _OFFICER, _NOT, "403", "budget", body=act(date="2021年12月31日")),
    BudgetRow("set_figures", f"{_BUDGET}/figures", _REVIEWER, _NOT, "403", "budget", body=act(figures=[{"amount": "1"}])),
    # There is no year before.
    BudgetRow("copy_forward", f"{_BUDGET}/copy", "401 404 403 403 403 403", _NOT, "403", "budget", body=act()),
    BudgetRow("take_workbook", f"{_BUDGET}/workbook", "401 422 403 403 403 403", _NOT, "403", "budget", body=file, files=True),
    BudgetRow("open_adjustment", f"{_BUDGET}/adjustments", "401 201 403 403 403 403", _NOT, "403", "budget", "approved", given(version=1, reason="r")),
    # Its base is no sound ledger: who may change it is told so; so is who may publish it.
    BudgetRow("set_adjustment", f"{_BUDGET}/adjustments/1/changes", "401 422 403 403 403 403", _NOT, "403", "budget", "approved", adjust(changes=[])),
    BudgetRow("move_adjustment", f"{_BUDGET}/adjustments/1/moves", "401 403 200 403 403 403", _NOT, "403", "budget-step", "approved", adjust(move="send-back", reason="r"), "signing"),
    BudgetRow("move_adjustment", f"{_BUDGET}/adjustments/1/moves", _REVIEWER, _NOT, "403", "budget-step", "approved", adjust(move="refuse", reason="r"), "submitted"),
    BudgetRow("move_adjustment", f"{_BUDGET}/adjustments/1/moves", _OFFICER, _NOT, "403", "budget-step", "approved", adjust(move="withdraw", reason="r")),
    BudgetRow("publish_budget", f"{_BUDGET}/publication", "401 403 422 403 403 403", _NOT, "403", "budget-step", "approved", given(version=1)),
    BudgetRow("add_project", _LIBRARY, "401 201 403 403 403 403", "404 403", "404", "budget", body=lambda one: {"name": "q", "starts": 2022, "unit": one.budget.unit.code}),
    BudgetRow("change_project", f"{_LIBRARY}/{{project}}", _OFFICER, _NOT, "403", "budget", body=given(name="p", starts=2021, revision=0)),
    BudgetRow("set_project_state", f"{_LIBRARY}/{{project}}/state", _OFFICER, _NOT, "403", "budget", body=given(state="ended", revision=0)),
    BudgetRow("set_project_year", f"{_LIBRARY}/{{project}}/years/{{year}}", _OFFICER, _NOT, "403", "budget", body=given(amount="1", revision=0)),
    BudgetRow("set_project_indicators", f"{_LIBRARY}/{{project}}/years/0/indicators", _OFFICER, _NOT, "403", "budget", body=given(indicators=[], revision=0)),
    BudgetRow("rank_projects", "/library/ranking", "401 403 200 403 403 403", "403 404", "403", "budget", body=lambda one: {"unit": one.budget.unit.code, "order": [one.project.pk], "before": []}),
    BudgetRow("enter_projects", f"{_BUDGET}/projects", _OFFICER, _NOT, "403", "budget", body=lambda one: {"projects": [one.project.pk]}),
    BudgetRow("leave_project", f"{_BUDGET}/projects/leaving", _OFFICER, _NOT, "403", "budget", body=given(name="p")),
    BudgetRow("take_earlier", f"{_BUDGET}/earlier", "401 422 403 403 403 403", _NOT, "403", "budget", body=file, files=True),
    BudgetRow("budget_codes", f"{_BUDGET}/codes/function", _IN, _NOT, "200"),
    # Nothing of it can be printed: who may see it is told so.
    BudgetRow("budget_preview", f"{_BUDGET}/publication/files/xlsx", "401 422 422 422 422 422", _NOT, "422"),
    BudgetRow("project_history", f"{_LIBRARY}/{{project}}/history", _IN, _NOT, "200"),
    BudgetRow("project_attachments", f"{_LIBRARY}/{{project}}/attachments", _IN, _NOT, "200"),
    BudgetRow("project_attachment", f"{_LIBRARY}/{{project}}/attachments/{{attachment}}", _IN, _NOT, "200"),
    BudgetRow("attach_files", f"{_LIBRARY}/{{project}}/attachments", "401 201 403 403 403 403", _NOT, "403", "budget", body=_files, files=True),
    BudgetRow("remove_attachment", f"{_LIBRARY}/{{project}}/attachments/{{attachment}}/removal", _OFFICER, _NOT, "403", "budget", body=given()),
    *BUREAU,
)  # fmt: skip
