"""Competences with drafts of their own; many profiles use one."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin

from portal.core.mixins import UuidModel
from profilecatalog.profiles.enums import CompetenceKind
from profilecatalog.profiles.models.scales import MAX_LEVEL, CompetenceArea, Scale
from profilecatalog.profiles.querysets import CompetenceQuerySet
from profilecatalog.profiles.slugs import danish_slug


class Competence(PreviewableMixin, DraftStateMixin, RevisionMixin, UuidModel, ClusterableModel):
    """What a person can know or do, described once for every level of a scale.

    The row holds the published content, a revision the draft. Profiles never show the row: a release freezes what the
    competence said when the profile was published, so a better text reaches a profile by a new release only.
    """

    key = models.SlugField(
        _("key"),
        max_length=100,
        unique=True,
        blank=True,
        help_text=_("Short name for imports and links. Never changes. Made from the name when left empty."),
    )
    name = models.CharField(_("name"), max_length=160)
    slug = models.SlugField(
        _("address"),
        max_length=160,
        unique=True,
        blank=True,
        help_text=_("The last part of the competence page's address. Made from the name when left empty."),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=CompetenceKind, default=CompetenceKind.COMPETENCE)
    area = models.ForeignKey(
        CompetenceArea, verbose_name=_("area"), on_delete=models.PROTECT, related_name="competences"
    )
    description = models.TextField(
        _("description"), blank=True, help_text=_("One or two sentences: what is it, and where does it show?")
    )
    scale = models.ForeignKey(
        Scale,
        verbose_name=_("scale"),
        on_delete=models.PROTECT,
        related_name="competences",
        help_text=_("Cannot be changed once a profile has been published with the competence."),
    )

    objects = CompetenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("competence")
        verbose_name_plural = _("competences")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_released(self) -> bool:
        """Tell whether it stands in a release: then key, address and scale are fixed, and it cannot be deleted."""
        return self.pk is not None and self.released_items.exists()

    def clean(self) -> None:
        """Make address and key from the name, and keep what releases rely on.

        Raises:
            ValidationError: key, address or scale of a competence in a release differs, or the address is taken.
        """
        super().clean()
        self.slug = self.slug or danish_slug(self.name)[:160]
        self.key = self.key or self.slug[:100]
        if Competence.objects.filter(slug=self.slug).exclude(pk=self.pk).exists():
            raise ValidationError({"slug": _("Another competence has this address. Write a different one.")})
        if self.is_released:
            self._validate_fixed_by_releases()

    def _validate_fixed_by_releases(self) -> None:
        stored: Any = Competence.objects.filter(pk=self.pk).values("key", "slug", "scale_id").first() or {}
        texts = {
            "slug": _("The address stands in published releases and cannot be changed."),
            "key": _("The key stands in published releases and cannot be changed."),
            "scale_id": _("A published profile uses the competence with its scale. Make a new competence instead."),
        }
        wrong = {name.removesuffix("_id"): texts[name] for name in stored if stored[name] != getattr(self, name)}
        if wrong:
            raise ValidationError(wrong)

    def with_content_json(self, content: dict[str, Any]) -> "Competence":
        """Restore a draft; an area or scale deleted since then is replaced by the published one."""
        known = {
            name: content.get(name)
            if model.objects.filter(pk=content.get(name)).exists()
            else getattr(self, f"{name}_id")
            for name, model in (("area", CompetenceArea), ("scale", Scale))
        }
        restored: Competence = super().with_content_json({**content, **known, "uuid": str(self.uuid)})
        return restored

    def save(self, **kwargs: Any) -> None:
        """Free the numbers of level texts that trade places, which a row-by-row save would collide on."""
        if self.pk is not None and kwargs.get("update_fields") is None:
            keep = Q(pk__in=[])
            for text in self.level_texts.all():
                keep |= Q(pk=text.pk, level_number=text.level_number)
            CompetenceLevelText.objects.filter(competence_id=self.pk).exclude(keep).delete()
        super().save(**kwargs)

    @transaction.atomic
    def publish(self, *args: Any, **kwargs: Any) -> Any:
        """Publish together with the proposals, the audit entry and the index job, or not at all."""
        return super().publish(*args, **kwargs)

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        """Draw the draft as the competence page would."""
        return "profiles/competence_preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """Resolve the draft for the template."""
        from profilecatalog.profiles.screens.competence import competence_preview

        return {**super().get_preview_context(request, mode_name), **competence_preview(self)}


class CompetenceLevelText(models.Model):
    """What one level of the scale means for one competence, said by the person: "Jeg kan …"."""

    competence = ParentalKey(
        Competence, on_delete=models.CASCADE, related_name="level_texts", verbose_name=_("competence")
    )
    level_number = models.PositiveSmallIntegerField(_("level"))
    text = models.TextField(
        _("text"),
        max_length=2000,
        help_text=_("A sentence in the first person, for example “Jeg kan føre samtalen selv”."),
    )

    objects: ClassVar[models.Manager["CompetenceLevelText"]] = models.Manager()

    class Meta:
        verbose_name = _("level text")
        verbose_name_plural = _("level texts")
        ordering = ["level_number", "id"]
        constraints = [
            # The reader of a requirement finds exactly one text for its level.
            models.UniqueConstraint(
                fields=["competence", "level_number"],
                name="profiles_one_text_per_level",
                violation_error_message=_("The level has two texts. Keep one of them."),
            ),
            models.CheckConstraint(
                condition=Q(level_number__gte=1) & Q(level_number__lte=MAX_LEVEL),
                name="profiles_text_level_range",
                violation_error_message=_("Choose a level of the scale."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level_number}: {self.text[:60]}"
