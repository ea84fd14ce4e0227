"""Calling the API of the budget desk in tests: the people of a desk, and the steps of a budget."""

from typing import Any

from django.test import Client

from tests.web.api.calls import ROOT, asked, sent, token_of
from tests.web.budgets.conftest import DIALECT, SMALL, Desk

ENGLISH = {"Accept-Language": "en"}
SCOPES = ("read", "budget", "budget-step")


class Caller:
    """The people of a desk, each with a token of every scope."""

    def __init__(self, desk: Desk, client: Client) -> None:
        self.desk, self.client = desk, client
        self.tokens = {name: token_of(person, *SCOPES) for name, person in desk.people.items()}
        self.pk = 0

    def get(self, path: str = "", who: str = "officer", **headers: str) -> Any:
        """What a GET answers, below the budget."""
        return asked(self.client, f"/budgets/{self.pk}{path}", **self.tokens[who], **ENGLISH, **headers)

    def post(self, path: str, data: Any, who: str = "officer", status: int = 200) -> Any:
        """What a POST answers, below the budget, with the status that is expected."""
        answer = self.raw(f"/budgets/{self.pk}{path}", data, who)
        assert answer.status_code == status, answer.content.decode()
        return answer.json()

    def raw(self, path: str, data: Any, who: str = "officer") -> Any:
        """The response to a POST."""
        return sent(self.client, path, data, self.tokens[who] | ENGLISH)

    def move(self, who: str, move: str, status: int = 200, **more: Any) -> Any:
        """A move of the budget as it now is."""
        revision = self.get(who=who)["revision"]
        return self.post("/moves", {"move": move, "revision": revision, **more}, who, status)

    def opened(self) -> None:
        """2022 is open, the department has an empty budget."""
        made = self.raw(
            "/budget-years", {"year": 2022, "dialect": DIALECT, "first_due": "2021-09-30", "units": [self.desk.unit.code]},
            "reviewer",
        )  # fmt: skip
        assert made.status_code == 201, made.content.decode()
        self.pk = self.desk.budget().pk

    def typed(self) -> None:
        """A whole small budget is typed in."""
        for key, rows in SMALL.items():
            changes = [{"name": f"{key}-{number}", "cells": cells} for number, cells in enumerate(rows)]
            saved = self.post(f"/rows/{key}", {"changes": changes})
            assert all(one["taken"] for one in saved["outcomes"]), saved
        own = self.get("/rows/units")["items"][0]
        self.post("/rows/units", {"changes": [{"name": "own", "row": own["id"], "cells": {"staff": 10}}]})

    def approved(self) -> None:
        """The budget goes its way until it is approved."""
        self.opened()
        self.typed()
        self.move("officer", "hand-in")
        self.move("head", "submit")
        revision = self.get(who="reviewer")["revision"]
        figures = [{"amount": "1000.00", "staff": 10, "standard": "100", "remark": "r"}]
        self.post("/figures", {"revision": revision, "figures": figures}, "reviewer")
        self.move("reviewer", "give-figures")
        self.move("officer", "hand-in")
        self.move("head", "submit")
        self.move("reviewer", "approve")


def fetched(call: Caller, path: str, who: str = "reviewer", status: int = 200) -> Any:
    """What a GET of any address answers, with the status that is expected."""
    answer = call.client.get(ROOT + path, headers=call.tokens[who] | ENGLISH)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def posted(call: Caller, path: str, data: Any, who: str = "reviewer", status: int = 200) -> Any:
    """What a POST to any address answers, with the status that is expected."""
    answer = call.raw(path, data, who)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def uploaded(call: Caller, path: str, data: dict[str, Any], who: str = "officer", status: int = 200) -> Any:
    """What a POST of a form with files answers, with the status that is expected."""
    answer = call.client.post(ROOT + path, data, headers=call.tokens[who] | ENGLISH)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()
