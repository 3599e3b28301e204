"""Ask, and note what came of it: the answer, what was written, and what should never have been seen."""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.permissions.roles import Asker
from tests.permissions.world import World, words_in

SAFE = ("GET", "HEAD", "OPTIONS")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
# Rows that say nothing about the portal: who is signed in, how often somebody has tried, who edits at this moment.
PASSING = frozenset({"django_session", "shared_cache", "wagtailcore_editingsession"})
_WRITE = re.compile(r'^\s*(INSERT INTO|INSERT OR \w+ INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"?(\w+)"?', re.IGNORECASE)
_TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value="|"csrf_?token": ?"|nonce="|data-csrf="|csrfToken": ?")[^"]*')
_REFUSED_TO = re.compile(r"^/(admin/login/|konto/(log-ind|bekraeft-dig|sikkerhed)/|_util/login/)")
# Words that a form of any kind might take.
_USUAL = {
    "title": "Overtaget", "name": "Overtaget", "slug": "overtaget", "email": "overtaget@portal.example", "key": "overtaget",
    "password": "en-lang-adgangskode-2026", "password1": "en-lang-adgangskode-2026", "role": "administrator",
    "password2": "en-lang-adgangskode-2026", "first_name": "Over", "last_name": "Taget", "code": "overtaget",
    "restriction_type": "none", "next": "/", "action": "publish", "action-publish": "1", "confirm": "1", "position": "0",
    "url": "https://portal.example/", "function": "Overtaget", "organisation": "HK", "min_responses": "5",
    "valid_from": "2026-01-01",
    "old_path": "/overtaget/", "redirect_link": "https://portal.example/", "hostname": "overtaget.example", "port": "80",
    "reason": "Overtaget", "id": "1", "pk": "1", "all": "1", "q": "kanarie",
}  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What came back, and the tables that were changed."""

    status: int
    location: str
    text: str
    tables: frozenset[str]

    @property
    def refused(self) -> bool:
        """Tell whether the asker was kept out: sent to sign in or back to the admin's front, forbidden or told nothing."""
        if self.status in (301, 302, 303):
            return bool(_REFUSED_TO.match(self.location)) or self.location == "/admin/"
        return self.status in (400, 401, 403, 404, 405, 410, 429)

    @property
    def broken(self) -> bool:
        """Tell whether it failed instead of answering."""
        return self.status >= 500


def ask(world: World, asker: Asker, method: str, address: str, data: dict[str, str] | None = None) -> Answer:
    """Ask in a session of its own and undo whatever came of it."""
    client = world.client(asker)
    with _undone(), _writes() as tables:
        if method == "GET":
            response = client.get(address, data or {})
        elif method in ("HEAD", "OPTIONS"):
            response = client.generic(method, address)
        else:
            body = encode_multipart(BOUNDARY, data or {})
            response = client.generic(method, address, body, content_type=MULTIPART_CONTENT)
        text = _text(response)
    headers = "\n".join(f"{name}: {value}" for name, value in response.items() if name != "Location")
    return Answer(response.status_code, response.get("Location", ""), f"{text}\n{headers}", frozenset(tables))


def usual() -> dict[str, str]:
    """Return data that many forms would take."""
    return dict(_USUAL)


def _text(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode(errors="replace"))


@contextmanager
def _undone() -> Iterator[None]:
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)
        transaction.set_rollback(False)
        connection.run_on_commit.clear()


@contextmanager
def _writes() -> Iterator[set[str]]:
    """Note the tables that statements change; what Django undid itself (a form that did not hold) counts as unchanged."""
    seen: set[str] = set()

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if (match := _WRITE.match(sql)) and match[2].lower() not in PASSING and context["cursor"].rowcount != 0:
            seen.add(match[2].lower())
        return result

    with connection.execute_wrapper(note):
        yield seen


def leaks(world: World, asker: Asker, answer: Answer, address: str) -> list[str]:
    """Return the words that the asker read and must not know; those of her own question are not told by the portal."""
    words = [word for word in world.hidden_from(asker) if word not in address]
    return words_in(f"{answer.location}\n{answer.text}", words)


def plain(answer: Answer, address: str) -> tuple[int, str, str]:
    """Return an answer as it would be for any address: without tokens and without the address itself."""
    body = _TOKEN.sub(r"\1·", answer.text)
    pieces = {address, *(piece for piece in address.split("/") if len(piece) > 2)}
    for part in sorted(pieces, key=len, reverse=True):
        body = body.replace(part, "·")
    location = answer.location
    for part in address.split("/"):
        location = location.replace(part, "·") if part else location
    return answer.status, location, re.sub(r"Content-Length: \d+", "", body)


def digest() -> str:
    """Return one sum of every row of every table, sessions and the like apart."""
    total = hashlib.blake2b(digest_size=16)
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table in PASSING or "fts" in table:
                continue
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            rows = sorted(repr(row) for row in cursor.fetchall())
            total.update(f"{table}:{len(rows)}:{rows}".encode())
    return total.hexdigest()
