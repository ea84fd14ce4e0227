"""``zhengwu accept``: a reviewer accepts a finding, with a reason, in a small file beside the document."""

import argparse
import datetime
from pathlib import Path
from typing import Any

from zhengwu.cli.output import deliver
from zhengwu.model.message import RefusedError


def add_parser(commands: Any) -> None:
    """The command's grammar."""
    accept = commands.add_parser(
        "accept",
        help="接受一个问题并写明理由，以后不再计入 | accept a finding with a reason: later audits leave it out",
    )
    accept.add_argument("file", metavar="FILE", help="被核对的文件 | the document")
    accept.add_argument(
        "finding",
        metavar="FINDING",
        help="问题编号，audit 印在每个问题后面 | the name that audit prints behind a finding",
    )
    accept.add_argument("--reason", required=True, help="理由 | the reason")
    accept.add_argument("--by", default="", help="谁接受的 | who accepts it")
    accept.add_argument(
        "--lang", choices=("zh", "en"), default="zh", help="消息的语言 | language of messages (default zh)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the entry; the file appears whole or not at all."""
    from zhengwu.acceptance import chosen, load, path_beside, with_entry
    from zhengwu.audit import audit_document
    from zhengwu.reading import read_path

    document = Path(arguments.file)
    if not arguments.reason.strip():
        raise RefusedError(
            "no-reason", "理由不能为空：请写明为什么接受。", "The reason is empty: say why it is accepted."
        )
    audit = audit_document(read_path(document))
    finding = chosen(audit, arguments.finding)
    beside = path_beside(document)
    today = datetime.date.today().isoformat()
    text = with_entry(load(beside), audit, finding, arguments.reason, arguments.by, today)
    deliver(text, str(beside), arguments.file, ".toml", (arguments.file,))
    print(beside)
    return 0
