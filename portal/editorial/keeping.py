"""How long the texts that were answered are kept: as long as an answer about them."""

from portal.editorial.models import ReadContent


def forget_read() -> None:
    """Delete the texts that no answer is about any more: their pages were deleted, in whatever way.

    Looked for once a day instead of at each deletion, so that none escapes: answers go with their page in a cascade.
    """
    ReadContent.objects.filter(votes__isnull=True).delete()
