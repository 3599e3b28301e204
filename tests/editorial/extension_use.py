"""Run in a process of its own, with the example package installed: a page goes through its step. Prints what happened."""

import json
import sys
from pathlib import Path

import django


def main(policy: Path) -> dict[str, object]:
    from django.contrib.auth.models import Group
    from django.test import Client
    from django.urls import reverse
    from municipal_lawyer.models import Opinion

    from portal.accounts.strength import METHODS_KEY
    from portal.core.errors import RefusedError
    from portal.editorial.api import Definition, StepState, submission_send
    from portal.editorial.policies import policy_for
    from portal.editorial.storing import definitions_import
    from portal.pages.api import StandardPage
    from tests.factories.accounts import editor
    from tests.factories.pages import standard_page

    happened: dict[str, object] = {"installed": Definition.objects.filter(key="law").exists()}
    definitions_import(actor=None, files=[policy])
    lawyer, author = editor("jurist@hk.example"), editor("forfatter@hk.example")
    lawyer.groups.add(Group.objects.get_or_create(name="Jurister")[0])

    page = standard_page("Om loven", published=False, lead="Uden tegn.")
    other = standard_page("Om vejret", published=False)
    happened["bound"] = [getattr(policy_for(each), "key", "") for each in (page, other)]
    happened["refused"] = []
    try:
        page.get_latest_revision().publish()
    except RefusedError as error:
        happened["refused"] = str(error)

    submission = submission_send(page=page, actor=author)
    first = StepState.steps.get(workflow_state=submission.workflow_state)
    happened["check"] = [first.status, first.findings[0]["message"], first.findings[0]["check"]]
    draft = page.get_latest_revision_as_object()
    draft.lead = "Om § 3."
    draft.save_revision(user=author)
    submission_send(page=page, actor=author)
    state = StepState.steps.waiting().get(workflow_state=submission.workflow_state)
    happened["waits"] = [state.task.specific.key, StandardPage.objects.get(pk=page.pk).live]

    client = Client()
    client.force_login(lawyer)
    session = client.session
    session[METHODS_KEY] = [{"method": "mfa"}]
    session.save()
    address = reverse("editorial:submission", args=[submission.uuid])
    shown = client.get(address)
    text = shown.content.decode()
    happened["drawn"] = [shown.status_code, "Juristerne i Nabokommunen har 0 udtalelse" in text]
    read = text.split('name="read" value="', 1)[1].split('"', 1)[0]
    answer = {"state": state.pk, "seat": "lawyer", "read": read, "answer": "approve", "comment": "I orden."}
    happened["answered"] = client.post(address, answer).status_code
    happened["live"] = StandardPage.objects.get(pk=page.pk).live
    happened["journal"] = [opinion.text for opinion in Opinion.objects.all()]
    return happened


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]))))
