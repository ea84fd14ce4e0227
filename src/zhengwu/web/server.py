"""Settings of gunicorn, ``gunicorn --config python:zhengwu.web.server``: one process with threads.

A web server in front spreads requests over several such processes; each is started anew by itself, so that a new
version comes in without a pause (docs/running.md). From the environment:

ZHENGWU_BIND     address and port (default: 127.0.0.1:8000); a socket that systemd hands over goes before it
ZHENGWU_THREADS  requests at once in this process (default: 2)
"""

import os

wsgi_app = "zhengwu.web.wsgi:application"
bind = os.environ.get("ZHENGWU_BIND") or "127.0.0.1:8000"
# One: the processes are counted by the web server in front, and /metrics tells of the process that is asked.
workers = 1
# Loaded before the first request: systemd is told that it is ready when it is, and a worker that died is back at once.
preload_app = True
worker_class = "gthread"
threads = int(os.environ.get("ZHENGWU_THREADS") or 2)
# Told to stop, it takes no more requests and ends those that run: a report may take two minutes.
graceful_timeout = 130
timeout = 60
limit_request_line = 8190  # Chinese words in a query are nine letters each
# Whom to believe is a matter of ZHENGWU_PROXIES alone.
forwarded_allow_ips = ""
control_socket_disable = True
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "zhengwu.web.common.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "gunicorn.access": {"handlers": [], "propagate": False},  # zhengwu.request tells more
    },
}
