"""The pages of the library: what each role sees, what is refused keeps what was typed, nothing of a stranger runs."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.budgets.test_library import HOTLINE, add, change, enter, indicate, ready, want
from tests.web.budgets.test_library_files import attach
from zhengwu.web.budgets import years
from zhengwu.web.budgets.models import Project, ProjectState, Row

SCRIPT = '<script>alert(1)</script>"onmouseover="x'


@pytest.fixture(autouse=True)
def _files(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def client_of(desk):
    def inner(who: str, language: str = "zh-hans") -> Client:
        client = Client()
        client.force_login(desk.people[who], backend="django.contrib.auth.backends.ModelBackend")
        client.cookies["django_language"] = language
        return client

    return inner


def text(answer, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def address(name: str, *arguments: int) -> str:
    return reverse(f"budgets:{name}", args=arguments)


def typed(page: str) -> dict[str, str]:
    """The fields of a page's forms as a browser would send them."""
    sent = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name, kind = re.search(r'name="([^"]+)"', tag), re.search(r'type="([^"]+)"', tag)
        if name and (kind is None or kind[1] not in ("checkbox", "file") or "checked" in tag):
            found = re.search(r'value="([^"]*)"', tag)
            sent[name[1]] = found[1] if found else "on" if kind and kind[1] == "checkbox" else ""
    for name, body in re.findall(r'<textarea name="([^"]+)"[^>]*>\s?(.*?)</textarea>', page, re.DOTALL):
        sent[name] = body.strip("\r\n")
    for name, body in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        sent[name] = chosen[1] if chosen else ""
    return sent


# --- the list ------------------------------------------------------------------------------------------------------


def test_empty_library_says_what_to_do_next(client_of):
    assert "请新增项目" in text(client_of("officer").get(address("projects")))
    assert "单位新增项目后" in text(client_of("reviewer").get(address("projects")))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_library_shows_money_over_the_years_to_those_who_may_see_the_unit(desk, client_of, language):
    desk.earlier()
    for who in ("officer", "head", "reviewer", "auditor", "administrator"):
        page = text(client_of(who, language).get(address("projects")))
        assert HOTLINE in page
        assert "20,475,780.00" in page
    assert HOTLINE not in text(client_of("stranger", language).get(address("projects")))


def test_library_is_filtered_by_state_year_unit_and_text(desk, client_of):
    desk.earlier()
    add(desk, "新热线", starts=2030, ends=2031)
    client = client_of("reviewer")

    def found(query: str) -> set[str]:
        page = text(client.get(f"{address('projects')}?{query}"))
        return {name for name in Project.objects.values_list("name", flat=True) if f">{name}</a>" in page}

    assert found("q=新热线") == {"新热线"}
    assert found("year=2030&q=热线") == {"新热线"}
    assert found("state=candidate") == {"新热线"}
    assert "没有符合条件的项目" in text(client.get(f"{address('projects')}?q=没有这个"))


def test_number_of_queries_does_not_grow_with_the_projects(desk, client_of, django_assert_max_num_queries):
    desk.earlier()
    client = client_of("officer")
    client.get(address("projects"))
    with django_assert_max_num_queries(22):
        client.get(address("projects"))


# --- a project -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_project_shows_its_target_form_with_how_it_is_read(desk, client_of, language):
    desk.earlier()
    pk = Project.objects.get(name=HOTLINE).pk
    page = text(client_of("head", language).get(address("project", pk) + "?year=2021"))
    assert ("产出指标" if language == "zh-hans" else "Output") in page
    assert "≥98%/月" in page
    assert "≥ 98 % / 月" in page
    assert ("仅文字" if language == "zh-hans" else "text only") in page
    assert "16,380,624.00" in page
    assert "20,475,780.00" in page
    assert address("project-change", pk) not in page  # a head only looks


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_button_of_a_project_has_words_of_its_own(desk, client_of, language):
    desk.earlier()
    pk = Project.objects.get(name=HOTLINE).pk
    page = text(client_of("officer", language).get(address("project", pk) + "?year=2021"))
    found = re.findall(r'<a class="(?:button )?small" href="([^"]+)">(.*?)</a>', page)
    words = [said for _, said in found]
    assert len({path for path, _ in found}) >= 4
    assert len(set(words)) == len(words)


