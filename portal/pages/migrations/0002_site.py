"""A fresh database has a working site: Wagtail's welcome page becomes our home page, in Danish.

A database whose site points elsewhere already is left as it is.
"""

from typing import Any

from django.db import migrations

TEXTS = {
    "title": "Forside",
    "slug": "forside",
    "hero_title": "Se, hvad dit job kræver nu og fremover",
    "hero_lead": "Kompetenceportalen beskriver kompetencerne i kommunernes administrative job og hjælper dig videre "
    "med selvvurdering, kurser og møder.",
    "search_label": "Søg efter job, kompetence, kursus eller møde",
}


def _welcome_page(apps: Any) -> Any:
    """Return the root page of the default site if it is Wagtail's own and nobody has changed its type."""
    site = apps.get_model("wagtailcore", "Site").objects.filter(is_default_site=True).first()
    if site is None:
        return None
    page = apps.get_model("wagtailcore", "Page").objects.get(pk=site.root_page_id)
    is_plain = page.content_type.app_label == "wagtailcore" and page.content_type.model == "page"
    return page if is_plain and page.depth == 2 else None


def make_home(apps: Any, schema_editor: Any) -> None:
    """Give the welcome page a row of ours and Danish texts; its key, and so the site's root, stays."""
    page = _welcome_page(apps)
    if page is None:
        return
    home_model = apps.get_model("pages", "HomePage")
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="pages", model="homepage"
    )
    home = home_model(page_ptr_id=page.pk)
    for field in page._meta.concrete_fields:
        setattr(home, field.attname, getattr(page, field.attname))
    for name, text in TEXTS.items():
        setattr(home, name, text)
    home.draft_title = home.title
    home.url_path = f"/{home.slug}/"
    home.content_type_id = content_type.pk
    home.save()
    apps.get_model("wagtailcore", "Site").objects.filter(root_page_id=page.pk).update(
        hostname="localhost", site_name="Kompetenceportalen"
    )


def unmake_home(apps: Any, schema_editor: Any) -> None:
    """Turn the home page back into a plain page, so that the tables may go."""
    plain, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label="wagtailcore", model="page")
    home_model = apps.get_model("pages", "HomePage")
    apps.get_model("wagtailcore", "Page").objects.filter(
        pk__in=list(home_model.objects.values_list("pk", flat=True))
    ).update(content_type_id=plain.pk)
    for home in home_model.objects.all():
        home.delete(keep_parents=True)


class Migration(migrations.Migration):
    """The site as a fresh database has it."""

    dependencies = [
        ("pages", "0001_pages"),
        ("wagtailcore", "0098_apitoken"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_home, unmake_home)]
