"""The API of the platform, /api/v1/: the open book for everybody, the review desk for who may."""

from zhengwu import __version__
from zhengwu.web.api_common import Api, FixedWindow, register_errors
from zhengwu.web.api_desk import router as desk
from zhengwu.web.api_public import router as public

api = Api(
    title="Zhengwu",
    version=__version__,
    description=(
        "Published budgets and final accounts as facts, and the review desk. Errors are "
        "{code, message, fields}; lists take limit and offset; answers to GET carry an ETag; "
        "600 requests a minute for each token or address."
    ),
    urls_namespace="api",
    docs_url=None,  # the usual page fetches scripts from elsewhere
    throttle=[FixedWindow()],
)
register_errors(api)
api.add_router("", public)
api.add_router("", desk)
