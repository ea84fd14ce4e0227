"""The directory lists the forms, all of them and no others."""

from tests.rules.samples import budget
from tests.rules.targets.forms import directory, form
from tests.support.documents import HEAD, findings, state

CODE = "directory-differs-from-forms"
FORMS = form() + form(project="热线服务外包", number="2")


def test_directory_of_the_forms_holds():
    assert state(HEAD + directory("网站内容运维", "热线服务外包") + FORMS, CODE) == "held"


def test_directory_with_other_blanks_and_brackets_holds():
    assert state(HEAD + directory("网站内容（运维）", "热线 服务外包") + FORMS, CODE) == "held"


def test_listed_project_without_a_form_is_named():
    (finding,) = findings(HEAD + directory("网站内容运维", "热线服务外包", "食堂改造工程") + FORMS, CODE)
    assert "食堂改造工程" in finding.message.zh
    assert "食堂改造工程" in finding.message.en


def test_form_that_is_not_listed_is_named():
    (finding,) = findings(HEAD + directory("网站内容运维") + FORMS, CODE)
    assert "热线服务外包" in finding.message.zh


def test_directory_without_forms_is_not_evaluated():
    assert state(HEAD + directory("网站内容运维"), CODE) == "not-evaluated"


def test_form_whose_name_was_not_read_is_not_evaluated():
    assert state(HEAD + directory("网站内容运维") + form(project=""), CODE) == "not-evaluated"


def test_budget_without_a_directory_is_not_applicable():
    assert state(budget(), CODE) == "not-applicable"