def test_names_and_values_of_a_stranger_stand_as_text(desk, client_of):
    desk.opened()
    project = ready(
        desk, add(desk, SCRIPT, values={"targets": "是", "overview": SCRIPT}, midterm={"midterm_goal": SCRIPT})
    )
    want(desk, project, transfers=[{"document": SCRIPT}])
    indicate(desk, project, 2022, ("quality", SCRIPT, SCRIPT))
    attach(desk, project, SimpleUploadedFile(SCRIPT, b"x"))
    enter(desk, project)
    pages = [
        address("projects"), address("project", project.pk) + "?year=2022", address("project-change", project.pk),
        address("project-year", project.pk, 2022), address("project-indicators", project.pk, 2022),
        address("budget-projects", desk.budget().pk),
    ]  # fmt: skip
    for path in pages:
        page = text(client_of("officer").get(path))
        assert "&lt;script&gt;" in page, path
        assert "<script>alert" not in page
        assert '"onmouseover' not in page
    change(desk, project, ends=None)
    page = text(client_of("head").get(address("library-rank", desk.unit.pk)))
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


# --- forms ---------------------------------------------------------------------------------------------------------


def test_project_is_added_with_every_fault_at_its_field_and_what_was_typed_kept(desk, client_of):
    client = client_of("officer")
    sent = typed(text(client.get(address("project-add"))))
    page = text(
        client.post(
            address("project-add"), {**sent, "name": "新热线", "midterm_fiscal": "一千", "midterm_from": "去年"}
        ),
        422,
    )
    assert page.count('class="field bad"') == 2
    assert 'value="一千"' in page
    assert 'value="去年"' in page
    answer = client.post(address("project-add"), {**sent, "name": "新热线", "targets": "on", "midterm_fiscal": "1,000"})
    project = Project.objects.get()
    assert answer["Location"] == address("project", project.pk)
    assert (project.values["targets"], project.midterm["midterm_fiscal"], project.state) == (
        True,
        100_000,
        ProjectState.CANDIDATE,
    )


def test_second_who_changes_a_project_sees_both_and_may_save_then(desk, client_of):
    project = add(desk)
    client = client_of("second")
    sent = typed(text(client.get(address("project-change", project.pk))))
    change(desk, project, values={**project.values, "division": "甲科"})
    page = text(client.post(address("project-change", project.pk), {**sent, "division": "乙科"}), 422)
    assert "甲科" in page
    assert 'value="乙科"' in page
    again = client.post(address("project-change", project.pk), typed(page))
    assert again.status_code == 302
    project.refresh_from_db()
    assert project.values["division"] == "乙科"


def test_indicators_are_added_row_by_row_without_a_script(desk, client_of):
    project = add(desk)
    client, path = client_of("officer"), address("project-indicators", project.pk, 2022)
    sent = typed(text(client.get(path)))
    first = {"indicators-0-kind": "quality", "indicators-0-name": "接通率", "indicators-0-value": "≥98%/月"}
    half = {"indicators-1-kind": "quantity", "indicators-1-name": "", "indicators-1-value": "100席"}
    page = text(client.post(path, {**sent, **first, **half}), 422)
    assert page.count("没有填写") == 1
    assert "100席" in page
    assert not project.indicators.exists()
    answer = client.post(path, {**sent, **first, **half, "indicators-1-name": "坐席", "more": "1"})
    assert answer["Location"] == f"{path}#more"
    page = text(client.get(path))
    assert "≥ 98 % / 月" in page
    sent = typed(page)
    assert sent["indicators-TOTAL_FORMS"] == "6"
    # The second goes first, the first is emptied, a third comes.
    sent |= {"indicators-0-kind": "", "indicators-0-name": "", "indicators-0-value": "", "indicators-1-ORDER": "9"}
    sent |= {
        "indicators-2-kind": "cost",
        "indicators-2-name": "总成本",
        "indicators-2-value": "控制在340万元内",
        "indicators-2-ORDER": "1",
    }
    assert client.post(path, sent).status_code == 302
    assert list(project.indicators.values_list("name", "position")) == [("总成本", 1), ("坐席", 2)]


