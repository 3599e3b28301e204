"""Who gets in where. Every address of the portal stands here by name; one that does not fails the matrix.

A row says who gets in by GET at an object of her own municipality (`own`), at her neighbour's (`same`) and at a foreign one
(`foreign`); at a missing one nobody does. Where no reading is asked (`reads=False`) the address takes POST only, or
depends on a step before it; then nothing is demanded of those who may, and all the same refused to those who may not.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.permissions.roles import (
    ADMINS,
    ANONYMOUS_ONLY,
    COORDINATORS,
    DOOR,
    EDITORS,
    EVERYBODY,
    LEADERS,
    NO_ONE,
    SIGNED_IN,
    Asker,
)

Askers = frozenset[Asker]


@dataclass(frozen=True)
class Row:
    """Who gets in at a handful of addresses of one namespace."""

    own: Askers
    namespace: str
    names: str
    same: Askers | None = None
    foreign: Askers | None = None
    reads: bool = True
    # Foreign and missing must look alike: everywhere but in Wagtail's own screens, whose objects have counted numbers.
    alike: bool = False
    # Tables that a GET may write: the log of who looked, and a visitor's own settings on her first visit.
    writes: frozenset[str] = frozenset()

    @property
    def keys(self) -> Iterator[str]:
        """Return the names as the resolver has them."""
        for name in self.names.split():
            yield f"{self.namespace}:{name}" if self.namespace else name

    def who(self, relation: str) -> Askers:
        """Return who gets in at an object of this relation."""
        known = {"own": self.own, "same": self.own if self.same is None else self.same}
        return {**known, "foreign": self.own if self.foreign is None else self.foreign}.get(relation, NO_ONE)


_ROWS_OF_A_LIST = "list list_results add edit delete usage history history_results"
_ROWS_OF_A_MODEL = "index index_results add edit delete history history_results usage"
_CHOOSER = "choose choose_results chosen chosen_multiple"

# --- Wagtail's admin: the door, then what everybody behind it may see -------------------------------------------------
_ADMIN = (
    Row(
        DOOR,
        "",
        "wagtailadmin_home wagtailadmin_explore_root wagtailadmin_explore wagtailadmin_explore_results "
        "wagtailadmin_choose_page "
        "wagtailadmin_choose_page_child wagtailadmin_choose_page_search wagtailadmin_choose_page_chosen_multiple "
        "wagtailadmin_choose_page_external_link wagtailadmin_choose_page_email_link "
        "wagtailadmin_choose_page_phone_link "
        "wagtailadmin_choose_page_anchor_link wagtailadmin_tag_autocomplete wagtailadmin_tag_model_autocomplete "
        "wagtailadmin_account wagtailadmin_dismissibles wagtailadmin_sprite wagtailadmin_javascript_catalog",
        writes=frozenset({"wagtailusers_userprofile"}),
    ),
    Row(DOOR, "", "/admin/test404/ /admin/hvad-som-helst/ wagtail_bulk_action wagtailadmin_block_preview", reads=False),
    # It fails on purpose, to try the error page.
    Row(DOOR, "", "wagtailadmin_error_test", reads=False),
    Row(DOOR, "wagtailadmin_api:pages", "listing"),
    Row(EDITORS, "wagtailadmin_api:pages", "detail"),
    Row(DOOR, "wagtailadmin_api:pages", "find action", reads=False),
    Row(DOOR, "wagtailadmin_api:documents", "listing detail"),
    Row(DOOR, "wagtailadmin_api:images", "listing detail"),
    Row(DOOR, "wagtailadmin_api:documents", "find", reads=False),
    Row(DOOR, "wagtailadmin_api:images", "find", reads=False),
    Row(
        EDITORS,
        "wagtailadmin_pages",
        "add preview_on_add edit preview_on_edit view_draft add_subpage delete unpublish move copy "
        "set_privacy revisions_view "
        "revisions_revert revisions_unschedule revisions_compare",
    ),
    # What another one's page looks like to a provider or organiser, who may open the explorer: see `docs/decisions/0021`.
    Row(DOOR, "wagtailadmin_pages", "type_use choose_parent type_use_results search search_results revisions_index"),
    Row(
        DOOR,
        "wagtailadmin_pages",
        "move_confirm workflow_action collect_workflow_action_data confirm_workflow_cancellation "
        "workflow_preview lock unlock "
        "workflow_history_detail convert_alias set_page_position",
        reads=False,
    ),
    Row(EDITORS, "wagtailadmin_pages", "usage workflow_history history history_results"),
    Row(NO_ONE, "wagtailadmin_collections", "add", reads=False),
    Row(ADMINS, "wagtailadmin_collections", "index edit delete set_privacy", reads=False),
    Row(
        ADMINS,
        "wagtailadmin_workflows",
        "index index_results add enable disable edit usage usage_results remove add_task select_task_type task_index "
        "task_index_results edit_task disable_task enable_task",
        reads=False,
    ),
    Row(
        DOOR, "wagtailadmin_workflows", "task_chooser task_chooser_results task_chooser_create task_chosen", reads=False
    ),
    Row(EDITORS, "wagtailadmin_reports", "locked_pages locked_pages_results page_types_usage page_types_usage_results"),
    Row(
        DOOR,
        "wagtailadmin_reports",
        "workflow workflow_results workflow_tasks workflow_tasks_results site_history "
        "site_history_results aging_pages "
        "aging_pages_results",
    ),
    Row(DOOR, "wagtailadmin_editing_sessions", "ping release", reads=False),
    Row(EDITORS, "wagtailredirects", "index index_results add edit delete start_import"),
    Row(EDITORS, "wagtailredirects", "process_import", reads=False),
    Row(ADMINS, "wagtailsettings", "edit", writes=frozenset({"pages_sitesettings"})),
    Row(ADMINS, "wagtailsettings", "preview_on_edit", reads=False),
    Row(DOOR, "wagtailembeds", "chooser chooser_upload"),
    Row(EDITORS, "wagtailsnippets", "index"),
    Row(DOOR, "wagtaildocs", "index index_results add add_multiple"),
    Row(EDITORS - {Asker.EDITOR_KL}, "wagtaildocs", "edit delete document_usage", foreign=EDITORS - {Asker.EDITOR_HK}),
    Row(DOOR, "wagtaildocs_chooser", f"{_CHOOSER} create"),
    Row(
        DOOR,
        "wagtaildocs",
        "edit_multiple create_multiple_from_uploaded_document delete_multiple delete_upload_multiple",
        reads=False,
    ),
    Row(DOOR, "wagtailimages", "index index_results add add_multiple"),
    Row(
        EDITORS - {Asker.EDITOR_KL},
        "wagtailimages",
        "edit delete preview image_usage",
        foreign=EDITORS - {Asker.EDITOR_HK},
    ),
    Row(DOOR, "wagtailimages_chooser", f"{_CHOOSER} create select_format"),
    Row(
        DOOR,
        "wagtailimages",
        "url_generator url_generator_output edit_multiple create_multiple_from_uploaded_image "
        "delete_multiple delete_upload_multiple",
        reads=False,
    ),
)

# --- The admin's rows ------------------------------------------------------------------------------------------------
_CONTENT = (
    Row(EDITORS, "wagtailsnippets_learning_provider", f"{_ROWS_OF_A_LIST} copy"),
    Row(EDITORS, "wagtailsnippets_events_theme", f"{_ROWS_OF_A_LIST} copy"),
    Row(EDITORS, "wagtailsnippets_contacts_contactcard", f"{_ROWS_OF_A_LIST} review"),
    Row(EDITORS, "wagtailsnippets_search_synonym", _ROWS_OF_A_LIST),
    Row(EDITORS, "wagtailsnippets_search_promotion", _ROWS_OF_A_LIST),
    Row(EDITORS, "search_admin", "usage"),
    Row(EDITORS, "wagtailsnippets_profiles_competencearea", _ROWS_OF_A_LIST),
    Row(EDITORS, "wagtailsnippets_profiles_scale", _ROWS_OF_A_LIST),
    Row(
        EDITORS,
        "wagtailsnippets_profiles_competence",
        f"{_ROWS_OF_A_LIST} preview_on_add preview_on_edit revisions_view revisions_revert "
        "revisions_compare revisions_unschedule "
        "unpublish",
    ),
    *(
        row
        for model in (
            "learning_provider",
            "events_theme",
            "contacts_contactcard",
            "search_synonym",
            "search_promotion",
            "profiles_competencearea",
            "profiles_scale",
            "profiles_competence",
        )
        for row in (
            Row(
                DOOR,
                f"wagtailsnippetchoosers_{model}",
                _CHOOSER,
                foreign=EDITORS if model == "profiles_competence" else None,
                reads=model != "profiles_competence",
            ),
            Row(EDITORS, f"wagtailsnippetchoosers_{model}", "create"),
        )
    ),
    Row(EDITORS, "courserun", f"{_ROWS_OF_A_MODEL} copy"),
    Row(EDITORS, "occurrence", f"{_ROWS_OF_A_MODEL} copy"),
    Row(EDITORS, "eventquestion", _ROWS_OF_A_MODEL),
    Row(EDITORS, "series_admin", "index make follow series"),
    Row(EDITORS, "profiles_admin", "proposal"),
    Row(DOOR, "editorial", "index workflows"),
    Row(EDITORS, "editorial", "submission read", alike=True),
    # Who sent it in, and those who look after the portal.
    Row(ADMINS | {Asker.EDITOR_KL}, "editorial", "cancel", alike=True),
    Row(ADMINS, "editorial", "emergency", alike=True),
    Row(ADMINS, "memberships", "index index_results add edit history history_results usage"),
    Row(NO_ONE, "memberships", "delete"),
    Row(ADMINS, "municipalities", "index index_results edit history history_results usage inspect"),
    Row(NO_ONE, "municipalities", "add delete"),
    Row(ADMINS, "regions", "index index_results add edit history history_results usage"),
    Row(NO_ONE, "regions", "delete"),
    Row(ADMINS, "parties", "index index_results add edit history history_results usage"),
    Row(NO_ONE, "parties", "delete"),
    Row(ADMINS, "outbox", "index index_results inspect"),
    Row(ADMINS, "outbox", "again"),
    Row(NO_ONE, "outbox", "add edit delete history history_results usage"),
    Row(ADMINS, "audit", "index index_results inspect"),
    Row(ADMINS, "search_admin", "search_state"),
    Row(NO_ONE, "audit", "add edit delete history history_results usage"),
    Row(ADMINS, "wagtailsites", f"{_ROWS_OF_A_MODEL} copy"),
    Row(ADMINS, "wagtailusers_users", "index index_results add edit history history_results usage copy"),
    Row(NO_ONE, "wagtailusers_users", "delete"),
    Row(ADMINS, "wagtailusers_groups", _ROWS_OF_A_MODEL),
    Row(ADMINS, "", "account_factors_reset"),
)

# --- What everybody may read ---------------------------------------------------------------------------------------------
_SITE = (
    # The pages themselves: a page for a group is as good as missing to who is not in it; a guest is asked to sign in.
    Row(EVERYBODY, "", "wagtail_serve", foreign=NO_ONE),
    Row(EVERYBODY, "", "wagtaildocs_serve"),
    Row(EVERYBODY, "", "wagtaildocs_authenticate_with_password wagtailcore_authenticate_with_password", reads=False),
    Row(EVERYBODY, "events", "feed atom"),
    Row(EVERYBODY, "events", "event_calendar occurrence_calendar", foreign=NO_ONE, alike=True),
    Row(EVERYBODY, "core", "component_sheet component_sheet_group"),
    Row(EVERYBODY, "search", "search suggest feed"),
    Row(EVERYBODY, "assessment", "assess"),
    Row(EVERYBODY, "assessment", "embed", reads=False),
)

# --- Login and account: steps of a session, each with tests of its own; here that no guest gets at what needs an account --
_ACCOUNT = (
    Row(
        EVERYBODY,
        "",
        "/konto/ account_login account_logout account_inactive account_signup account_email_verification_sent "
        "account_confirm_signup account_email_sent account_confirm_email account_reset_password "
        "account_reset_password_done "
        "account_reset_password_from_key mfa_authenticate mfa_login_webauthn "
        " saml_login saml_acs saml_finish_acs saml_metadata own_login "
        "openid_connect_login openid_connect_callback wagtailadmin_login wagtailadmin_logout wagtailcore_login "
        "wagtailadmin_password_reset wagtailadmin_password_reset_done wagtailadmin_password_reset_confirm "
        "wagtailadmin_password_reset_complete",
        reads=False,
    ),
    Row(
        SIGNED_IN,
        "",
        "account_reauthenticate account_email account_change_password account_set_password mfa_index "
        "mfa_reauthenticate "
        "mfa_activate_totp mfa_deactivate_totp mfa_view_recovery_codes mfa_generate_recovery_codes "
        "mfa_download_recovery_codes "
        "mfa_list_webauthn mfa_add_webauthn mfa_reauthenticate_webauthn mfa_remove_webauthn mfa_edit_webauthn "
        "socialaccount_connections",
        reads=False,
    ),
    Row(EVERYBODY, "invitations", "answer welcome factor open", reads=False),
    # Behind the link in a card's mail; without it nobody finds anything, not even an editor.
    Row(NO_ONE, "contacts", "answer thanks open"),
)

# --- Screens about people and municipalities ---------------------------------------------------------------------------
_SCREENS = (
    Row(SIGNED_IN, "my_page", "front lookups data"),
    Row(SIGNED_IN, "my_page", "export erase", reads=False),
    Row(COORDINATORS, "coordination", "front", reads=False),
    Row(
        COORDINATORS,
        "coordination",
        "overview members member_add members_move units unit_add meetings invitations invite uninvited embed_keys "
        "settings imports "
        "import_upload import_example export",
        foreign=ADMINS,
        alike=True,
    ),
    Row(
        COORDINATORS,
        "coordination",
        "member member_change member_end unit unit_rename unit_move unit_close invitation_withdraw "
        "import_run embed_key embed_key_trial embed_key_rotate embed_key_revoke",
        foreign=ADMINS,
        alike=True,
    ),
    Row(
        COORDINATORS,
        "coordination",
        "invitation_resend import_apply import_abandon import_retry",
        foreign=ADMINS,
        reads=False,
        alike=True,
    ),
    Row(LEADERS, "people", "unit", same=COORDINATORS, foreign=ADMINS, alike=True),
    # Who looked is noted where the person can read it.
    Row(
        LEADERS,
        "people",
        "person",
        same=COORDINATORS,
        foreign=ADMINS,
        alike=True,
        writes=frozenset({"accounts_personlookup"}),
    ),
)

# --- Meetings ------------------------------------------------------------------------------------------------------------
_HERS = LEADERS | {Asker.EMPLOYEE}
_SIGN_UP = (
    Row(SIGNED_IN, "signup", "person", foreign=NO_ONE, alike=True),
    Row(EVERYBODY, "signup", "guest participants", foreign=NO_ONE, alike=True),
    Row(_HERS, "signup", "place cancel offer move answers", same=COORDINATORS, foreign=ADMINS, alike=True),
    # Her consent is hers: nobody says for her who may see her.
    Row(frozenset({Asker.EMPLOYEE}), "signup", "consent", same=NO_ONE, foreign=NO_ONE, alike=True),
    # Behind the links in mails, and behind a form that was sent.
    Row(NO_ONE, "signup", "open confirm guest_answer guest_sent"),
    # Whoever signs up no groups is told who does; the meeting itself is no secret.
    Row(LEADERS, "groups", "new", foreign=NO_ONE, alike=True),
    Row(LEADERS, "groups", "group cancel leave move offer substitute", same=COORDINATORS, foreign=ADMINS, alike=True),
    Row(LEADERS, "groups", "names", same=COORDINATORS, foreign=ADMINS, reads=False, alike=True),
    Row(frozenset({Asker.MANAGER}), "groups", "mine"),
    # News by mail; the links in those mails are signed.
    Row(EVERYBODY, "news", "subscribe sent"),
    Row(NO_ONE, "news", "confirm leave"),
)

_RUNNERS, _KL = EDITORS | {Asker.ORGANISER}, ADMINS | {Asker.EDITOR_KL}
_RUNNING = (
    Row(_RUNNERS | COORDINATORS, "approvals", "waiting"),
    Row(COORDINATORS, "approvals", "case", foreign=ADMINS, alike=True),
    Row(_RUNNERS, "running", "meetings"),
    Row(
        _RUNNERS,
        "running",
        "people add capacity cancel letters teams team_add team_change team_remove seat sheet sheets door afterwards",
        foreign=_KL,
        alike=True,
    ),
    # Who took the names along is noted.
    Row(_RUNNERS, "running", "export", foreign=_KL, alike=True, writes=frozenset({"core_auditentry"})),
    Row(_RUNNERS, "running", "door_close", foreign=_KL, reads=False, alike=True),
    Row(_RUNNERS, "door", "list", foreign=_KL, alike=True),
    Row(_RUNNERS, "door", "sync", foreign=_KL, reads=False, alike=True),
    Row(NO_ONE, "door", "open"),
    Row(EVERYBODY, "door", "worker"),
    Row(EVERYBODY, "pulse", "thanks"),
    # Behind the link in the mail, whoever has it.
    Row(NO_ONE, "pulse", "answer"),
)

ROWS: tuple[Row, ...] = (*_ADMIN, *_CONTENT, *_SITE, *_ACCOUNT, *_SCREENS, *_SIGN_UP, *_RUNNING)

__all__ = ["ANONYMOUS_ONLY", "LEADERS", "ROWS", "Row"]
