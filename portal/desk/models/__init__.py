"""The desk's models: the municipalities' page and the memory of what the example loader made."""

from portal.desk.models.example import ExampleObject
from portal.desk.models.pages import MunicipalityIndexPage

__all__ = ["ExampleObject", "MunicipalityIndexPage"]
