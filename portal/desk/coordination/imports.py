"""The import and export of units and memberships: the screens and their addresses.

The upload is checked for its size before anything of it is read, so the check against forged forms, which would read it,
comes after that and not in the middleware.
"""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from portal.accounts.imports.columns import NEEDED
from portal.accounts.imports.exports import example, export_memberships, export_units
from portal.accounts.imports.files import CHUNK, MAX_BYTES, MAX_LINES, FileRefusedError, too_large
from portal.accounts.imports.runs import import_abandon, import_apply, import_receive, import_retry
from portal.accounts.models import ImportAction, ImportKind, ImportRun, ImportState
from portal.core.errors import RefusedError
from portal.core.filters import DayField
from portal.desk.coordination import import_lists as lists
from portal.desk.coordination.base import CoordinationView
from portal.desk.coordination.form_screens import FormScreen

# The names of the lists in addresses.
KINDS: dict[str, str] = {"enheder": ImportKind.UNITS, "medlemmer": ImportKind.MEMBERSHIPS}
# What a form weighs around its file.
_AROUND = 64 * 1024


class UploadForm(forms.Form):
    """The file, and the day from which it holds."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        error_messages={"empty": gettext_lazy("The file is empty.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )
    starts_on = DayField(
        label=gettext_lazy("Holds from"),
        required=False,
        help_text=gettext_lazy(
            "For a reorganisation that you know of already, for example 1-1-2027. Empty: from today."
        ),
    )

    def clean_starts_on(self) -> Any:
        """Refuse a day that is over: the past is kept as it was."""
        day = self.cleaned_data["starts_on"]
        if day is not None and day < timezone.localdate():
            raise ValidationError(_("An import holds from today at the earliest."))
        return day


class ImportsView(CoordinationView):
    """What can be imported and exported, and earlier imports."""

    http_method_names = ["get", "head"]
    section = "imports"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw it."""
        runs = ImportRun.objects.visible_to(self.principal).filter(municipality=self.municipality)
        page = Paginator(runs, 20).get_page(request.GET.get("side"))
        return self.screen("desk/coordination/imports/list.html", {"page": page, "lines": lists.run_lines(page)})


