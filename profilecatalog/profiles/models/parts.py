"""The parts of a profile page: rows that other rows refer to, therefore models and not blocks of a StreamField."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel, model_from_serializable_data
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, PageChooserPanel, Panel
from wagtail.models import Orderable

from portal.organisations.api import Party
from profilecatalog.profiles.enums import TEAM_KINDS, Importance
from profilecatalog.profiles.fields import IdentityField
from profilecatalog.profiles.models.competences import Competence
from profilecatalog.profiles.models.scales import MAX_LEVEL
from profilecatalog.profiles.panels import LevelsInlinePanel

MIN_YEAR, MAX_YEAR = 2020, 2100


def _level_range(name: str) -> Q:
    return Q(**{f"{name}__isnull": True}) | (Q(**{f"{name}__gte": 1}) & Q(**{f"{name}__lte": MAX_LEVEL}))


def _year_range(name: str) -> Q:
    return Q(**{f"{name}__isnull": True}) | (Q(**{f"{name}__gte": MIN_YEAR}) & Q(**{f"{name}__lte": MAX_YEAR}))


def _team_whole(horizon: str) -> Q:
    """All three fields of a team requirement or none; a share is at most 100 per cent.

    "Not null" is said aloud: a comparison with NULL is unknown, and a check that is unknown passes.
    """
    kind, amount, level = f"{horizon}_team_kind", f"{horizon}_team_amount", f"{horizon}_team_level"
    given: dict[str, int | bool] = {f"{amount}__gte": 1, f"{level}__gte": 1, f"{level}__lte": MAX_LEVEL}
    given |= {f"{amount}__isnull": False, f"{level}__isnull": False}
    none = Q(**{kind: "", f"{amount}__isnull": True, f"{level}__isnull": True})
    return none | Q(**{kind: "min_count"}, **given) | Q(**{kind: "min_share", f"{amount}__lte": 100}, **given)


class ProfilePart(Orderable):
    """A child row; what it refers to may have been deleted since the draft was saved.

    modelcluster knows no PROTECT when it restores a draft and raises. Here the row is left out instead, which is what
    it does for a cascade.
    """

    class Meta:
        abstract = True
        ordering = ["sort_order", "id"]

    @classmethod
    def from_serializable_data(
        cls, data: dict[str, Any], check_fks: bool = True, strict_fks: bool = False
    ) -> "ProfilePart | None":
        """Restore the row, or return None when a row it needs is gone."""
        for field in cls._meta.concrete_fields:
            target = field.remote_field
            if not check_fks or target is None or isinstance(field, ParentalKey):
                continue
            value = data.get(field.name)
            if strict_fks and (value is None or not target.model._default_manager.filter(pk=value).exists()):
                return None
        return model_from_serializable_data(cls, data, check_fks=False)


class ProfileTask(ProfilePart):
    """One of the job's tasks."""

    page = ParentalKey("profiles.ProfilePage", on_delete=models.CASCADE, related_name="tasks")
    text = models.CharField(_("task"), max_length=255, help_text=_("Begin with a verb: “Vejleder i selvbetjening”."))

    panels: ClassVar[list[Panel]] = [FieldPanel("text")]

    class Meta(ProfilePart.Meta):
        verbose_name = _("task")
        verbose_name_plural = _("tasks")

    def __str__(self) -> str:
        return self.text


class ProfileGroup(Orderable, ClusterableModel):
    """A heading in the profile with the competences under it."""

    page = ParentalKey("profiles.ProfilePage", on_delete=models.CASCADE, related_name="groups")
    uuid = IdentityField()
    title = models.CharField(_("heading"), max_length=160, help_text=_("For example “Mødet med borgeren”."))

    panels: ClassVar[list[Panel]] = [
        FieldPanel("title"),
        FieldPanel("uuid", classname="w-hidden", disable_comments=True),
        LevelsInlinePanel("items", heading=_("Competences"), label=_("Competence")),
    ]

    class Meta:
        verbose_name = _("group of competences")
        verbose_name_plural = _("groups of competences")
        ordering = ["sort_order", "id"]
        constraints = [
            # A release and its change marks know a group of a page by its uuid.
            models.UniqueConstraint(fields=["page", "uuid"], name="profiles_group_uuid_per_page"),
        ]

    def __str__(self) -> str:
        return self.title


