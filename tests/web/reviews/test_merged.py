"""The addresses of a document whose rounds were joined with another document's."""

from tests.web.reviews.conftest import EXAMPLE
from zhengwu.web.reviews import services
from zhengwu.web.reviews.models import Document


def test_addresses_of_a_merged_document_lead_to_the_one_it_went_into(people, upload, opened, client_of):
    second = upload(b"\n" + EXAMPLE.read_bytes()).document
    third = upload(b"\n\n" + EXAMPLE.read_bytes()).document
    for one in (second, third):
        into = services.document_confirm(
            actor=people.officer, document=Document.objects.get(pk=one.pk), unit=people.own, year=2021, kind="budget"
        )
        assert into.pk == opened.document_id
    target = f"/review/documents/{opened.document_id}/"
    for gone in (second.pk, third.pk):
        for person in (people.officer, people.reviewer):
            client = client_of(person)
            for address in ("", "rounds/1/", "rounds/1/findings/1/"):
                answer = client.get(f"/review/documents/{gone}/{address}")
                assert (answer.status_code, answer["Location"]) == (302, target), address
            assert client.get(target).status_code == 200
        stranger = client_of(people.stranger).get(f"/review/documents/{gone}/")
        assert stranger.status_code == 404, "whose it was is nobody else's business"


def test_document_that_never_was_is_not_found(people, opened, client_of):
    assert client_of(people.reviewer).get(f"/review/documents/{opened.document_id + 1000}/").status_code == 404
