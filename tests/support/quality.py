"""What a page is measured with: axe for WCAG 2.2 AA, and the Nu HTML checker."""

import json
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.support.services import AXE, VNU

WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Without preloading: for a style sheet that is imported into a layer axe writes a <style> of its own, which our policy
# refuses, and the guard would blame the page. The one rule that needs it, turning the screen, is not used here.
_RUN = """
async ([tags, exclude]) => {
  const context = exclude.length ? {exclude: exclude.map(selector => [selector])} : document;
  const rules = {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"], preload: false};
  return (await axe.run(context, rules)).violations;
}
"""


def axe(page: Page, *, exclude: tuple[str, ...] = ()) -> list[str]:
    """Return the page's violations of WCAG 2.2 AA, one line per element.

    Args:
        page: a page with JavaScript; axe is evaluated, not injected as a script, so a strict policy lets it run.
        exclude: CSS selectors of parts that are not ours (in the admin).
    """
    page.evaluate(_axe_source())
    violations: list[dict[str, Any]] = page.evaluate(_RUN, [WCAG_22_AA, list(exclude)])
    return [
        f"{violation['id']}: {' '.join(map(str, node['target']))} — {_reason(node)}"
        for violation in violations
        for node in violation["nodes"]
    ]


def html_errors(*documents: str) -> list[str]:
    """Return what the Nu HTML checker finds wrong; give many documents at once, starting it takes two seconds."""
    with tempfile.TemporaryDirectory(prefix="portal-html-") as folder:
        files = []
        for number, document in enumerate(documents):
            file = Path(folder) / f"{number}.html"
            file.write_text(document, encoding="utf-8")
            files.append(str(file))
        command = [
            "java",
            "-Xss4m",
            "-jar",
            str(VNU),
            "--errors-only",
            "--format",
            "json",
            "--exit-zero-always",
            *files,
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [
        f"document {Path(message.get('url', '0')).stem}, line {message.get('lastLine', '?')}: {message['message']}"
        f" [{message.get('extract', '').strip()}]"
        for message in json.loads(done.stderr)["messages"]
    ]


def _reason(node: dict[str, Any]) -> str:
    return str(node.get("failureSummary", "")).replace("\n", " ")


@cache
def _axe_source() -> str:
    return AXE.read_text(encoding="utf-8")
