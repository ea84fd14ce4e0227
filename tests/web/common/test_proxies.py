"""Whose word is taken for a visitor's address."""

from ipaddress import ip_address, ip_network

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.web.people import PASSWORD, world
from zhengwu.web.common.models import AuditEvent
from zhengwu.web.common.proxies import visitor

PROXIES = (ip_network("127.0.0.1"), ip_network("10.0.0.0/8"), ip_network("::1"))


@pytest.mark.parametrize(("told", "expected"), [
    ("192.0.2.7", "192.0.2.7"),
    ("203.0.113.9, 192.0.2.7", "192.0.2.7"),  # the first was made up by the visitor
    ("192.0.2.7, 10.1.2.3", "192.0.2.7"),  # two servers in front
    ("203.0.113.9, 192.0.2.7, 10.1.2.3, 10.9.9.9", "192.0.2.7"),
    ("10.1.2.3", "10.1.2.3"),  # a visitor from within
    ("2001:db8::7", "2001:db8::7"),
    ("::ffff:192.0.2.7", "192.0.2.7"),
    ("", "127.0.0.1"), ("unknown", "127.0.0.1"), ("<script>", "127.0.0.1"), ("192.0.2.7, rubbish", "127.0.0.1"),
])  # fmt: skip
def test_visitor_is_the_last_address_that_is_no_proxys(told: str, expected: str) -> None:
    assert str(visitor(ip_address("127.0.0.1"), told, PROXIES)) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(("peer", "expected"), [("127.0.0.1", "192.0.2.7"), ("198.51.100.3", "198.51.100.3")])
def test_address_reaches_the_trail_only_through_a_proxy(
    client: Client, settings: LazySettings, peer: str, expected: str
) -> None:
    settings.PROXIES = PROXIES
    world()
    given = {"username": "reviewer", "password": PASSWORD}
    client.post("/sign-in/", given, REMOTE_ADDR=peer, headers={"x-forwarded-for": "203.0.113.9, 192.0.2.7"})
    assert AuditEvent.objects.get(action="session.sign-in").data == {"address": expected}


@pytest.mark.django_db
def test_https_is_believed_from_a_proxy_only(client: Client, settings: LazySettings) -> None:
    settings.PROXIES, settings.SECURE_SSL_REDIRECT = PROXIES, True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    told = {"x-forwarded-proto": "https"}
    assert client.get("/sign-in/", headers=told).status_code == 200
    assert client.get("/sign-in/", headers=told, REMOTE_ADDR="198.51.100.3").status_code == 301
