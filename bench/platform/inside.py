"""What is done with the platform's own code, in the environment that names its folder and database.

``python -m bench.platform.inside fill`` fills an empty database and prints what to ask of it;
``… queries`` counts the queries of each page whose address it reads; ``… pdf FILE`` writes a faulty budget. All speak
JSON.
"""

import argparse
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengwu.web.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - models are there after the set-up alone
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.platform.data import FIRST_YEAR, Size, drafted, faulty, filled  # noqa: E402
from zhengwu.publishing.publish import files_of  # noqa: E402
from zhengwu.web.common.models import User  # noqa: E402


def queries(pages: dict[str, str], reviewer: str) -> dict[str, int]:
    """How many queries each page makes, for a reviewer signed in, once the page has been seen."""
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username=reviewer), backend="django.contrib.auth.backends.ModelBackend")
    found = {}
    for name, address in pages.items():
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        found[name] = len(captured)
    return found


def main() -> None:
    """One task."""
    parser = argparse.ArgumentParser()
    tasks = parser.add_subparsers(dest="task", required=True)
    fill = tasks.add_parser("fill")
    for name, default in Size()._asdict().items():
        fill.add_argument(f"--{name}", type=int, default=default)
    tasks.add_parser("queries")
    pdf = tasks.add_parser("pdf")
    pdf.add_argument("path", type=Path)
    pdf.add_argument("--lines", type=int, required=True)
    pdf.add_argument("--projects", type=int, required=True)
    given = vars(parser.parse_args())
    task = given.pop("task")
    if task == "fill":
        call_command("prepare", stopped=True, stdout=io.StringIO())
        found: Any = filled(Size(**given))
    elif task == "queries":
        found = queries(**json.load(sys.stdin))
    else:
        # Not among the loaded ones: a document of the same unit and year would be one of several versions.
        draft = faulty(drafted("示例区上传局", "98001", FIRST_YEAR, given["lines"], given["projects"]))
        found = {"bytes": given["path"].write_bytes(next(iter(files_of(draft, ("pdf",)).values())))}
    json.dump(found, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
