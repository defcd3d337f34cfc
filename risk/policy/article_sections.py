"""The kinds of articles of a policy."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from risk.policy.excluded_goods import excluded_goods
from risk.policy.sections import Section


def _goods(kind: str) -> str:
    if kind not in excluded_goods():
        raise ValueError(f"must be one of {', '.join(sorted(excluded_goods()))}")
    return kind


class Article(Section):
    """A kind of article. Where a file says `also = "perishable"`, its categories are those of that
    kind in `excluded_goods.toml`, then its own; the policy, and so its version, has them all.
    `collected`: it is too bulky to be sent by post. `told_in`: categories of which a text may say
    that it is one."""

    categories: tuple[str, ...]
    sent_back: bool
    repaired: bool
    shown_for: tuple[str, ...]
    shipped: bool | None = None
    collected: bool | None = None
    told_in: tuple[str, ...] | None = None
    also: Annotated[str, AfterValidator(_goods)] | None = Field(default=None, exclude=True)

    @model_validator(mode="after")
    def _expanded(self) -> Article:
        if self.also is None:
            return self
        whole = (*excluded_goods()[self.also], *self.categories)
        return self.model_copy(update={"categories": whole, "also": None})
