"""Example answers beside real ones: removing the examples takes nothing else along."""

import pytest
from django.utils import timezone

from profilecatalog.assessment.api import load_example_responses, remove_example_responses
from profilecatalog.assessment.models import Response, Round
from tests.factories.assessment import answers, level, municipality, profile, release_of, respond

pytestmark = pytest.mark.django_db


def test_removing_the_examples_leaves_real_answers_in_the_same_round() -> None:
    release, where, today = release_of(profile()), municipality(), timezone.localdate()
    examples = [answers(release, level(2)), answers(release, level(3))]
    load_example_responses(release=release, municipality=where, responses=examples, on=today, today=today)
    [real] = respond(release, [answers(release, level(4))], where=where)
    assert Round.objects.get().responses.count() == 3
    remove_example_responses()
    assert Response.objects.get() == real
    assert Round.objects.get().responses.get() == real


def test_a_round_that_held_examples_only_goes_with_them() -> None:
    release, today = release_of(profile()), timezone.localdate()
    load_example_responses(
        release=release, municipality=municipality(), responses=[answers(release, level(2))], on=today, today=today
    )
    remove_example_responses()
    assert not Round.objects.exists()