def test_indicator_that_stands_twice_is_marked_in_its_row(desk, client_of):
    project = add(desk)
    client, path = client_of("officer"), address("project-midterm", project.pk)
    sent = typed(text(client.get(path)))
    for row in (0, 2):
        sent |= {
            f"indicators-{row}-kind": "quality",
            f"indicators-{row}-name": "接通率",
            f"indicators-{row}-value": f"{row + 1}%",
        }
    page = text(client.post(path, sent), 422)
    row = re.search(r'<td class="c-name bad">.*?</td>', page, re.DOTALL)
    assert row
    assert 'name="indicators-2-name"' in row[0]


def test_second_at_the_indicators_sees_those_of_the_first(desk, client_of):
    project = add(desk)
    client, path = client_of("second"), address("project-indicators", project.pk, 2022)
    sent = typed(text(client.get(path)))
    indicate(desk, project, 2022, ("quality", "甲的指标", "1%"))
    sent |= {"indicators-0-kind": "quality", "indicators-0-name": "乙的指标", "indicators-0-value": "2%"}
    page = text(client.post(path, sent), 422)
    assert "甲的指标" in page
    assert "乙的指标" in page
    assert client.post(path, typed(page)).status_code == 302
    assert [one.name for one in project.indicators.all()] == ["乙的指标"]


def test_year_begins_with_the_one_before_and_keeps_what_was_typed(desk, client_of):
    project = add(desk)
    want(desk, project, 2022, "1000", procurement=[{"category": "goods", "amount": "5"}])
    client, path = client_of("officer"), address("project-year", project.pk, 2023)
    page = text(client.get(path))
    assert "2022" in page
    sent = typed(page)
    assert (sent["amount"], sent["procurement-0-amount"]) == ("1000.00", "5.00")
    page = text(client.post(path, {**sent, "amount": "很多", "procurement-1-category": "works"}), 422)
    assert 'value="很多"' in page
    # A cell that cannot be read waits until the form itself is right.
    page = text(client.post(path, {**sent, "procurement-1-category": "works", "procurement-1-amount": "x"}), 422)
    assert "未保存。原因见下列标出的行。" in page
    assert re.search(r'<td class="c-amount bad">', page)
    assert client.post(path, {**sent, "amount": "1,200"}).status_code == 302
    assert project.years.get(year=2023).amount == 120_000
    assert project.years.get(year=2022).amount == 100_000


def test_second_at_a_year_sees_both(desk, client_of):
    project = add(desk)
    client, path = client_of("second"), address("project-year", project.pk, 2022)
    sent = typed(text(client.get(path)))
    want(desk, project, 2022, "1000", procurement=[{"category": "goods", "amount": "77"}])
    page = text(client.post(path, {**sent, "amount": "2000"}), 422)
    assert "1000.00" in page
    assert 'value="2000"' in page
    assert "77.00" in page


def test_year_that_is_not_the_projects_is_a_404(desk, client_of):
    project = add(desk)
    for name in ("project-year", "project-indicators"):
        assert client_of("officer").get(address(name, project.pk, 2030)).status_code == 404
    assert client_of("officer").get(address("project", project.pk) + "?year=٢٠٢٢").status_code == 200


# --- ranking -------------------------------------------------------------------------------------------------------


