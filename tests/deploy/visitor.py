"""Who visits a stand: a browser with cookies, and many at once that count what they get."""

import http.client
import re
import ssl
import threading
import time
from http.cookies import SimpleCookie
from typing import NamedTuple
from urllib.parse import urlencode

from tests.deploy.stand import NAME, Stand

BROKEN_OFF = "broken off"


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Visitor:
    """A browser from an address of this machine, by HTTPS or, with ``plain``, to a port by HTTP."""

    def __init__(self, stand: Stand, address: str = "127.0.0.1", plain: int | None = None) -> None:
        self._plain, self._address, self._port = plain, address, plain or stand.tls
        self._trusted = ssl.create_default_context(cafile=str(stand.folder / "fullchain.pem"))
        self.cookies: dict[str, str] = {}
        self.set_cookies: list[str] = []

    def get(self, path: str, **headers: str) -> Answer:
        """GET."""
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, data: dict[str, str], **headers: str) -> Answer:
        """A form, with the token of the cookie."""
        body = urlencode({**data, "csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}).encode()
        return self.ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", **headers})

    def upload(self, path: str, name: str, content: bytes) -> Answer:
        """A file in a form."""
        mark = "----zhengwu"
        head = f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={mark}", "X-CSRFToken": self.cookies["csrftoken"]}
        return self.ask("POST", path, body, kind)

    def ask(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        """Any request, over a connection of its own."""
        scheme = "http" if self._plain else "https"
        sent = {"Host": NAME, "Referer": f"{scheme}://{NAME}/", "Accept-Language": "en", **(headers or {})}
        sent["Cookie"] = "; ".join(f"{key}={value}" for key, value in self.cookies.items())
        source = (self._address, 0)
        if self._plain:
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60, source_address=source)
        else:
            connection = _Named("127.0.0.1", self._port, timeout=60, source_address=source, context=self._trusted)
        try:
            connection.request(method, path, body, sent)
            given = connection.getresponse()
            answer = Answer(given.status, given.headers, given.read())
        finally:
            connection.close()
        self.set_cookies = answer.headers.get_all("Set-Cookie") or []
        for text in self.set_cookies:
            for key, morsel in SimpleCookie(text).items():
                self.cookies[key] = morsel.value
        return answer

    def sign_in(self, name: str, password: str, **headers: str) -> Answer:
        """Through the form."""
        self.get("/sign-in/")
        return self.post("/sign-in/", {"username": name, "password": password}, **headers)


class _Named(http.client.HTTPSConnection):
    """HTTPS to an address, for the name of the certificate."""

    def connect(self) -> None:
        http.client.HTTPConnection.connect(self)
        self.sock = self._context.wrap_socket(self.sock, server_hostname=NAME)  # type: ignore[attr-defined]


class Result(NamedTuple):
    """A request of a crowd."""

    begun: float
    seconds: float
    what: str
    status: int | str


class Crowd:
    """People who keep asking: pages, a form that may not be sent twice, a static file."""

    def __init__(self, stand: Stand, people: int = 4) -> None:
        found = re.search(rb'href="(/static/[^"]+\.css)"', Visitor(stand).get("/sign-in/").body)
        assert found is not None
        self._paths = ("/", "/sign-in/", "/api/v1/openapi.json", "/healthz", found[1].decode())
        self._stop = threading.Event()
        self._stand, self.people = stand, people
        self.results: list[Result] = []
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(people)]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        time.sleep(0.5)
        return self

    def __exit__(self, *_raised: object) -> None:
        time.sleep(0.5)
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, number: int) -> None:
        visitor = Visitor(self._stand)
        while not self._stop.is_set():
            for path in self._paths:
                self._one("GET", path, visitor)
            self._one("POST", "/language/", visitor)
            time.sleep(0.05)

    def _one(self, method: str, path: str, visitor: Visitor) -> None:
        begun = time.monotonic()
        status: int | str
        try:
            if method == "GET":
                status = visitor.get(path).status
            else:
                status = visitor.post(path, {"language": "en", "next": "/sign-in/"}).status
        except http.client.IncompleteRead:
            status = BROKEN_OFF
        except (OSError, http.client.HTTPException) as error:
            status = repr(error)
        self.results.append(Result(begun, time.monotonic() - begun, f"{method} {path}", status))

    @property
    def lost(self) -> list[Result]:
        """What was not answered as it should be."""
        return [one for one in self.results if one.status != (302 if one.what.startswith("POST") else 200)]

    def figures(self) -> str:
        """How many, and how long it took them."""
        seconds = sorted(one.seconds for one in self.results)
        middle, late = seconds[len(seconds) // 2], seconds[len(seconds) * 99 // 100]
        return (
            f"{len(seconds)} requests, {len(self.lost)} lost; "
            f"median {middle * 1000:.0f} ms, 99 % within {late * 1000:.0f} ms, longest {seconds[-1] * 1000:.0f} ms"
        )
