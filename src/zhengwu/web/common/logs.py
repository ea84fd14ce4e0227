"""Logs for machines: one JSON object a line."""

import json
import logging
from datetime import UTC, datetime

# "request" is the number that a web server in front gives each request, and writes into its own log.
_FIELDS = (
    "method",
    "path",
    "view",
    "status",
    "ms",
    "user",
    "address",
    "request",
)  # of a request, given by observe.RequestMiddleware


class JsonFormatter(logging.Formatter):
    """Time, level, logger, message; a request's fields; the traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
        }
        if record.name == "zhengwu.request":
            line.update((name, getattr(record, name, None)) for name in _FIELDS)
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