class ProfileItem(ProfilePart):
    """One competence in the profile with what is asked now and in future.

    Three kinds of requirement: everyone at a level, at least n persons at a level, at least x per cent at a level. The
    two team kinds stand in fields of their own, since one item may ask level 2 of everyone and level 3 of two persons.
    """

    group = ParentalKey(ProfileGroup, on_delete=models.CASCADE, related_name="items")
    uuid = IdentityField()
    competence = models.ForeignKey(
        Competence, verbose_name=_("competence"), on_delete=models.PROTECT, related_name="profile_items"
    )
    importance = models.CharField(_("importance"), max_length=10, choices=Importance, default=Importance.IMPORTANT)
    now_level = models.PositiveSmallIntegerField(_("level now"), null=True, blank=True)
    future_level = models.PositiveSmallIntegerField(_("level in future"), null=True, blank=True)
    future_year = models.PositiveSmallIntegerField(
        _("year"), null=True, blank=True, help_text=_("Empty: the year that is set for the whole profile.")
    )
    now_team_kind = models.CharField(_("of the team now"), max_length=10, choices=TEAM_KINDS, blank=True)
    now_team_amount = models.PositiveSmallIntegerField(_("number or per cent"), null=True, blank=True)
    now_team_level = models.PositiveSmallIntegerField(_("at level"), null=True, blank=True)
    future_team_kind = models.CharField(_("of the team in future"), max_length=10, choices=TEAM_KINDS, blank=True)
    future_team_amount = models.PositiveSmallIntegerField(_("number or per cent"), null=True, blank=True)
    future_team_level = models.PositiveSmallIntegerField(_("at level"), null=True, blank=True)

    panels: ClassVar[list[Panel]] = [
        FieldPanel("uuid", classname="w-hidden", disable_comments=True),
        FieldRowPanel([FieldPanel("competence"), FieldPanel("importance")]),
        FieldRowPanel(
            [FieldPanel("now_level"), FieldPanel("future_level"), FieldPanel("future_year")],
            heading=_("Asked of everyone"),
        ),
        MultiFieldPanel(
            [
                HelpPanel(
                    _("A requirement to the team is never a demand on one person. Leave empty if there is none.")
                ),
                FieldRowPanel(
                    [FieldPanel("now_team_kind"), FieldPanel("now_team_amount"), FieldPanel("now_team_level")]
                ),
                FieldRowPanel(
                    [FieldPanel("future_team_kind"), FieldPanel("future_team_amount"), FieldPanel("future_team_level")]
                ),
            ],
            heading=_("Asked of the team"),
            classname="collapsed",
        ),
    ]

    class Meta(ProfilePart.Meta):
        verbose_name = _("competence in a profile")
        verbose_name_plural = _("competences in a profile")
        constraints = [
            # A release, an answer and a change mark know an item by its uuid.
            models.UniqueConstraint(fields=["group", "uuid"], name="profiles_item_uuid_per_group"),
            *(
                models.CheckConstraint(
                    condition=_level_range(name),
                    name=f"profiles_item_{name}_range",
                    violation_error_message=_("Choose a level of the scale."),
                )
                for name in ("now_level", "future_level")
            ),
            models.CheckConstraint(
                condition=_year_range("future_year"),
                name="profiles_item_year_range",
                violation_error_message=_("Write a year between 2020 and 2100."),
            ),
            *(
                models.CheckConstraint(
                    condition=_team_whole(horizon),
                    name=f"profiles_item_{horizon}_team_whole",
                    violation_error_message=_("A requirement to the team needs kind, number and level."),
                )
                for horizon in ("now", "future")
            ),
        ]

    def __str__(self) -> str:
        return str(self.competence)

    def clean(self) -> None:
        """Say at the field what is missing in a team requirement; the constraints hold the same as the last line.

        Raises:
            ValidationError: a requirement to the team is incomplete, or a share is above 100 per cent.
        """
        super().clean()
        errors = {**self._team_errors("now"), **self._team_errors("future")}
        if errors:
            raise ValidationError(errors)

    def _team_errors(self, horizon: str) -> dict[str, Any]:
        kind, amount, level = (getattr(self, f"{horizon}_team_{name}") for name in ("kind", "amount", "level"))
        errors: dict[str, Any] = {}
        if kind and not amount:
            errors[f"{horizon}_team_amount"] = _("Write how many persons, or how many per cent of the team.")
        if kind == "min_share" and amount and amount > 100:
            errors[f"{horizon}_team_amount"] = _("A share is at most 100 per cent.")
        if kind and not level:
            errors[f"{horizon}_team_level"] = _("Choose the level that they must have.")
        if not kind and (amount or level):
            errors[f"{horizon}_team_kind"] = _("Choose whether it is a number of persons or a share of the team.")
        return errors


