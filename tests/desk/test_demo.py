"""What exists in the demo only: the mailbox and the logins that everybody knows."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.models import Collection, Page
from wagtail.permissions import policy_registry

from portal.accounts.api import ADMINISTRATORS
from portal.accounts.models import User
from portal.core.mail import Attachment, queue_mail
from portal.core.roles import Role
from portal.desk import groups
from portal.desk.example_users import (
    EXAMPLE_PASSWORD,
    NotADemoError,
    create_example_users,
    example_logins,
    example_people,
)
from portal.desk.groups import EDITORS_KL, files_of
from portal.desk.rights import UnknownPermissionError, setup_groups
from portal.organisations.api import Party
from tests.factories import pages as make
from tests.factories.accounts import administrator, editor, holder, user
from tests.factories.events import event_index
from tests.factories.learning import course_index
from tests.factories.organisations import region

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings: Any) -> None:
    settings.DEMO = True
    settings.ROOT_URLCONF = "tests.desk.demo_urls"


def mail(**values: Any) -> Any:
    with transaction.atomic():
        return queue_mail(**{"to": "kim@hk.example", "subject": "Din plads", "text": "Hej Kim\n\nVi ses.", **values})


@pytest.mark.usefixtures("demo")
class TestMailbox:
    """/demo/post/."""

    def test_it_lists_the_mails_newest_first_and_shows_one(self, client: Client) -> None:
        mail(subject="Den første")
        last = mail(subject="Den <b>anden</b>", attachments=(Attachment.from_bytes("møde.ics", "text/calendar", b"X"),))
        html = client.get("/demo/post/").content.decode()
        assert html.index("Den &lt;b&gt;anden") < html.index("Den første")
        one = client.get(f"/demo/post/{last.uuid}/").content.decode()
        for text in ("kim@hk.example", "Vi ses.", "møde.ics"):
            assert text in one

    def test_it_says_when_there_is_none_and_is_never_stored(self, client: Client) -> None:
        response = client.get("/demo/post/")
        assert "Ingen mails endnu" in response.content.decode()
        assert "no-store" in response["Cache-Control"]
        assert client.post("/demo/post/").status_code == 405

    def test_what_is_no_mail_is_not_shown(self, client: Client) -> None:
        from portal.core import outbox

        with transaction.atomic():
            other = outbox.enqueue("search.index", {"secret": "hemmeligt"})
        assert "hemmeligt" not in client.get("/demo/post/").content.decode()
        assert client.get(f"/demo/post/{other.uuid}/").status_code == 404


def test_outside_the_demo_there_is_no_mailbox(client: Client, settings: Any) -> None:
    mail()
    assert client.get("/demo/post/").status_code == 404
    # Even where somebody lists the addresses by mistake.
    settings.ROOT_URLCONF = "tests.desk.demo_urls"
    assert client.get("/demo/post/").status_code == 404


def test_the_example_logins_exist_in_the_demo_only(settings: Any) -> None:
    with pytest.raises(NotADemoError):
        create_example_users()
    assert not User.objects.exists()
    settings.DEMO = True
    assert len(create_example_users()) == len(example_people())
    assert {person.role for person in example_logins()} == set(Role)
    for wanted in example_logins():
        assert Client().login(email=wanted.email, password=EXAMPLE_PASSWORD)
        made = User.objects.get(email=wanted.email)
        assert {row.role for row in made.memberships.all()} <= {wanted.role}
        assert not made.is_superuser


def test_a_changed_password_stays_changed(settings: Any) -> None:
    settings.DEMO = True
    create_example_users()
    changed = User.objects.get(email=example_logins()[0].email)
    changed.set_password("noget-andet-2026")
    changed.save()
    assert create_example_users() == []
    assert Client().login(email=changed.email, password="noget-andet-2026")


class TestGroups:
    """`setup_groups`."""

    def test_the_table_is_applied_once_and_members_stay(self) -> None:
        assert set(setup_groups()) == {spec.name for spec in groups.groups()}
        kim = editor()
        assert setup_groups() == []
        assert kim.groups.count() == 1
        out = StringIO()
        call_command("setup_groups", stdout=out)
        assert "as they should be" in out.getvalue()

    def test_what_somebody_gave_by_hand_is_taken_back(self) -> None:
        from django.contrib.auth.models import Group, Permission

        setup_groups()
        group = Group.objects.get(name=EDITORS_KL)
        group.permissions.add(Permission.objects.get(codename="view_auditentry"))
        assert setup_groups() == [EDITORS_KL]
        assert not group.permissions.filter(codename="view_auditentry").exists()

    def test_a_right_that_does_not_exist_is_an_error_and_changes_nothing(self, monkeypatch: Any) -> None:
        from django.contrib.auth.models import Group

        wrong = groups.GroupSpec("Forkert", {"profiles.ukendt": ("change",)})
        monkeypatch.setattr(groups, "groups", lambda: (wrong,))
        with pytest.raises(UnknownPermissionError):
            setup_groups()
        assert not Group.objects.filter(name="Forkert").exists()

    def test_wagtails_english_groups_go_while_nobody_uses_them(self) -> None:
        from django.contrib.auth.models import Group

        kim = user()
        kim.groups.add(Group.objects.get(name="Editors"))
        setup_groups()
        assert Group.objects.filter(name="Editors").exists()
        assert not Group.objects.filter(name="Moderators").exists()

    def test_an_editor_writes_and_publishes_below_the_home_page(self, client: Client) -> None:
        page = make.standard_page(published=False)
        client.force_login(editor())
        assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200
        rights = Page.objects.get(pk=page.pk).permissions_for_user(editor("b@hk.example"))
        assert rights.can_edit()
        assert rights.can_publish()

    def test_an_editor_does_not_reach_what_belongs_to_administrators(self, client: Client) -> None:
        for person, allowed in ((editor(), False), (administrator(), True)):
            client.force_login(person)
            for name in ("wagtailusers_groups:index", "wagtailsites:index", "wagtailusers_users:index"):
                assert (client.get(reverse(name)).status_code == 200) is allowed, name
        assert administrator("b@hk.example").groups.get().name == ADMINISTRATORS

    def test_a_partys_editors_keep_its_files_and_the_shared_ones_and_choose_all(self) -> None:
        kim = editor()
        hk, kl = (Collection.objects.get(name=files_of(Party.objects.get(key=key))) for key in ("hk", "kl"))
        policy = policy_registry.get_by_type(get_image_model())
        may = {verb: set(policy.collections_user_has_permission_for(kim, verb)) for verb in ("add", "choose")}
        assert hk in may["add"]
        assert kl not in may["add"]
        assert {hk, kl, Collection.get_first_root_node()} <= may["choose"]

    @pytest.mark.parametrize(("role", "place"), [(Role.PROVIDER, {"provider": "skolen"}), (Role.ORGANISER, {})])
    def test_a_provider_and_an_organiser_write_below_their_index_and_publish_nothing(
        self, role: Role, place: dict[str, Any]
    ) -> None:
        pages: list[Any] = [course_index(), event_index()]
        own, other = pages if role == Role.PROVIDER else reversed(pages)
        kim = holder(role, **(place or {"region": region()}))
        rights, foreign = (Page.objects.get(pk=page.pk).permissions_for_user(kim) for page in (own, other))
        assert rights.can_add_subpage()
        assert not rights.can_publish_subpage()
        assert not rights.can_edit()
        assert not foreign.can_add_subpage()
