"""Strange requests: what no browser of ours sends. Strategies for hypothesis, and the names that pages ask for."""

import re
from importlib import import_module
from pathlib import Path
from urllib.parse import quote

from django import forms
from hypothesis import strategies

WEB = Path(__file__).parents[3] / "src" / "zhengwu" / "web"
_ASKED = re.compile(r"""request\.(?:GET|POST)(?:\.get|\.getlist)?[(\[]\s*"([\w-]+)\"""")
_INPUT = re.compile(r"""<(?:input|select|textarea|button)[^>]*\bname="([\w-]+)\"""")


def names() -> list[str]:
    """Every parameter that a view asks for by name, every field of our forms, every input of our templates."""
    import_module("zhengwu.web.urls")  # and with it all forms
    asked = {found for path in WEB.rglob("*.py") for found in _ASKED.findall(path.read_text(encoding="utf-8"))}
    asked |= {found for path in WEB.rglob("*.html") for found in _INPUT.findall(path.read_text(encoding="utf-8"))}
    waiting: list[type[forms.BaseForm]] = [forms.BaseForm]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        if form.__module__.startswith("zhengwu."):
            asked |= set(getattr(form, "base_fields", ()))
    return sorted(asked | {"page", "next", "csrfmiddlewaretoken", "no-such-name"})


# As they stand in a query: percent-encoded already.
VALUES = (
    "", "0", "1", "-1", "abc", "1.5", "1e9", "9" * 40, "99999999999999999999", "2147483648", "9223372036854775808", "%00",
    "a%00b", "%ff%fe", "%ed%a0%80", "%E2%80%AE", "%F0%9F%92%A5", quote("一二三"), quote("²"), quote("١"), "NaN", "inf",
    "true", "null", "[]", "%7B%7D", "..%2f..%2fetc%2fpasswd", "%27%20OR%201=1--", "%3Cscript%3E", "%250a", "a%0d%0aX-Y:1",
    "%25s%25d", "%7B%7B7*7%7D%7D", "0x10", "+1", "%20", "%09", "2021", "2021-02-30", "2021-03-01", "0000-00-00",
    "9999-12-31", "10000-01-01", "budget", "open", "error", "reviewer", "zh-hans", "-0", "1_000", "x" * 5000,
    quote("预" * 700), "%", "%zz", "%u0041",
)  # fmt: skip
_RUBBISH = (
    "", "x", "*", '"', "W/", 'W/"', "," * 200, ";q=", "é", "\x01", "en;q=abc", "zh" * 500, "..", "../../etc/passwd", "-1",
    "bytes=a-b", "bytes=-1", "Thu, 99 Foo 0000", "%00", "1" * 3000, "en-", "-en", "zh_Hans;q=9", "null", "true",
)  # fmt: skip
HEADERS = (
    "Accept-Language", "If-None-Match", "If-Match", "If-Modified-Since", "If-Unmodified-Since", "Range", "Accept", "Referer",
    "User-Agent", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Authorization", "HX-Request",
    "HX-Current-URL", "HX-Target", "X-Zhengwu-Upload", "X-CSRFToken", "X-Requested-With", "Origin", "X-HTTP-Method-Override",
)  # fmt: skip
HOSTS = (
    "evil.example",
    "localhost:99999",
    "a b",
    "[::1",
    "",
    "localhost.",
    "testserver:80",
    "x" * 300,
    "é",
    "a,b",
    "@",
)
COOKIES = ("sessionid", "django_language", "csrftoken", "messages")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get", "")
BODIES = (
    ("application/x-www-form-urlencoded", b"a=%ff&b=%00&%00=1&=&&&=="),
    ("application/x-www-form-urlencoded; charset=nonsense", b"a=1"),
    ("application/x-www-form-urlencoded", b"x=1&" * 1200),
    ("multipart/form-data", b"x"),
    ("multipart/form-data; boundary=a", b"--a\r\nbroken"),
    ("multipart/form-data; boundary=a", b"--a\r\nContent-Disposition: form-data; name=\"files\"; filename=\"../../x\"\r\n\r\n\x00\r\n--a--\r\n"),
    ("multipart/form-data; boundary=" + "a" * 300, b"x"),
    ("application/json", b"{"), ("text/xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), ("", b"\xff"), ("é", b"x"),
)  # fmt: skip


def queries(asked: list[str]) -> strategies.SearchStrategy[str]:
    """A query: some names, the same one more than once as well, with strange values."""
    pairs = strategies.tuples(strategies.sampled_from(asked), strategies.sampled_from(VALUES))
    return strategies.lists(pairs, max_size=6).map(lambda found: "&".join(f"{name}={value}" for name, value in found))


def headers() -> strategies.SearchStrategy[dict[str, str]]:
    """Strange headers, a strange host now and then, strange cookies."""
    odd = strategies.dictionaries(strategies.sampled_from(HEADERS), strategies.sampled_from(_RUBBISH), max_size=3)
    host = strategies.one_of(strategies.none(), strategies.none(), strategies.sampled_from(HOSTS))
    cookie = strategies.one_of(
        strategies.none(), strategies.tuples(strategies.sampled_from(COOKIES), strategies.sampled_from(_RUBBISH))
    )

    def made(found: tuple[dict[str, str], str | None, tuple[str, str] | None]) -> dict[str, str]:
        plain, name, biscuit = found
        whole = dict(plain)
        if name is not None:
            whole["Host"] = name
        if biscuit is not None:
            whole["Cookie"] = "=".join(biscuit)
        return whole

    return strategies.tuples(odd, host, cookie).map(made)
