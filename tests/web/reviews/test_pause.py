"""How soon a page asks again for a running audit."""

from datetime import timedelta

from django.utils import timezone

from zhengwu.web.reviews.models import Round
from zhengwu.web.reviews.selectors import pause_of


def test_page_asks_soon_for_a_fresh_upload_and_seldom_for_a_long_one():
    now = timezone.now()
    fresh, long = (Round(uploaded_at=now - timedelta(seconds=seconds)) for seconds in (1, 30))
    assert pause_of([long, fresh], now) == pause_of([fresh], now) < 500
    assert pause_of([long], now) > 1000
    assert pause_of([], now) < 500
