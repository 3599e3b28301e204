"""What other packages may use of the general pages."""

from portal.pages.models import (
    ArticleIndexPage,
    ArticlePage,
    ContactIndexPage,
    HomePage,
    ProjectIndexPage,
    ProjectPage,
    ProjectPublication,
    PublicationPage,
    SiteSettings,
    StandardPage,
)
from portal.pages.selectors import result_page

__all__ = [
    "ArticleIndexPage",
    "ArticlePage",
    "ContactIndexPage",
    "HomePage",
    "ProjectIndexPage",
    "ProjectPage",
    "ProjectPublication",
    "PublicationPage",
    "SiteSettings",
    "StandardPage",
    "result_page",
]