class DialogueQuestion(ProfilePart):
    """A question to talk about at the development talk or the team meeting."""

    page = ParentalKey("profiles.ProfilePage", on_delete=models.CASCADE, related_name="questions")
    text = models.CharField(_("question"), max_length=300)

    panels: ClassVar[list[Panel]] = [FieldPanel("text")]

    class Meta(ProfilePart.Meta):
        verbose_name = _("question to talk about")
        verbose_name_plural = _("questions to talk about")

    def __str__(self) -> str:
        return self.text


class Voice(ProfilePart):
    """What somebody in the job says; a function, never a name."""

    page = ParentalKey("profiles.ProfilePage", on_delete=models.CASCADE, related_name="voices")
    quote = models.TextField(_("quotation"), max_length=600)
    who = models.CharField(
        _("who"), max_length=160, help_text=_("A function and a place, never a name: “Teamleder, borgerservice”.")
    )

    panels: ClassVar[list[Panel]] = [FieldPanel("quote"), FieldPanel("who")]

    class Meta(ProfilePart.Meta):
        verbose_name = _("voice")
        verbose_name_plural = _("voices")

    def __str__(self) -> str:
        return self.quote[:60]


class ProfileSource(ProfilePart):
    """What the profile rests on: a law, a report, interviews."""

    page = ParentalKey("profiles.ProfilePage", on_delete=models.CASCADE, related_name="sources")
    title = models.CharField(_("title"), max_length=255)
    url = models.URLField(_("link"), blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    panels: ClassVar[list[Panel]] = [FieldPanel("title"), FieldPanel("url"), FieldPanel("note")]

    class Meta(ProfilePart.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return self.title


class ProfilePublisher(ProfilePart):
    """A party that stands behind the profile."""

    page = ParentalKey("profiles.ProfilePage", on_delete=models.CASCADE, related_name="publishers")
    party = models.ForeignKey(Party, verbose_name=_("party"), on_delete=models.PROTECT, related_name="+")

    panels: ClassVar[list[Panel]] = [FieldPanel("party")]

    class Meta(ProfilePart.Meta):
        verbose_name = _("publisher")
        verbose_name_plural = _("publishers")

    def __str__(self) -> str:
        return str(self.party)


class BuildsOn(ProfilePart):
    """Another profile that is the foundation of this one."""

    page = ParentalKey("profiles.ProfilePage", on_delete=models.CASCADE, related_name="builds_on")
    profile = models.ForeignKey(
        "profiles.ProfilePage", verbose_name=_("profile"), on_delete=models.CASCADE, related_name="foundation_of"
    )

    panels: ClassVar[list[Panel]] = [PageChooserPanel("profile")]

    class Meta(ProfilePart.Meta):
        verbose_name = _("builds on")
        verbose_name_plural = _("builds on")
        constraints = [
            models.CheckConstraint(
                condition=~Q(page=F("profile")),
                name="profiles_builds_on_another",
                violation_error_message=_("A profile cannot build on itself."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.profile)


class NextStep(ProfilePart):
    """A profile that people often go on to."""

    page = ParentalKey("profiles.ProfilePage", on_delete=models.CASCADE, related_name="next_steps")
    profile = models.ForeignKey(
        "profiles.ProfilePage", verbose_name=_("profile"), on_delete=models.CASCADE, related_name="step_of"
    )
    note = models.CharField(_("note"), max_length=255, blank=True, help_text=_("What carries over, and what is new?"))

    panels: ClassVar[list[Panel]] = [PageChooserPanel("profile"), FieldPanel("note")]

    class Meta(ProfilePart.Meta):
        verbose_name = _("next step")
        verbose_name_plural = _("next steps")
        constraints = [
            models.CheckConstraint(
                condition=~Q(page=F("profile")),
                name="profiles_next_step_is_another",
                violation_error_message=_("A profile cannot lead to itself."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.profile)
