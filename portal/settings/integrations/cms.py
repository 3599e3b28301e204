"""Wagtail, its queue and its search; what editors may upload."""

WAGTAIL_SITE_NAME = "Kompetenceportalen"
# A public authority's editing tool asks nobody outside for news or pictures.
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_FRONTEND_LOGIN_URL = "/konto/log-ind/"
WAGTAILADMIN_LOGIN_URL = "/konto/log-ind/"
# Passwords and addresses are changed where they are proven, not in the admin.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_MODERATION_ENABLED = True
# Wagtail's own publishes whatever is newest; ours exactly what was approved, or nothing.
WAGTAIL_FINISH_WORKFLOW_ACTION = "portal.editorial.finishing.publish_approved"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "ods", "pdf", "pptx", "txt", "xlsx"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.wagtail_backend"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
