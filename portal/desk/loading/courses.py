"""The example courses with their providers and runs; days are relative to the day of loading."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from learning.api import (
    CourseIndexPage,
    CoursePage,
    CourseRunSpec,
    CourseSpec,
    LinkSpec,
    Provider,
    ProviderSpec,
    RunSpec,
    load_course,
    load_provider,
)
from portal.core.local_time import moment
from portal.desk.loading.bodies import native_body
from portal.desk.loading.context import Loading, Row, read
from portal.desk.loading.meetings import LAST_MINUTE, day_of, found
from portal.organisations.api import Municipality
from portal.seats.api import OfferingSpec


def load_courses(loading: Loading) -> None:
    """Load the providers and courses that have never been loaded."""
    parent = loading.find("index:courses")
    if not isinstance(parent, CourseIndexPage):
        return
    files = read("courses")
    providers = {row["key"]: ProviderSpec(**row) for row in files["provider"]}
    for key, provider in providers.items():
        if loading.wants(f"provider:{key}") and not Provider.objects.filter(key=key).exists():
            loading.remember(f"provider:{key}", load_provider(actor=None, spec=provider))
    municipalities = {municipality.code: municipality for municipality in Municipality.objects.all()}
    featured = read("site")["home"].get("featured_course")
    made = 0
    for row in files["course"]:
        key = f"course:{row['key']}"
        if loading.wants(key) and not CoursePage.objects.filter(key=row["key"]).exists():
            # A fresh row: treebeard counts children on the object that it is given.
            parent = CourseIndexPage.objects.get(pk=parent.pk)
            spec = _spec(loading, row, providers, municipalities, featured=row["key"] == featured)
            loading.remember(key, load_course(actor=None, parent=parent, spec=spec))
            made += 1
    loading.say(f"course: {made}")


def _spec(
    loading: Loading,
    row: Row,
    providers: dict[str, ProviderSpec],
    municipalities: dict[str, Municipality],
    *,
    featured: bool,
) -> CourseSpec:
    return CourseSpec(
        key=row["key"],
        title=row["title"],
        provider=providers[row["provider"]],
        lead=row["lead"],
        audience=row.get("audience", ""),
        body=native_body(loading, row["content"]),
        outcomes=tuple(row["outcome"]),
        prerequisites=row.get("prerequisites", ""),
        duration=row.get("duration", ""),
        ects=Decimal(str(row["ects"])) if "ects" in row else None,
        qualifying=row["qualifying"],
        price_dkk=row.get("price_dkk"),
        order_of_admission=row.get("order_of_admission", ""),
        exam_form=row.get("exam_form", ""),
        project=_origin(loading, "project", row),
        publication=_origin(loading, "publication", row),
        featured=featured,
        links=_links(loading, row),
        profiles=found(loading, "profile", row.get("profiles", [])),
        runs=tuple(
            RunSpec(key=str(number), run=_run(loading, run, municipalities))
            for number, run in enumerate(row.get("runs", []), start=1)
        ),
    )


def _origin(loading: Loading, kind: str, row: Row) -> Any:
    """Return the first project, or publication, that the course grew out of."""
    keys = (f"{kind}:{key}" for key in row.get("grew_out_of", []))
    return next((loading.find(key) for key in keys if not loading.wants(key)), None)


def _links(loading: Loading, row: Row) -> tuple[LinkSpec, ...]:
    competences = ((link, loading.find(f"competence:{link['competence']}")) for link in row.get("competences", []))
    return tuple(
        LinkSpec(competence=competence, from_level=link["from"], to_level=link["to"], counts_for=link["counts_for"])
        for link, competence in competences
        if competence is not None
    )


def _run(loading: Loading, row: Row, municipalities: dict[str, Municipality]) -> CourseRunSpec:
    starts = day_of(loading.today, {"in_days": row["start_in_days"]})
    municipality = municipalities.get(row.get("municipality", ""))
    deadline = moment(starts - timedelta(days=row["deadline_days_before"]), LAST_MINUTE)
    return CourseRunSpec(
        starts=starts,
        ends=starts + timedelta(days=row["days"] - 1),
        place=row.get("place", ""),
        online=municipality is None,
        municipality=municipality,
        seats=OfferingSpec(capacity=row.get("seats"), deadline=deadline),
    )
