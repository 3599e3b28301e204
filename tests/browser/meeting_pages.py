"""The screens of meetings with sign-up, for the list in `pages`: the axe, HTML and screenshot runs walk them."""

from tests.browser.screens import Screen

VISITOR: tuple[Screen, ...] = ()
SIGNED_IN: tuple[Screen, ...] = ()
ADMIN: tuple[Screen, ...] = ()