@method_decorator(csrf_exempt, name="dispatch")
class UploadView(FormScreen):
    """The form with the file."""

    section = "imports"
    template = "desk/coordination/imports/upload.html"
    form_class = UploadForm
    submit = gettext_lazy("Upload and see what would happen")
    kind: str = ""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Refuse what is too large unread, and then take the file."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES + _AROUND:
            self.prepare(**kwargs)
            form = UploadForm({}, MultiValueDict())
            form.errors.clear()
            form.add_error("file", too_large())
            return self.draw(form)
        return self._take(request, **kwargs)

    @method_decorator(csrf_protect)
    def _take(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return super().post(request, **kwargs)

    def prepare(self, **kwargs: Any) -> None:
        """Know which list it is."""
        self.kind = kind_of(kwargs["kind"])
        self.title = lists.TITLES[ImportKind(self.kind)]

    def form(self, data: Any) -> UploadForm:
        """Return the form with its file."""
        return UploadForm(data, self.request.FILES if data is not None else None)

    def act(self, form: UploadForm) -> HttpResponse:
        """Store the file, and show how far the plan is."""
        file: UploadedFile = form.cleaned_data["file"]
        try:
            run = import_receive(
                actor=self.request.user,
                municipality=self.municipality,
                kind=self.kind,
                filename=str(file.name),
                pieces=file.chunks(CHUNK),
                starts_on=form.cleaned_data["starts_on"],
            )
        except FileRefusedError as refused:
            raise ValidationError({"file": str(refused)}) from refused
        return self.to("import_run", run.uuid)

    def context(self) -> dict[str, Any]:
        """Return what the columns are."""
        return {
            "columns": lists.columns(self.kind, NEEDED[self.kind]),
            "example_url": self.url("import_example", self.kwargs["kind"]),
            "largest": MAX_BYTES // 1024 // 1024,
            "longest": MAX_LINES,
        }


class RunView(CoordinationView):
    """One import: how far it is, its plan, or what came of it."""

    http_method_names = ["get", "head"]
    section = "imports"

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Draw what the import's state asks for."""
        run = self.run_for(uuid)
        title = str(lists.TITLES[ImportKind(run.kind)])
        return self.screen(f"desk/coordination/imports/{_template(run)}.html", self._context(run, title), title=title)

    def run_for(self, uuid: UUID) -> ImportRun:
        """Return an import of this municipality; one of others does not exist."""
        runs = ImportRun.objects.visible_to(self.principal).filter(municipality=self.municipality)
        found: ImportRun | None = runs.select_related("municipality").filter(uuid=uuid).first()
        if found is None:
            raise Http404(str(uuid))
        return found

    def _context(self, run: ImportRun, title: str) -> dict[str, Any]:
        chosen = self.request.GET.get("vis", "")
        action = chosen if chosen in ImportAction.values else ""
        context: dict[str, Any] = {"run": run, "title": title, "counts": lists.counts_text(run)}
        if run.is_working:
            return {**context, "percent": lists.percent(run), "text": lists.progress_text(run)}
        if run.state == ImportState.PLANNED:
            page, rows = lists.lines(run, action, self.request.GET.get("side"))
            context |= {"page": page, "lines": rows, "choices": lists.choices(run, action)}
            context |= {
                "errors": run.counts.get(ImportAction.ERROR, 0),
                "endings": run.counts.get(ImportAction.ENDS, 0),
                "endings_label": lists.endings_label(run),
                "changes": sum(run.counts.get(one, 0) for one in (ImportAction.NEW, ImportAction.CHANGED)),
            }
        return {**context, "may_retry": run.state == ImportState.FAILED and run.chunks.exists()}


class RunActView(RunView):
    """A button of an import; the answer is the import's own page."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Act, and say why if that was refused."""
        run = self.run_for(uuid)
        try:
            self.act(run)
        except RefusedError as refused:
            messages.warning(request, str(refused))
        return self.to("import_run", run.uuid)

    def act(self, run: ImportRun) -> None:
        """Do what the button says."""
        raise NotImplementedError


class ApplyView(RunActView):
    """Carry the plan out."""

    def act(self, run: ImportRun) -> None:
        """Ask the worker for it, under the version of the plan that was on the screen."""
        version = self.request.POST.get("plan_version", "")
        import_apply(
            run=run,
            actor=self.request.user,
            plan_version=int(version) if version.isdecimal() and len(version) < 9 else -1,
            end_missing="end_missing" in self.request.POST,
        )


class AbandonView(RunActView):
    """Drop the import."""

    def act(self, run: ImportRun) -> None:
        """Delete its file."""
        import_abandon(run=run, actor=self.request.user)


class RetryView(RunActView):
    """Start a stopped import again."""

    def act(self, run: ImportRun) -> None:
        """Let the worker begin anew."""
        import_retry(run=run, actor=self.request.user)


class ExampleView(CoordinationView):
    """A small file to start from."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """Send it."""
        return as_file(example(kind_of(kind)), f"eksempel-{kind}.csv")


class ExportView(CoordinationView):
    """A list as it stands, as a file that can be imported again."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """Send it, line by line."""
        export = export_units if kind_of(kind) == ImportKind.UNITS else export_memberships
        today = timezone.localdate().isoformat()
        return as_file(export(self.municipality), f"{kind}-{self.municipality.slug}-{today}.csv")


def kind_of(name: str) -> str:
    """Return the kind of list that an address names."""
    if name not in KINDS:
        raise Http404(name)
    return KINDS[name]


def as_file(lines: Any, name: str) -> HttpResponseBase:
    """Return the lines as a file to keep."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _template(run: ImportRun) -> str:
    if run.is_working:
        return "progress"
    return "plan" if run.state == ImportState.PLANNED else "result"


urlpatterns: list[URLPattern] = [
    path("import/", ImportsView.as_view(), name="imports"),
    path("import/forloeb/<uuid:uuid>/", RunView.as_view(), name="import_run"),
    path("import/forloeb/<uuid:uuid>/gennemfoer/", ApplyView.as_view(), name="import_apply"),
    path("import/forloeb/<uuid:uuid>/drop/", AbandonView.as_view(), name="import_abandon"),
    path("import/forloeb/<uuid:uuid>/igen/", RetryView.as_view(), name="import_retry"),
    path("import/eksport/<slug:kind>.csv", ExportView.as_view(), name="export"),
    path("import/<slug:kind>/", UploadView.as_view(), name="import_upload"),
    path("import/<slug:kind>/eksempel.csv", ExampleView.as_view(), name="import_example"),
]
