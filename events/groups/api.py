"""What the screens above the meetings may use of the groups."""

from events.groups.board import Board, board, board_file
from events.groups.lists import Scope, municipality_scope

__all__ = ["Board", "Scope", "board", "board_file", "municipality_scope"]
