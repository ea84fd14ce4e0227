"""Calling the API in tests: tokens, and answers as data."""

import json
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from zhengwu.web.api_shapes import documents_seen, revision_of
from zhengwu.web.common.models import User
from zhengwu.web.explorer import services
from zhengwu.web.reviews.models import Document

ROOT = "/api/v1"
SCOPES = ("read", "decide", "upload", "budget", "budget-step")


def token_of(owner: User, *scopes: str, days: int | None = 1) -> dict[str, str]:
    """The header of a new token; without scopes it may read."""
    now = timezone.now()
    end = now + timedelta(days=days) if days else None
    _token, secret = services.token_create(actor=owner, name="t", scopes=scopes or ("read",), expires_at=end, now=now)
    return {"Authorization": f"Bearer {secret}"}


def asked(client: Client, path: str, **headers: str) -> Any:
    """What a GET answers, which is 200."""
    response = client.get(ROOT + path, headers=headers)
    assert response.status_code == 200, response.content
    return response.json()


def sent(client: Client, path: str, data: Any, headers: dict[str, str]) -> Any:
    """The response to a POST of JSON."""
    return client.post(ROOT + path, json.dumps(data), content_type="application/json", headers=headers)


def revision(owner: User, document: Document) -> str:
    """What a caller who reads a document now sends back."""
    return revision_of(documents_seen(owner).get(pk=document.pk))
