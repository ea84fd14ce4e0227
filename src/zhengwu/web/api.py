"""The API of the platform, /api/v1/: the open book for everybody, the desks for who may."""

from zhengwu import __version__
from zhengwu.web.api_acts import router as acts
from zhengwu.web.api_adjustments import router as adjustments
from zhengwu.web.api_answers import Api, register_errors, takes_its_type
from zhengwu.web.api_attachments import router as attachments
from zhengwu.web.api_budget_rows import router as budget_rows
from zhengwu.web.api_budget_versions import router as budget_versions
from zhengwu.web.api_budgets import router as budgets
from zhengwu.web.api_bureau import router as bureau
from zhengwu.web.api_common import FixedWindow
from zhengwu.web.api_desk import router as desk
from zhengwu.web.api_figures import router as figures
from zhengwu.web.api_library import router as library
from zhengwu.web.api_own import router as own
from zhengwu.web.api_people import router as people
from zhengwu.web.api_public import router as public
from zhengwu.web.api_results import router as results
from zhengwu.web.api_totals import router as totals

api = Api(
    title="Zhengwu",
    version=__version__,
    description=(
        "Published budgets and final accounts as facts, the review desk and the budget desk. Errors are "
        "{code, message, fields}; lists take limit and offset; answers to GET carry an ETag; "
        "amounts are yuan as decimal texts; 600 requests a minute for each token, person or address. What one may not see is 404, like what is not "
        "there. Whoever changes something says which state of it was read (revision, before): 409 when it has "
        "changed since."
    ),
    urls_namespace="api",
    docs_url=None,  # the usual page fetches scripts from elsewhere
    throttle=[FixedWindow()],
)
register_errors(api)
ROUTERS = (
    public, desk, results, acts, budgets, budget_rows, budget_versions, adjustments, library, attachments, own, bureau,
    figures, totals, people,
)  # fmt: skip
for router in ROUTERS:
    router.add_decorator(takes_its_type, mode="view")
    api.add_router("", router)
