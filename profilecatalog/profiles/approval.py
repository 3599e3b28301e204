"""What a policy asks of a profile: the release that would be frozen is what the parties approve."""

from typing import Any

from profilecatalog.profiles.enums import ReleaseChange


class ApprovedAsRelease:
    """The answers of a profile page; those of other pages stand in `portal.core.models.BasePage`."""

    pk: Any
    first_published_at: Any
    release_change: str
    releases: Any
    publishers: Any

    def change_kind(self) -> str:
        """Return what the editor says of the next release; without a release before it, it is the first, whatever she says.

        A copy keeps the time of its source's first publication, so only a release counts. It is asked for where she has
        chosen: a list of pages costs no query for each row.
        """
        if not self.release_change:
            return "" if self.first_published_at else ReleaseChange.FIRST
        return self.release_change if self.pk and self.releases.exists() else ReleaseChange.FIRST

    @classmethod
    def change_labels(cls) -> dict[str, Any]:
        """Return the kinds of release."""
        return dict(ReleaseChange.choices)

    def publisher_keys(self) -> frozenset[str]:
        """Return the parties that stand behind the profile."""
        return frozenset(row.party.key for row in self.publishers.all())

    def resolved_content(self) -> Any:
        """Return the release that would be frozen: the words of its competences are approved with it."""
        from profilecatalog.profiles.services.resolve import resolve

        page: Any = self
        return resolve(page).document.content

    def hold_content(self, *drafts: Any) -> None:
        """Lock the competences of the profile and of its drafts."""
        from profilecatalog.profiles.services.releases import hold_competences

        page: Any = self
        hold_competences(page, *drafts)
