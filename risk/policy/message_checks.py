"""The words of a policy: complete in both languages, with known placeholders, and with manners."""

from __future__ import annotations

from string import Formatter
from typing import Annotated

from pydantic import AfterValidator, model_validator

from risk.facts.localised import LocalisedText
from risk.policy.sections import Section
from risk.policy.situation import TIERS

PLACEHOLDERS = frozenset(
    {"asks", "options", "deadline", "reply_hours", "pay_hours", "goods_hours", "exchange_days"}
)
ACCOUNT = frozenset({"asks", "reply_hours"})
FIGURES = frozenset({"tier", "approve", "ask", "person", "cap"})
MESSAGES = frozenset(
    {
        "refund", "return", "returned", "exchange", "repair", "resend", "price",
        "consent", "goodwill", "record", "ask_customer", "ask_others", "person", "person_returned",
    }
)  # fmt: skip
WHYS = frozenset({"least_cost", "cap_ask", "cap_person", "declined", "let_through"})


def both_languages(said: LocalisedText) -> LocalisedText:
    """Refuse what is missing or empty in one language, or said in a third."""
    for language in ("en", "zh"):
        if not said.get(language, "").strip():
            raise ValueError(f"nothing said in {language}")
    if len(said) > 2:
        raise ValueError("knows the languages en and zh only")
    return said


Said = Annotated[LocalisedText, AfterValidator(both_languages)]


def placeholders(text: str) -> set[str]:
    """What stands in braces, formats and conversions included; ValueError for a lone brace."""
    return {
        f"{name}{'!' + how if how else ''}{':' + form if form else ''}"
        for _, name, form, how in Formatter().parse(text)
        if name is not None
    }


class Forbidden(Section):
    """What no customer may read in any message."""

    en: tuple[str, ...]
    zh: tuple[str, ...]

    def found_in(self, said: LocalisedText) -> list[str]:
        """The forbidden words in it, whole or as part of a word."""
        lower = {language: text.casefold() for language, text in said.items()}
        return [word for word in self.en if word.casefold() in lower["en"]] + [
            word for word in self.zh if word in lower["zh"]
        ]


class Wording(Section):
    """Messages and accounts to the customer, the middle ways by name, and why, for the reviewer."""

    forbidden: Forbidden
    messages: dict[str, Said]
    accounts: dict[str, Said]
    options: dict[str, Said]
    why: dict[str, Said]

    @model_validator(mode="after")
    def _checked(self) -> Wording:
        problems = [
            *_gaps("messages", MESSAGES, self.messages, PLACEHOLDERS),
            *_gaps("accounts", frozenset(TIERS), self.accounts, ACCOUNT),
            *_gaps("why", WHYS, self.why, FIGURES),
        ]
        for section in ("messages", "accounts", "options"):
            for key, said in getattr(self, section).items():
                problems += [f"{section}.{key}: says {w!r}" for w in self.forbidden.found_in(said)]
        if problems:
            raise ValueError("; ".join(problems))
        return self


def _gaps(
    section: str, wanted: frozenset[str], have: dict[str, Said], known: frozenset[str]
) -> list[str]:
    problems = [f"{section}: missing {key}" for key in sorted(wanted - have.keys())]
    problems += [f"{section}: unknown {key}" for key in sorted(have.keys() - wanted)]
    for key, said in have.items():
        used = placeholders(said["en"]) | placeholders(said["zh"])
        problems += [f"{section}.{key}: unknown {{{name}}}" for name in sorted(used - known)]
    return problems
