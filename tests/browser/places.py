"""Every page of the platform, and who looks at it: what the tests of accessibility and size walk through."""

from typing import Any, NamedTuple


class Place(NamedTuple):
    """A page: its address's name, the path with names of ``prepare`` in braces, who opens it, what it answers."""

    name: str
    path: str
    who: str = ""
    status: int = 200
    main: bool = False  # looked at in English too

    def __str__(self) -> str:
        return f"{self.who or 'public'} {self.path}"

    def at(self, made: dict[str, Any]) -> str:
        """The path for what was made."""
        return self.path.format(**made)


_R = "/review/documents/"
_B = "/budget/{budget}/"
PLACES = (
    # The open book.
    Place("explorer:home", "/", main=True),
    Place("explorer:search", "/search/"),
    Place("explorer:search", "/search/?q=电话", main=True),
    Place("explorer:search", "/search/?q=没有这样的项目"),
    Place("explorer:compare", "/compare/"),
    Place("explorer:compare", "/compare/?a=299001&b=999001", main=True),
    Place("explorer:compare", "/compare/?a=299001&b=999001&kind=final"),
    Place("explorer:year", "/years/2021/"),
    Place("explorer:department", "/d/999001/", main=True),
    Place("explorer:department", "/d/{editions}/?year=2022&kind=budget"),
    Place("explorer:document", "/d/999001/2021/budget/", main=True),
    Place("explorer:document", "/d/299001/2023/budget/"),
    Place("explorer:edition", "/d/{editions}/2022/budget/1/"),
    Place("explorer:page", "/d/999001/2021/budget/1/pages/8/"),
    Place("", "/nowhere/", status=404),
    # One's own account.
    Place("common:sign-in", "/sign-in/", main=True),
    Place("common:account", "/account/", "reviewer"),
    Place("common:account", "/account/", "coded"),
    Place("common:password", "/account/password/", "officer-south"),
    Place("common:second-step-setup", "/account/second-step/", "reviewer"),
    Place("common:second-step-remove", "/account/second-step/remove/", "coded"),
    Place("explorer:tokens", "/account/tokens/", "reviewer"),
    # Administration.
    Place("common:people", "/people/", "admin", main=True),
    Place("common:people", "/people/?q=没有这个人", "admin"),
    Place("common:people", "/people/", "reviewer", 403),
    Place("common:person-add", "/people/add/", "admin"),
    Place("common:person", "/people/{person}/", "admin"),
    Place("common:units", "/units/", "admin"),
    Place("common:unit-add", "/units/add/", "admin"),
    Place("common:unit", "/units/{unit}/", "admin"),
    Place("common:trail", "/trail/", "coded", main=True),
    Place("common:trail", "/trail/?action=no.such", "admin"),
    # The review desk.
    Place("reviews:board", "/review/", "reviewer", main=True),
    Place("reviews:board", "/review/?rule=stated-share-differs&severity=error", "reviewer"),
    Place("reviews:board", "/review/?q=没有这个单位", "reviewer"),
    Place("reviews:board", "/review/", "officer-en"),
    Place("reviews:board", "/review/", "admin"),
    Place("reviews:upload", "/review/upload/", "reviewer", main=True),
    Place("reviews:upload", "/review/upload/", "officer-en"),
    Place("reviews:document", _R + "{confirming}/", "reviewer", main=True),
    Place("reviews:document", _R + "{walked}/", "reviewer", main=True),
    Place("reviews:document", _R + "{walked}/", "officer-south"),
    Place("reviews:document", _R + "{pdf}/", "reviewer", main=True),
    Place("reviews:document", _R + "{returned}/", "reviewer"),
    Place("reviews:document", _R + "{broken}/", "reviewer"),
    Place("reviews:document", _R + "{running}/", "reviewer"),
    Place("reviews:document", _R + "{done}/", "reviewer"),
    Place("reviews:document", _R + "{published}/", "coded"),
    Place("reviews:document", _R + "999999/", "reviewer", 404),
    Place("reviews:round", _R + "{walked}/rounds/1/", "reviewer"),
    Place("reviews:round", _R + "{walked}/rounds/2/?severity=info", "reviewer"),
    Place("reviews:finding", _R + "{walked}/rounds/1/findings/{finding}/", "officer-south"),
    Place("reviews:finding", _R + "{walked}/rounds/2/findings/5/?severity=error", "reviewer"),
    Place("reviews:finding", _R + "{pdf}/rounds/1/findings/2/", "reviewer"),
    Place("reviews:changes", _R + "{walked}/rounds/1/changes/", "reviewer"),
    Place("reviews:changes", _R + "{walked}/rounds/2/changes/", "reviewer", main=True),
    Place("reviews:coverage", _R + "{walked}/rounds/2/coverage/", "reviewer"),
    Place("reviews:coverage", _R + "{walked}/rounds/2/coverage/?table=-1", "reviewer"),
    Place("reviews:coverage", _R + "{walked}/rounds/2/coverage/?amount=3", "reviewer", main=True),
    Place("reviews:coverage", _R + "{broken}/rounds/1/coverage/", "reviewer"),
    Place("explorer:publish", "/publish/{done}/", "reviewer", main=True),
    Place("explorer:publish", "/publish/{walked}/", "reviewer"),
    # The budget desk, of officers and heads.
    Place("budgets:desk", "/budget/", "officer", main=True),
    Place("budgets:desk", "/budget/?q=没有这个单位", "reviewer"),
    Place("budgets:budget", _B, "officer", main=True),
    Place("budgets:budget", _B, "reviewer"),
    Place("budgets:begin", _B + "begin/", "officer"),
    Place("budgets:ledger", "/budget/{grid}/ledger/", "reading", main=True),
    Place("budgets:ledger", "/budget/{grid}/ledger/?sheet=indicators", "reviewer"),
    Place("budgets:budget-projects", _B + "projects/", "officer", main=True),
    Place("budgets:rollup", _B + "rollup/", "officer"),
    Place("budgets:versions", _B + "versions/", "officer"),
    Place("budgets:compare", _B + "versions/compare/?old=last&new=now", "officer", main=True),
    Place("budgets:history", _B + "history/", "officer"),
    Place("budgets:adjustments", _B + "adjustments/", "officer"),
    Place("budgets:publish", _B + "publication/", "head", main=True),
    Place("budgets:delegations", "/budget/delegations/", "head"),
    Place("budgets:projects", "/budget/projects/", "officer", main=True),
    Place("budgets:library-rank", "/budget/projects/rank/{compiling}/", "head"),
    Place("budgets:project-add", "/budget/projects/add/", "officer"),
    Place("budgets:project", "/budget/projects/{project}/", "officer", main=True),
    Place("budgets:project-change", "/budget/projects/{project}/change/", "officer"),
    Place("budgets:project-midterm", "/budget/projects/{project}/indicators/", "officer"),
    Place("budgets:project-year", "/budget/projects/{project}/years/2024/", "officer"),
    Place("budgets:project-indicators", "/budget/projects/{project}/years/2024/indicators/", "officer"),
    # The finance bureau's.
    Place("budgets:years", "/budget/years/", "reviewer"),
    Place("budgets:year-open", "/budget/years/open/", "reviewer"),
    Place("budgets:board", "/budget/years/2024/", "reviewer", main=True),
    Place("budgets:board", "/budget/years/2022/", "admin"),
    Place("budgets:year-change", "/budget/years/2024/change/", "reviewer"),
    Place("budgets:totals", "/budget/years/2024/totals/", "reviewer"),
    Place("budgets:year-units", "/budget/years/2024/units/", "reviewer"),
    Place("budgets:exports", "/budget/years/2024/exports/", "reviewer"),
    Place("budgets:controls", "/budget/years/2024/control/", "reviewer"),
    Place("budgets:control", _B + "control/", "reviewer", main=True),
    Place("budgets:standards", "/budget/years/2024/standards/", "reviewer"),
)
# Addresses that show no page of their own: what they answer is data, a file, a part of a page, or a way elsewhere.
NO_PAGES = frozenset({
    "explorer:download", "explorer:table", "explorer:card", "explorer:page-picture", "explorer:file", "explorer:sitemap", "explorer:robots", "explorer:revoke",
    "common:second-step",  # looked at on the way in
    "common:sign-out", "common:sign-out-elsewhere", "common:language", "common:person-active", "common:health", "common:metrics",
    "common:person-password",
    "reviews:upload-progress", "reviews:confirm-proposed", "reviews:document-confirm", "reviews:document-assign",
    "reviews:document-return", "reviews:document-close", "reviews:document-mend", "reviews:round-progress",
    "reviews:page-picture", "reviews:download", "reviews:finding-decide", "reviews:finding-assign",
    "reviews:finding-comment",
    "budgets:notices-seen", "budgets:delegation-end", "budgets:move", "budgets:remark", "budgets:remark-settle", "budgets:asset-date",
    "budgets:note",
    "budgets:ledger-rows", "budgets:ledger-save", "budgets:ledger-check", "budgets:ledger-codes", "budgets:ledger-workbook",
    "budgets:ledger-take", "budgets:adjustment-move", "budgets:preview", "budgets:reasons", "budgets:project-state", "budgets:project-attach",
    "budgets:project-file", "budgets:project-detach", "budgets:budget-enter", "budgets:budget-leave", "budgets:begin-copy",
    "budgets:begin-earlier", "budgets:year-close", "budgets:year-start", "budgets:units-merge", "budgets:exports-progress",
    "budgets:export-file", "budgets:controls-fill", "budgets:controls-give", "budgets:controls-workbook",
    "budgets:controls-take",
    "budgets:adjustment",  # test_budget_story looks at it
})  # fmt: skip
