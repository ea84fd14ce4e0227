"""Addresses of the app budgets."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter, StringConverter

from zhengwu.web.budgets import (
    adjustment_views,
    bureau_views,
    control_views,
    grid_views,
    library_entry_views,
    library_views,
    publication_views,
    version_views,
    views,
)

app_name = "budgets"


class _Key(IntConverter):
    """A number that a database holds."""

    regex = "[1-9][0-9]{0,8}"


class _Preview(StringConverter):
    """A format in which a budget is seen before it is published."""

    regex = "html|docx|xlsx|pdf"


register_converter(_Key, "key")
register_converter(_Preview, "preview")

urlpatterns = [
    path("", views.desk, name="desk"),
    path("notices/seen/", views.notices_seen, name="notices-seen"),
    path("delegations/", views.delegations, name="delegations"),
    path("delegations/<key:pk>/end/", views.delegation_end, name="delegation-end"),
    path("<key:pk>/", views.budget, name="budget"),
    path("<key:pk>/move/<slug:move>/", views.move, name="move"),
    path("<key:pk>/ledger/asset-date/", grid_views.asset_date, name="asset-date"),
    path("<key:pk>/remarks/", views.remark, name="remark"),
    path("<key:pk>/remarks/<key:remark>/settle/", views.remark_settle, name="remark-settle"),
    path("<key:pk>/notes/<slug:note>/", views.note, name="note"),
    path("<key:pk>/ledger/", grid_views.ledger, name="ledger"),
    path("<key:pk>/ledger/rows/", grid_views.rows, name="ledger-rows"),
    path("<key:pk>/ledger/save/", grid_views.save, name="ledger-save"),
    path("<key:pk>/ledger/check/", grid_views.check, name="ledger-check"),
    path("<key:pk>/ledger/codes/", grid_views.codes, name="ledger-codes"),
    path("<key:pk>/ledger/workbook/", grid_views.workbook, name="ledger-workbook"),
    path("<key:pk>/ledger/workbook/take/", grid_views.workbook_take, name="ledger-take"),
    path("<key:pk>/versions/", version_views.versions, name="versions"),
    path("<key:pk>/versions/compare/", version_views.compare, name="compare"),
    path("<key:pk>/history/", version_views.history, name="history"),
    path("<key:pk>/adjustments/", adjustment_views.adjustment_list, name="adjustments"),
    path("<key:pk>/adjustments/<key:number>/", adjustment_views.adjustment, name="adjustment"),
    path("<key:pk>/adjustments/<key:number>/<slug:move>/", adjustment_views.adjustment_move, name="adjustment-move"),
    path("<key:pk>/publication/", publication_views.publish, name="publish"),
    path("<key:pk>/publication/preview/<preview:form>", publication_views.preview, name="preview"),
    path("<key:pk>/publication/reasons/", publication_views.reasons_save, name="reasons"),
    path("projects/", library_views.projects, name="projects"),
    path("projects/add/", library_views.project_add, name="project-add"),
    path("projects/rank/<key:unit>/", library_views.library_rank, name="library-rank"),
    path("projects/<key:pk>/", library_views.project, name="project"),
    path("projects/<key:pk>/change/", library_views.project_change, name="project-change"),
    path("projects/<key:pk>/state/", library_views.project_state, name="project-state"),
    path("projects/<key:pk>/indicators/", library_views.project_indicators, name="project-midterm"),
    path("projects/<key:pk>/years/<key:year>/", library_views.project_year, name="project-year"),
    path("projects/<key:pk>/years/<key:year>/indicators/", library_views.project_indicators, name="project-indicators"),
    path("projects/<key:pk>/attachments/", library_views.project_attach, name="project-attach"),
    path("projects/<key:pk>/attachments/<key:attachment>/", library_views.project_file, name="project-file"),
    path("projects/<key:pk>/attachments/<key:attachment>/remove/", library_views.project_detach, name="project-detach"),
    path("<key:pk>/projects/", library_entry_views.budget_projects, name="budget-projects"),
    path("<key:pk>/projects/enter/", library_entry_views.budget_enter, name="budget-enter"),
    path("<key:pk>/projects/leave/", library_entry_views.budget_leave, name="budget-leave"),
    path("<key:pk>/rollup/", bureau_views.rollup, name="rollup"),
    path("<key:pk>/control/", control_views.control, name="control"),
    path("<key:pk>/begin/", control_views.begin, name="begin"),
    path("<key:pk>/begin/copy/", control_views.begin_copy, name="begin-copy"),
    path("<key:pk>/begin/earlier/", control_views.begin_earlier, name="begin-earlier"),
    path("years/", bureau_views.years_list, name="years"),
    path("years/open/", bureau_views.year_open, name="year-open"),
    path("years/<key:year>/", bureau_views.board, name="board"),
    path("years/<key:year>/change/", bureau_views.year_change, name="year-change"),
    path("years/<key:year>/close/", bureau_views.year_close, name="year-close"),
    path("years/<key:year>/totals/", bureau_views.totals, name="totals"),
    path("years/<key:year>/units/", bureau_views.year_units, name="year-units"),
    path("years/<key:year>/units/start/", bureau_views.year_start, name="year-start"),
    path("years/<key:year>/units/merge/", bureau_views.units_merge, name="units-merge"),
    path("years/<key:year>/exports/", bureau_views.export_list, name="exports"),
    path("years/<key:year>/exports/progress/", bureau_views.export_progress, name="exports-progress"),
    path("years/<key:year>/exports/<key:pk>/<slug:form>/", bureau_views.export_file, name="export-file"),
    path("years/<key:year>/control/", control_views.controls, name="controls"),
    path("years/<key:year>/control/fill/", control_views.controls_fill, name="controls-fill"),
    path("years/<key:year>/control/give/", control_views.controls_give, name="controls-give"),
    path("years/<key:year>/control/workbook/", control_views.controls_workbook, name="controls-workbook"),
    path("years/<key:year>/control/take/", control_views.controls_take, name="controls-take"),
    path("years/<key:year>/standards/", control_views.standards, name="standards"),
]
