"""Results on standard output or in a file: whole or not at all."""

import os
import sys
import tempfile
from pathlib import Path

from zhengwu.model.message import RefusedError

_SUFFIX = {"text": ".txt", "json": ".json"}


def deliver(report: str, output: str | None, name: str, form: str) -> None:
    """Print the report, or write it to a file, or under its input's name into a folder."""
    if output is None or output == "-":
        sys.stdout.write(report)
        return
    target = Path(output)
    if target.is_dir():
        target = target / (Path(name).stem + _SUFFIX[form])
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".zhengwu-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(report)
            os.chmod(temporary, 0o644)
            os.replace(temporary, target)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise RefusedError(
            "not-writable",
            f"{output}：不能写入（{error.strerror}），请换一个位置。",
            f"{output}: cannot be written ({error.strerror}); choose another place.",
        ) from error
