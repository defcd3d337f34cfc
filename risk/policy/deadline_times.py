"""The deadlines of a policy as its texts name them."""

from __future__ import annotations

from risk.policy.sections import Deadline


class DeadlineTimes:
    """The deadlines by name, for `str.format_map`; any other name stays in its braces."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline

    def __getitem__(self, name: str) -> object:
        known = name in Deadline.model_fields
        return getattr(self._deadline, name) if known else f"{{{name}}}"
