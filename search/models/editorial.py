"""What editors keep about search: other words for the same thing, and what stands first for certain words."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, PageChooserPanel, Panel
from wagtail.models import Page

from search.phrases import Rule, phrases, problem_of
from search.sources import source_of


class EditorialVersion(models.Model):
    """One row that says which synonyms and promotions are in force: a word drawn anew with every change.

    Not a number: one that is taken back and given again would stand for two states.
    """

    token = models.CharField(max_length=32)

    objects: ClassVar[models.Manager["EditorialVersion"]] = models.Manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("version of the synonyms")
        verbose_name_plural = _("versions of the synonyms")

    def __str__(self) -> str:
        return self.token


class Direction(models.TextChoices):
    """Which way a synonym works."""

    EQUAL = "equal", _("The words mean the same: each finds the others")
    ONE_WAY = "one_way", _("One way: the words find the other words, not the other way round")


class Synonym(models.Model):
    """Words that people type and other words for the same thing; works when somebody searches, nothing is indexed anew.

    A rule is one step: what it leads to is not looked up again, so chains and circles lead nowhere further. That two rules
    say the same is refused at the field and does no harm where two editors manage it at the same moment.
    """

    direction = models.CharField(_("direction"), max_length=10, choices=Direction.choices, default=Direction.EQUAL)
    words = models.TextField(
        _("words"),
        max_length=600,
        help_text=_(
            "One word or phrase on each line, as people type it; up to four words in a phrase. Other forms of a word "
            "(“leders”, “ledere”) are found by themselves."
        ),
    )
    means = models.TextField(
        _("other words"),
        blank=True,
        max_length=600,
        help_text=_("Only for one way: what shall also be looked for, one word or phrase on each line."),
    )
    active = models.BooleanField(
        _("in force"), default=True, help_text=_("Take the mark away to stop the rule without deleting it.")
    )
    note = models.CharField(
        _("note"), blank=True, max_length=300, help_text=_("Why the rule is there; only editors see it.")
    )

    objects: ClassVar[models.Manager["Synonym"]] = models.Manager()

    panels: ClassVar[list[Panel]] = [
        MultiFieldPanel(
            [FieldPanel("direction"), FieldPanel("words"), FieldPanel("means")], heading=_("Words for the same thing")
        ),
        FieldRowPanel([FieldPanel("active"), FieldPanel("note")]),
    ]

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering = ["words", "id"]
        constraints = [
            # One way without other words would be a rule that does nothing and looks as if it did.
            models.CheckConstraint(
                condition=~Q(direction="one_way") | ~Q(means=""), name="search_synonym_leads_somewhere"
            ),
        ]

    def __str__(self) -> str:
        if self.is_one_way:
            return f"{', '.join(phrases(self.words))} → {', '.join(phrases(self.means))}"
        return " = ".join(phrases(self.words))

    @property
    def is_one_way(self) -> bool:
        """Tell whether the rule works one way only."""
        return self.direction == Direction.ONE_WAY

    @property
    def rule(self) -> Rule:
        """Return the rule as a value."""
        return Rule(tuple(phrases(self.words)), tuple(phrases(self.means)) if self.is_one_way else ())

    def clean(self) -> None:
        """Say at the field what is wrong with the words, alone and beside the other rules."""
        wrong = {name: text for name in ("words", "means") if (text := self._problem(name))}
        if not wrong and self.active:
            others = Synonym.objects.filter(active=True).exclude(pk=self.pk)
            if text := self.rule.clashes([other.rule for other in others]):
                wrong["words"] = text
        if wrong:
            raise ValidationError(wrong)

    def _problem(self, name: str) -> Any:
        given = phrases(getattr(self, name))
        if name == "words" and not self.is_one_way and len(given) == 1:
            return _("Write at least two words that mean the same, each on its own line.")
        if name == "means" and not self.is_one_way:
            return (
                _("Only a rule that works one way has other words. Choose that, or empty this field.") if given else ""
            )
        if name == "means" and not given:
            return _("Write what shall also be looked for.")
        return problem_of(given)


class Promotion(models.Model):
    """A page that editors put first for certain words; whoever may not see the page is not shown it."""

    queries = models.TextField(
        _("search words"),
        max_length=600,
        help_text=_(
            "One search on each line, as people type it. The order of the words and their forms do not matter; "
            "all of them must be there, and no others."
        ),
    )
    page = models.ForeignKey(
        Page,
        verbose_name=_("page"),
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("The page that stands first."),
    )
    position = models.PositiveSmallIntegerField(
        _("order"), default=1, help_text=_("If several pages stand first for the same words: the lowest number first.")
    )
    starts_on = models.DateField(_("from"), null=True, blank=True, help_text=_("Leave it empty to begin at once."))
    ends_on = models.DateField(_("to"), null=True, blank=True, help_text=_("The last day. Leave it empty for no end."))
    active = models.BooleanField(
        _("in force"), default=True, help_text=_("Take the mark away to stop it without deleting it.")
    )
    note = models.CharField(_("note"), blank=True, max_length=300, help_text=_("Why it is there; only editors see it."))

    objects: ClassVar[models.Manager["Promotion"]] = models.Manager()

    panels: ClassVar[list[Panel]] = [
        MultiFieldPanel([FieldPanel("queries"), PageChooserPanel("page")], heading=_("What stands first for what")),
        FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
        FieldRowPanel([FieldPanel("position"), FieldPanel("active")]),
        FieldPanel("note"),
    ]

    class Meta:
        verbose_name = _("promoted result")
        verbose_name_plural = _("promoted results")
        ordering = ["queries", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                name="search_promotion_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(phrases(self.queries))

    def clean(self) -> None:
        """Say at the field what the constraint would refuse, and what could never be shown."""
        wrong: dict[str, Any] = {}
        if text := problem_of(phrases(self.queries), most_words=None):
            wrong["queries"] = text
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            wrong["ends_on"] = _("The last day is before the first. Choose a later day, or leave it empty.")
        if self.page_id and source_of(self.page.specific_class or Page) is None:
            wrong["page"] = _("Pages of this kind cannot be found by searching. Choose another page.")
        if wrong:
            raise ValidationError(wrong)
