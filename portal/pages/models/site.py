"""What stands on every page of the site: footer, address of the portal, the two pages that the law asks for."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Page

from portal.core.fields import BodyField
from portal.pages.blocks import FooterStreamBlock


@register_setting(icon="cog", order=900)
class SiteSettings(BaseSiteSetting):
    """The settings of one site, edited under “Settings”."""

    select_related: ClassVar[list[str]] = ["accessibility_page", "privacy_page"]

    footer_text = models.TextField(
        _("about the portal"), max_length=300, blank=True, help_text=_("Stands first at the foot of every page.")
    )
    footer_columns = BodyField(FooterStreamBlock(), verbose_name=_("columns of links"))
    contact_email = models.EmailField(_("e-mail of the portal"), blank=True)
    example_line = models.CharField(
        _("line about example content"),
        max_length=120,
        blank=True,
        help_text=_("Stands at the foot of every page. Leave it empty once all content is real."),
    )
    accessibility_page = models.ForeignKey(
        Page,
        verbose_name=_("accessibility statement"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Required by law. Linked from every page."),
    )
    privacy_page = models.ForeignKey(
        Page,
        verbose_name=_("privacy policy"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Linked from every page."),
    )

    panels: ClassVar[list[Panel]] = [
        MultiFieldPanel([FieldPanel("footer_text"), FieldPanel("footer_columns")], heading=_("Foot of the page")),
        MultiFieldPanel([FieldPanel("contact_email"), FieldPanel("example_line")], heading=_("About this portal")),
        MultiFieldPanel([FieldPanel("accessibility_page"), FieldPanel("privacy_page")], heading=_("Required pages")),
    ]

    class Meta:
        verbose_name = _("settings of the site")
        verbose_name_plural = _("settings of the sites")

    def __str__(self) -> str:
        return str(self.site)
