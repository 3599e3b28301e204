"""Scales and competence areas: the frame that competences are described in."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, Panel

from portal.core.mixins import UuidModel
from profilecatalog.profiles.querysets import AreaQuerySet, ScaleQuerySet

MAX_LEVEL = 9


def frozen_message() -> str:
    """Return the sentence that every refusal of a change to a scale in use gives."""
    return str(_("The scale is used in a published release and is frozen. Make a new scale instead."))


class Scale(UuidModel, ClusterableModel):
    """A ladder of levels.

    Answers and releases name a level by its number. If a scale in use could change, old answers would silently mean
    something else; therefore a scale that stands in a release is frozen whole, its name included.
    """

    key = models.SlugField(_("key"), max_length=60, unique=True, help_text=_("Short name for imports. Never changes."))
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    text_opening = models.CharField(
        _("level texts begin with"),
        max_length=30,
        blank=True,
        default="Jeg",
        help_text=_("The word that every level text begins with, for example “Jeg”. Empty: no rule."),
    )

    objects = ScaleQuerySet.as_manager()

    panels: ClassVar[list[Panel]] = [
        MultiFieldPanel(
            [FieldPanel("name"), FieldPanel("key"), FieldPanel("description"), FieldPanel("text_opening")],
            heading=_("Scale"),
        ),
        InlinePanel(
            "levels",
            heading=_("Levels"),
            label=_("Level"),
            min_num=2,
            max_num=MAX_LEVEL,
            help_text=_("From the lowest to the highest. A scale is frozen as soon as a release uses it."),
        ),
    ]

    class Meta:
        verbose_name = _("scale")
        verbose_name_plural = _("scales")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_frozen(self) -> bool:
        """Tell whether a release was made with the scale."""
        return self.pk is not None and Scale.objects.frozen().filter(pk=self.pk).exists()

    def clean(self) -> None:
        """Refuse a change of a scale in use.

        Raises:
            ValidationError: the scale stands in a release and one of its own fields differs.
        """
        super().clean()
        if self.is_frozen and self._differs_from_stored():
            raise ValidationError(frozen_message())

    def save(self, **kwargs: Any) -> None:
        """Hold the rule against code that does not validate.

        Raises:
            ValidationError: the scale stands in a release and one of its own fields differs.
        """
        if self.is_frozen and self._differs_from_stored():
            raise ValidationError(frozen_message())
        super().save(**kwargs)

    def _differs_from_stored(self) -> bool:
        stored = Scale.objects.filter(pk=self.pk).values("key", "name", "description", "text_opening").first()
        return stored is not None and any(getattr(self, name) != value for name, value in stored.items())


class ScaleLevel(models.Model):
    """One step: its number is what requirements and answers point to."""

    scale = ParentalKey(Scale, on_delete=models.CASCADE, related_name="levels", verbose_name=_("scale"))
    number = models.PositiveSmallIntegerField(_("number"), help_text=_("1 is the lowest level."))
    name = models.CharField(_("name"), max_length=60, help_text=_("One word, for example “Kender”."))
    description = models.TextField(
        _("description"), blank=True, help_text=_("What the level means, whatever the competence.")
    )

    objects: ClassVar[models.Manager["ScaleLevel"]] = models.Manager()

    panels: ClassVar[list[Panel]] = [FieldPanel("number"), FieldPanel("name"), FieldPanel("description")]

    class Meta:
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        ordering = ["number", "id"]
        constraints = [
            # A requirement names a level by (scale, number): there may be only one.
            models.UniqueConstraint(
                fields=["scale", "number"],
                name="profiles_level_number_unique",
                violation_error_message=_("Two levels have the same number."),
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1) & Q(number__lte=MAX_LEVEL),
                name="profiles_level_number_range",
                violation_error_message=_("A level's number lies between 1 and 9."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Hold the rule against code that does not validate.

        Raises:
            ValidationError: the scale stands in a release.
        """
        self._refuse_change()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a new or changed level in a scale in use.

        Raises:
            ValidationError: the scale stands in a release.
        """
        super().clean()
        self._refuse_change()

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Delete the level.

        Raises:
            ValidationError: the scale stands in a release.
        """
        if self._scale_is_frozen:
            raise ValidationError(frozen_message())
        return super().delete(*args, **kwargs)

    @property
    def _scale_is_frozen(self) -> bool:
        return self.scale_id is not None and Scale(pk=self.scale_id).is_frozen

    def _refuse_change(self) -> None:
        if not self._scale_is_frozen:
            return
        wanted = (self.number, self.name, self.description)
        stored = ScaleLevel.objects.filter(pk=self.pk).values_list("number", "name", "description").first()
        if stored != wanted:
            raise ValidationError(frozen_message())


class CompetenceArea(UuidModel):
    """A heading that competences are sorted under on the competence page."""

    key = models.SlugField(_("key"), max_length=60, unique=True, help_text=_("Short name for imports. Never changes."))
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    sort_order = models.PositiveSmallIntegerField(
        _("order"), default=100, help_text=_("Areas with a lower number come first.")
    )

    objects = AreaQuerySet.as_manager()

    panels: ClassVar[list[Panel]] = [
        FieldPanel("name"),
        FieldPanel("key"),
        FieldPanel("description"),
        FieldPanel("sort_order"),
    ]

    class Meta:
        verbose_name = _("competence area")
        verbose_name_plural = _("competence areas")
        ordering = ["sort_order", "name", "id"]

    def __str__(self) -> str:
        return self.name
