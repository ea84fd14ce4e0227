"""``zhengwu serve`` and ``zhengwu manage``: the web platform, which this module starts but does not import."""

import argparse
import importlib.util
import io
import os
import socket
import sys
import threading
import time
from typing import Any

from zhengwu.model.message import RefusedError

_NEEDED = ("django", "axes", "ninja", "django_otp", "orjson", "prometheus_client", "segno", "waitress", "whitenoise")


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} 不是 1 至 65535 的整数 (is no whole number from 1 to 65535)")
    return int(text)


def _workers(text: str) -> int:
    if not text.isdecimal() or int(text) > 64:
        raise argparse.ArgumentTypeError(f"{text!r} 不是 0 至 64 的整数 (is no whole number from 0 to 64)")
    return int(text)


def add_parsers(commands: Any) -> None:
    """The commands' grammar."""
    serve = commands.add_parser("serve", help="启动网上平台：审核与公开 | start the web platform")
    serve.add_argument("--host", default="127.0.0.1", help="监听地址，默认 127.0.0.1 | address (default 127.0.0.1)")
    serve.add_argument("--port", type=_port, default=8000, help="端口，默认 8000 | port (default 8000)")
    serve.add_argument(
        "--workers-in-process", metavar="N", type=_workers, default=1,
        help="在本进程内核对几份文件，默认 1；0 为另行启动 run_worker | documents audited at a time by this process "
        "(default 1); 0: start zhengwu manage run_worker yourself",
    )  # fmt: skip
    serve.add_argument(
        "--once", action="store_true",
        help="启动，打开几个页面，打印地址后结束 | start, ask for a few pages, print the address and end",
    )  # fmt: skip
    serve.add_argument("--lang", choices=("zh", "en"), default="zh", help="消息的语言 | language of messages")
    manage = commands.add_parser(
        "manage", help="平台的管理命令：add_user、backup、restore、verify_audit…… | the platform's own commands"
    )
    manage.add_argument("arguments", metavar="...", nargs=argparse.REMAINDER, help="命令及选项 | command and options")
    manage.set_defaults(lang="zh")


def run(arguments: argparse.Namespace) -> int:
    """Run the command that was parsed."""
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise RefusedError(
            "no-web",
            f"缺少网上平台的组件（{missing[0]}）：请运行 pip install 'zhengwu[web]'。",
            f"The web platform's parts are missing ({missing[0]}): run pip install 'zhengwu[web]'.",
        )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengwu.web.settings")
    return _serve(arguments) if arguments.command == "serve" else _manage(arguments.arguments)


def _manage(arguments: list[str]) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["zhengwu manage", *(arguments or ["help"])])
    return 0


def _serve(arguments: argparse.Namespace) -> int:
    _free(arguments.host, arguments.port)
    import django
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    django.setup()
    call_command("prepare", stopped=True, stdout=io.StringIO())
    if not get_user_model().objects.exists():
        _say(
            arguments.lang,
            "还没有用户：zhengwu manage add_user 用户名 添加第一名管理员。",
            "There is no user yet: zhengwu manage add_user NAME adds the first administrator.",
        )
    for _number in range(arguments.workers_in_process):
        threading.Thread(target=_work, daemon=True).start()

    from django.core.servers.basehttp import get_internal_wsgi_application
    from waitress import create_server

    server = create_server(
        get_internal_wsgi_application(), host=arguments.host, port=arguments.port, threads=8, ident="zhengwu",
        clear_untrusted_proxy_headers=False,  # whom to believe is a matter of ZHENGWU_PROXIES
    )  # fmt: skip
    address = f"http://{f'[{arguments.host}]' if ':' in arguments.host else arguments.host}:{arguments.port}/"
    _say(arguments.lang, f"平台已启动：{address}（Ctrl-C 停止）", f"The platform is up: {address} (Ctrl-C stops it)")
    if arguments.once:
        threading.Thread(target=server.run, daemon=True).start()
        return _asked(address, arguments.lang)
    try:
        server.run()
    finally:
        server.close()
    return 0


def _asked(address: str, language: str) -> int:
    """Ask the server for its main pages; 0 when all of them answer."""
    import urllib.error
    import urllib.request

    bad = []
    for path in ("", "healthz", "search/", "compare/", "sign-in/", "review/", "api/v1/openapi.json"):
        try:
            with urllib.request.urlopen(address + path, timeout=30) as answer:  # http:// always  # nosec B310
                answer.read()
        except (urllib.error.URLError, OSError) as error:
            bad.append(f"{path or '/'}: {error}")
    if bad:
        _say(language, "有页面没有应答：" + "；".join(bad), "Pages did not answer: " + "; ".join(bad))
        return 1
    _say(language, "各页面均有应答。", "All pages answer.")
    return 0


def _say(language: str, zh: str, en: str) -> None:
    print(en if language == "en" else zh, flush=True)


def _work() -> None:
    """A worker of the queue. Should it fall, it gets up again: what it had is taken up by its lease."""
    import logging

    from django.core.management import call_command

    while True:
        try:
            call_command("run_worker", stdout=io.StringIO())
        except Exception:
            logging.getLogger("zhengwu.worker").exception("the worker fell and starts again")
        time.sleep(1)


def _free(host: str, port: int) -> None:
    """Refuse an address that cannot be had, before anything is touched."""
    try:
        family, kind, protocol, _name, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            if sys.platform != "win32":  # there the option would hide that it is taken
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except OSError as error:
        raise RefusedError(
            "address",
            f"不能使用 {host}:{port}（{error.strerror or error}）：请用 --port 换一个端口。",
            f"{host}:{port} cannot be used ({error.strerror or error}): choose another with --port.",
        ) from None
