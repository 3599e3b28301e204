"""Each house check finds the bad example and lets the good one beside it pass."""

from collections.abc import Callable, Iterable, Iterator

import pytest

from tests.house import budgets, committed, floors, migrations, templates
from tests.house.findings import Finding, Source, committed_sources, python_sources, template_sources

Check = Callable[[Iterable[Source]], Iterator[Finding]]
HEAD = "{# page: the page #}\n"


def findings(check: Check, path: str, text: str) -> list[str]:
    return [finding.message for finding in check([Source(path, text)])]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("profilecatalog/profiles/pages.py", 'x = PageChooserPanel("course", "learning.CoursePage")'),
        ("profilecatalog/profiles/views.py", 'redirect("assessment:start")'),
        ("portal/core/sections.py", 'import_module("portal.desk.selectors")'),
        ("events/views.py", 'x = "learning.CoursePage"'),
        ("search/views.py", 'render(request, "profiles/profile_page.html")'),
    ],
)
def test_a_string_that_names_an_upper_or_a_sibling_app_is_found(path: str, text: str) -> None:
    assert len(findings(floors.check_python, path, text)) == 1


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("events/pages.py", 'parent_page_types = ["pages.HomePage"]'),
        ("events/views.py", 'render(request, "events/event_page.html")'),
        ("portal/settings/base.py", 'INSTALLED_APPS = ["portal.desk"]'),
        ("portal/core/models/pages.py", 'x = "wagtailcore.Page"'),
        ("portal/core/models/pages.py", 'x = "a sentence about learning: and events"'),
    ],
)
def test_a_string_that_names_what_is_below_passes(path: str, text: str) -> None:
    assert findings(floors.check_python, path, text) == []


@pytest.mark.parametrize(
    ("path", "text", "count"),
    [
        ("templates/profiles/profile_page.html", "{% url 'events:list' %}", 1),
        ("templates/base.html", '{% include "desk/dashboard.html" %}', 1),
        ("templates/components/card.html", '{% include "learning/x.html" %}', 1),
        ("templates/learning/course_page.html", '{% extends "events/base.html" %}', 1),
        ("templates/desk/municipality.html", '{% include "learning/x.html" %}{% url "events:list" %}', 0),
        ("templates/profiles/profile_page.html", '{% extends "base.html" %}{% include "components/card.html" %}', 0),
    ],
)
def test_templates_name_only_what_is_below(path: str, text: str, count: int) -> None:
    assert len(findings(floors.check_templates, path, text)) == count


def test_every_package_with_code_stands_on_a_floor() -> None:
    homeless = {
        source.path
        for source in python_sources()
        if floors.package_of(source.path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")) is None
        and source.path not in {"portal/__init__.py", "profilecatalog/__init__.py"}
    }
    assert homeless == set()


def migration(*dependencies: str) -> str:
    return f"class Migration:\n    dependencies = {[('profiles', name) for name in dependencies]}\n"


def check_line(**files: str) -> list[str]:
    sources = [Source(f"profilecatalog/profiles/migrations/{name}.py", text) for name, text in files.items()]
    return [finding.message for finding in migrations.check(sources)]


def test_a_line_of_named_migrations_passes() -> None:
    line = {"0001_catalogue": migration(), "0002_releases": migration("0001_catalogue")}
    assert check_line(**line) == []


@pytest.mark.parametrize(
    "name", ["0001_initial", "0001_auto_20261121_2108", "0001_profile_title_and_more", "catalogue"]
)
def test_an_unnamed_migration_is_found(name: str) -> None:
    assert any("is named" in message for message in check_line(**{name: migration()}))


def test_a_fork_is_found() -> None:
    fork = {"0001_a": migration(), "0002_b": migration("0001_a"), "0002_c": migration("0001_a")}
    assert any("0003" in message for message in check_line(**fork))
    assert any("must depend on 0002_b" in message for message in check_line(**fork))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("README.md", "pip install --index https://" + "pypi" + ".org/simple x"),
        ("package-lock.json", '"resolved": "https://registry.' + "npmjs" + '.org/x"'),
        ("requirements.lock", "--index-" + "url http" + "s://example.org/"),
        ("docs/development.md", "see /" + "work/main/portal"),
        ("Makefile", "HOME_DIR = /" + "home/anna/src"),
    ],
)
def test_an_address_of_a_registry_or_a_machine_is_found(path: str, text: str) -> None:
    assert findings(committed.check, path, text)


def test_an_address_that_people_read_passes() -> None:
    assert findings(committed.check, "README.md", "See https://www.w3.org/TR/WCAG22/ and templates/work/x.html") == []


def test_a_module_or_class_over_budget_is_found_unless_it_gives_a_reason() -> None:
    body = "x = 1\n" * 401
    assert findings(budgets.check, "portal/core/x.py", f'"""Long."""\n{body}')
    assert not findings(budgets.check, "portal/core/x.py", f'"""Long.\n\nBudget: one table.\n"""\n{body}')
    long_class = "class Long:\n" + "    x = 1\n" * 201
    assert findings(budgets.check, "portal/core/x.py", long_class)


def test_long_functions_are_counted_without_their_docstring() -> None:
    documented = "def f():\n" + '    """' + "line\n    " * 50 + '"""\n    return 1\n'
    long = "def g():\n" + "    x = 1\n" * 40
    lengths = budgets.function_lengths([Source("a.py", documented + long)])
    assert [finding.message for finding in lengths.longest] == ["g has 41 lines"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("<p>x</p>", "head comment"),
        (HEAD + '<p style="color:red"></p>', "inline style"),
        (HEAD + "<script>alert(1)</script>", "inline script"),
        (HEAD + '<button onclick="x()"></button>', "inline handler"),
        (HEAD + '<a href="javascript:void(0)"></a>', "inline handler"),
        (HEAD + "<p>Læs mere</p>", "outside the catalogues"),
        (HEAD + '<img src="x" alt="A picture">', "outside the catalogues"),
    ],
)
def test_a_template_that_breaks_a_rule_is_found(text: str, word: str) -> None:
    assert any(word in message for message in findings(templates.check, "templates/x.html", text))


def test_a_template_that_keeps_the_rules_passes() -> None:
    good = (
        '{% extends "base.html" %}\n{% load i18n %}\n{# page: the page; rows: its rows #}\n'
        '<p class="lead">{% translate "Read more" %} {{ page.title }} · 3&nbsp;%</p>\n'
        "{% blocktranslate trimmed %}\n  Many words\n{% endblocktranslate %}\n"
        "<script src=\"{% static 'portal/js/x.js' %}\" defer></script>\n"
        '<img src="{{ x }}" alt="{% translate "A picture" %}">{# a comment with words #}\n'
    )
    assert findings(templates.check, "templates/x.html", good) == []


@pytest.mark.parametrize(
    ("check", "sources"),
    [
        (floors.check_python, python_sources),
        (floors.check_templates, template_sources),
        (migrations.check, python_sources),
        (committed.check, committed_sources),
        (templates.check, template_sources),
        (budgets.check, python_sources),
    ],
)
def test_the_repository_keeps_the_rule(check: Check, sources: Callable[[], Iterable[Source]]) -> None:
    assert [str(finding) for finding in check(sources())] == []
