"""From a PDF of some 30 pages to its findings on screen, over HTTP as the upload page does it.

Send the file, ask for the list, ask again as often as the list itself says, open the document, read its findings.
"""

import re
import secrets
import statistics
import time
from typing import Any, NamedTuple

from bench.platform.visitors import Browser

_POLL = re.compile(r'hx-trigger="every (\d+)ms"')
_DOCUMENT = re.compile(r'href="(/review/documents/\d+/)"')
_FINDING = re.compile(r'href="[^"]*/findings/\d+/')
_MOST = 60.0  # seconds


class Upload(NamedTuple):
    """Seconds: until the file was taken, until its audit was seen to have ended, until its findings were read."""

    sent: float
    audited: float
    shown: float
    findings: int


def uploads(port: int, data: dict[str, Any], pdf: bytes, times: int = 5) -> list[Upload]:
    """Several uploads one after the other, each of a file of its own."""
    browser = Browser(port)
    browser.sign_in(data["reviewers"][0], data["password"])
    return [_upload(browser, pdf + f"\n% {number}\n".encode()) for number in range(times)]


def _upload(browser: Browser, pdf: bytes) -> Upload:
    token = browser.token("/review/upload/")
    boundary = secrets.token_hex(16)
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="budget-{boundary[:8]}.pdf"\r\n'
        f"Content-Type: application/pdf\r\n\r\n"
    ).encode() + pdf + f"\r\n--{boundary}--\r\n".encode()  # fmt: skip
    begun = time.perf_counter()
    status, said, _seconds = browser.ask(
        "POST", "/review/upload/", body, Content_Type=f"multipart/form-data; boundary={boundary}",
        X_Zhengwu_Upload="1", X_CSRFToken=token,
    )  # fmt: skip
    sent = time.perf_counter() - begun
    if status != 200 or b'"taken": 1' not in said:
        raise RuntimeError(f"the file was not taken: {status} {said[:200]!r}")
    while True:
        page = browser.ask("GET", "/review/upload/progress/", HX_Request="true")[1].decode()
        poll = _POLL.search(page)
        if poll is None:
            break
        if time.perf_counter() - begun > _MOST:
            raise RuntimeError("the audit did not end in time")
        time.sleep(int(poll[1]) / 1000)
    audited = time.perf_counter() - begun
    document = _DOCUMENT.search(page)
    if document is None:
        raise RuntimeError("the list does not lead to the document")
    shown = browser.ask("GET", document[1])[1].decode()
    findings = len(set(_FINDING.findall(shown)))
    if not findings:
        raise RuntimeError("no findings are shown")
    return Upload(sent, audited, time.perf_counter() - begun, findings)


def table(found: list[Upload], pages: int, kilobytes: float) -> list[str]:
    """As lines of text."""
    lines = [
        f"upload of a PDF of {pages} pages ({kilobytes:,.0f} kB) to its findings on screen, seconds, {len(found)} times:"
    ]
    for name, values in (
        ("taken", [one.sent for one in found]),
        ("audit seen to have ended", [one.audited for one in found]),
        ("findings read", [one.shown for one in found]),
    ):
        lines.append(f"  {name:26} median {statistics.median(values):5.2f}   most {max(values):5.2f}")
    return lines
