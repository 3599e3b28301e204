"""Steps side by side: people answer one while a check runs in another, and none waits for the other."""

from typing import ClassVar

from portal.editorial.registry import TaskType


class Parallel(TaskType):
    """Holds other steps; they are begun together, and it ends when all have. `portal.editorial.engine` runs them."""

    holds_steps: ClassVar[bool] = True
