"""What a course's page is made of beside its text."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, PageChooserPanel, Panel
from wagtail.models import Orderable

from learning.enums import CountsFor


class CourseOutcome(Orderable):
    """One thing that the participant can do afterwards."""

    course = ParentalKey("learning.CoursePage", on_delete=models.CASCADE, related_name="outcomes")
    text = models.CharField(_("outcome"), max_length=300, help_text=_("A sentence that begins “Du kan …”."))

    panels: ClassVar[list[Panel]] = [FieldPanel("text")]

    class Meta(Orderable.Meta):
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")

    def __str__(self) -> str:
        return self.text


class CompetenceLink(Orderable):
    """From which level to which level a course lifts a competence, and what completing it counts for."""

    course = ParentalKey("learning.CoursePage", on_delete=models.CASCADE, related_name="competence_links")
    competence = models.ForeignKey(
        "profiles.Competence", verbose_name=_("competence"), on_delete=models.PROTECT, related_name="+"
    )
    from_level = models.PositiveSmallIntegerField(
        _("from level"), help_text=_("The number of the level one should have before, for example 2.")
    )
    to_level = models.PositiveSmallIntegerField(
        _("to level"), help_text=_("The number of the level that the course lifts to, for example 3.")
    )
    counts_for = models.CharField(_("completing it"), max_length=12, choices=CountsFor, default=CountsFor.NOTHING)

    panels: ClassVar[list[Panel]] = [
        FieldPanel("competence"),
        FieldRowPanel([FieldPanel("from_level"), FieldPanel("to_level")]),
        FieldPanel("counts_for"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("competence link")
        verbose_name_plural = _("competence links")
        constraints = [
            # A plan asks which course closes a gap: exactly one answer for each course and competence.
            models.UniqueConstraint(
                fields=["course", "competence"],
                name="learning_link_once",
                violation_error_message=_("The course already lifts this competence. Keep one of the two."),
            ),
            # A course that lifts from 3 to 3 would be suggested for ever and close no gap.
            models.CheckConstraint(
                condition=Q(from_level__lt=F("to_level")),
                name="learning_link_lifts",
                violation_error_message=_("The course must lift to a higher level than it begins from."),
            ),
            models.CheckConstraint(condition=Q(from_level__gte=1), name="learning_link_from_first_level"),
        ]

    def __str__(self) -> str:
        return f"{self.competence}: {self.from_level}–{self.to_level}"

    def clean(self) -> None:
        """Say at the field what the rules would refuse, and what only the competence's scale knows.

        Raises:
            ValidationError: a level is missing from the scale, or the course lifts nothing.
        """
        super().clean()
        low, high = self.from_level, self.to_level
        if low is None or high is None or self.competence_id is None:
            return
        if low < 1:
            raise ValidationError({"from_level": _("The lowest level is 1.")})
        if high <= low:
            raise ValidationError({"to_level": _("Choose a level above the one that the course begins from.")})
        if high > (top := self.competence.scale.levels.count()):
            message = _("The scale of this competence ends at level %(top)s.") % {"top": top}
            raise ValidationError({"to_level": message})


class CourseProfile(Orderable):
    """A profile that the editor has chosen, beside those that follow from the competences."""

    course = ParentalKey("learning.CoursePage", on_delete=models.CASCADE, related_name="chosen_profiles")
    profile = models.ForeignKey(
        "profiles.ProfilePage", verbose_name=_("profile"), on_delete=models.CASCADE, related_name="+"
    )

    panels: ClassVar[list[Panel]] = [PageChooserPanel("profile", "profiles.ProfilePage")]

    class Meta(Orderable.Meta):
        verbose_name = _("related profile")
        verbose_name_plural = _("related profiles")
        constraints = [
            # A profile's list of courses shows each course once.
            models.UniqueConstraint(fields=["course", "profile"], name="learning_profile_once"),
        ]

    def __str__(self) -> str:
        return str(self.profile)
