"""The general page types and the settings of the site."""

from portal.pages.models.contacts import ContactIndexPage
from portal.pages.models.documents import DocumentText
from portal.pages.models.home import HomePage
from portal.pages.models.news import ArticleIndexPage, ArticlePage
from portal.pages.models.projects import ProjectIndexPage, ProjectPage, ProjectPublication, PublicationPage
from portal.pages.models.site import SiteSettings
from portal.pages.models.standard import StandardPage

__all__ = [
    "ArticleIndexPage",
    "ArticlePage",
    "ContactIndexPage",
    "DocumentText",
    "HomePage",
    "ProjectIndexPage",
    "ProjectPage",
    "ProjectPublication",
    "PublicationPage",
    "SiteSettings",
    "StandardPage",
]
