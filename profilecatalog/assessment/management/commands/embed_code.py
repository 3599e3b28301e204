"""`manage.py embed_code <municipality code> <profile>`: what a municipality puts on its intranet."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.organisations.api import Municipality
from profilecatalog.assessment.embedding import embed_html
from profilecatalog.assessment.models import EmbedKey
from profilecatalog.assessment.places import Place, UnknownPlaceError, find_release
from profilecatalog.assessment.services import create_embed_key


class Command(BaseCommand):
    """Uses the municipality's newest key that is in force, or makes its first one."""

    help = "Print the HTML by which a municipality shows the self-assessment on its own pages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the municipality's code and the profile's slug."""
        parser.add_argument("municipality", help="four digits, for example 0461")
        parser.add_argument("profile", help="the last part of the profile's address, for example borgerservice")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the snippet, and a line if no page may frame it yet.

        Raises:
            CommandError: there is no such municipality or profile.
        """
        municipality = Municipality.objects.filter(code=options["municipality"]).first()
        if municipality is None:
            raise CommandError(f"There is no municipality with the code {options['municipality']}.")
        try:
            release = find_release(options["profile"])
        except UnknownPlaceError as error:
            raise CommandError(f"There is no published profile {options['profile']}.") from error
        key = EmbedKey.objects.in_force().filter(municipality=municipality).order_by("-created", "-id").first()
        key = key or create_embed_key(municipality=municipality, actor=None)
        self.stdout.write(embed_html(key, slug=options["profile"], title=release.document.title))
        if not Place(key.public_id, municipality).ancestors:
            self.stderr.write(f"{municipality} has no pages yet that may show it; add them in its settings.")
