"""Who visits, when a web server stands in front."""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Address = IPv4Address | IPv6Address


class ProxyMiddleware:
    """``REMOTE_ADDR`` becomes the visitor's address where a server of ``settings.PROXIES`` tells it; what anybody else
    claims of addresses and HTTPS is not believed.

    Not the server's own setting (waitress, gunicorn): there are two of them, of which one takes a single address.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on with the address that holds."""
        meta = request.META
        peer = _address(meta.get("REMOTE_ADDR", ""))
        if peer is not None and _in(peer, settings.PROXIES):
            meta["REMOTE_ADDR"] = str(visitor(peer, meta.get("HTTP_X_FORWARDED_FOR", ""), settings.PROXIES))
        else:
            meta.pop("HTTP_X_FORWARDED_PROTO", None)
        return self._next(request)


def visitor(peer: Address, told: str, proxies: Iterable[Any]) -> Address:
    """The visitor's address: of those that X-Forwarded-For tells the last that is no proxy's, for each server writes
    whom it saw at the end and what stands before may be made up. What is no address ends the search."""
    last = peer
    for text in reversed(told.split(",")):
        found = _address(text.strip())
        if found is None:
            return last
        last = found
        if not _in(found, proxies):
            return found
    return last


def _address(text: str) -> Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _in(address: Address, networks: Iterable[Any]) -> bool:
    return any(address in network for network in networks)