def test_head_moves_a_project_up_without_a_script(desk, client_of):
    one, two = add(desk, "甲", ends=None), add(desk, "乙", ends=None)
    client, path = client_of("head"), address("library-rank", desk.unit.pk)
    order = re.findall(r'name="order" value="(\d+)"', text(client.get(path)))
    assert order == [str(two.pk), str(one.pk)]
    answer = client.post(path, {"order": order, "up": str(one.pk)})
    assert answer["Location"] == f"{path}#p{one.pk}"
    assert re.findall(r'name="order" value="(\d+)"', text(client.get(path))) == order[::-1]
    # Another began with what was there before.
    page = text(client.post(path, {"order": order}), 409)
    assert "排序刚被别人修改" in page
    assert client_of("officer").get(path).status_code == 403
    assert client_of("other_head").get(path).status_code == 404


# --- attachments ---------------------------------------------------------------------------------------------------


def test_attachment_is_a_download_that_runs_nowhere(desk, client_of):
    project = add(desk)
    client = client_of("officer")
    page = SimpleUploadedFile('立项"批复.html', b"<script>alert(1)</script>", content_type="text/html")
    assert (
        client.post(
            address("project-attach", project.pk), {"files": [page, SimpleUploadedFile("b.svg", b"<svg/>")]}
        ).status_code
        == 302
    )
    made = project.attachments.get(name__contains="批复")
    for who in ("officer", "head", "reviewer", "auditor", "administrator"):
        answer = client_of(who).get(address("project-file", project.pk, made.pk))
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
        assert answer["Content-Disposition"].startswith("attachment;")
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert client_of("stranger").get(address("project-file", project.pk, made.pk)).status_code == 404
    other = add(desk, "另一个")
    assert client.get(address("project-file", other.pk, made.pk)).status_code == 404
    client.post(address("project-detach", project.pk, made.pk))
    assert client.get(address("project-file", project.pk, made.pk)).status_code == 404


def test_attachment_that_cannot_be_taken_says_so_on_the_page(desk, client_of):
    project = add(desk)
    page = text(
        client_of("officer").post(address("project-attach", project.pk), {"files": SimpleUploadedFile("a.txt", b"")}),
        422,
    )
    assert "空文件" in page
    page = text(client_of("officer").post(address("project-attach", project.pk)), 422)
    assert "没有选择文件" in page


# --- a budget's projects -------------------------------------------------------------------------------------------


def test_officer_puts_projects_in_bulk_brings_them_up_to_date_and_takes_them_out(desk, client_of):
    desk.opened()
    one, two = (ready(desk, add(desk, name)) for name in ("甲", "乙"))
    pk, client = desk.budget().pk, client_of("officer")
    page = text(client.get(address("budget-projects", pk)))
    assert page.count('type="checkbox"') == 2
    assert "没有选择项目" in text(client.post(address("budget-enter", pk)), 422)
    assert client.post(address("budget-enter", pk), {"project": [one.pk, two.pk]}).status_code == 302
    assert Row.objects.filter(budget=pk, sheet="projects", gone=False).count() == 2
    change(desk, one, values={**one.values, "division": "甲科"})
    page = text(client.get(address("budget-projects", pk)))
    assert "与项目库不一致" in page
    assert client.post(address("budget-enter", pk), {"project": one.pk}).status_code == 302
    assert "与项目库不一致" not in text(client.get(address("budget-projects", pk)))
    assert client.post(address("budget-leave", pk), {"name": "甲"}).status_code == 302
    library = text(client.get(address("projects")))
    assert library.count(f'href="{address("budget-projects", pk)}"') == 1  # only one of them stands in it now
    page = text(client_of("head").get(address("budget-projects", pk)))
    assert "checkbox" not in page
    assert '<button class="small danger"' not in page


def test_project_with_lines_says_why_it_stays(desk, client_of):
    desk.earlier()
    desk.opened()
    years.copy_forward(actor=desk.officer, budget=desk.budget(), now=timezone.now())
    page = text(client_of("officer").post(address("budget-leave", desk.budget().pk), {"name": HOTLINE}), 422)
    assert "请先改掉这些行" in page
