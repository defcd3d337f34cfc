"""Checks of a policy's messages: both languages, known placeholders, no forbidden words."""

from __future__ import annotations

from string import Formatter
from typing import Annotated

from pydantic import AfterValidator, model_validator

from risk.facts.localised import LANGUAGES, LocalisedText
from risk.policy.completing import added_under
from risk.policy.sections import Section
from risk.policy.situation import TIERS

PLACEHOLDERS = frozenset(
    {
        "asks",
        "options",
        "deadline",
        "reply_hours",
        "pay_hours",
        "goods_hours",
        "exchange_days",
        "right_days",
        "found",
        "noted",
        "by",
        "paid",
        "postage",
        "until",
        "asked",
        "rest",
        "goods",
        "back",
        "sending",
        "extras",
    }
)
OPTION = frozenset({"amount", "months"})
ACCOUNTS = frozenset({*TIERS, "withdrawn", "found", "listed", "payment", "open"})
ACCOUNT = frozenset({"asks", "reply_hours"})
FIGURES = frozenset({"tier", "approve", "ask", "person", "cap"})
MESSAGES = frozenset(
    {
        "refund", "return", "returned", "exchange", "repair", "resend", "price",
        "consent", "goodwill", "record", "ask_customer", "ask_others", "person", "person_returned",
        "amount_check", "return_fault", "order_record", "not_shipped", "in_transit", "returning",
        "return_change_of_mind", "returning_paid",
        "withdrawn", "return_receipt", "return_scanned", "found", "found_for",
        "listed_evidence", "listed_prepayment", "payment", "kept", "goodwill_kind",
        "exchange_sent", "repair_sent", "return_lost", "return_came_back",
        "found_return", "person_inspected", "payment_disputed", "record_unsent", "code_record",
        "return_never_came", "consent_late",
        "exchange_fault", "repair_fault", "return_paid", "return_fault_paid",
        "return_change_of_mind_paid", "found_exchange", "found_repair", "found_resend",
        "goodwill_moving", "no_amount", "return_code", "exchange_unsent", "exchange_unshipped",
        "consent_return",
        "refused", "own_address", "consent_fitter", "return_minor", "sent_free",
        "return_collected", "return_collected_paid", "exchange_collected",
        "found_collected", "repair_collected",
        "already_paid", "refused_unfound", "found_refused",
        "found_partly", "found_refused_honest", "found_exchanged", "found_withdrawn",
        "paid_partly", "open_request", "returned_light", "person_unsafe", "record_read",
        "return_read", "shop_declined", "shop_declined_return", "cancelled_late",
        "exchange_goodwill", "consent_made", "told_unwanted", "told_fault", "own_postage",
        "shop_read", "goodwill_part", "part_on_way", "part_lost",
        "refund_still", "repair_replaced", "service_record", "return_service", "consent_service",
        "consent_deposit", "consent_code", "return_shown",
    }
)  # fmt: skip
WHYS = frozenset({
    "least_cost", "cap_ask", "cap_group", "cap_group_nobody", "cap_person", "declined",
    "let_through",
})  # fmt: skip


def both_languages(text: LocalisedText) -> LocalisedText:
    """The text itself. Raises ValueError where a language is missing, empty or unknown."""
    for language in LANGUAGES:
        if not text.get(language, "").strip():
            raise ValueError(f"no text in {language}")
    if len(text) > 2:
        raise ValueError("knows the languages en and zh only")
    return text


Localised = Annotated[LocalisedText, AfterValidator(both_languages)]


def placeholders(text: str) -> set[str]:
    """The names in braces, with formats and conversions. Raises ValueError for a lone brace."""
    return {
        f"{name}{'!' + how if how else ''}{':' + form if form else ''}"
        for _, name, form, how in Formatter().parse(text)
        if name is not None
    }


class ForbiddenWords(Section):
    """Words that no message to a customer may contain."""

    en: tuple[str, ...]
    zh: tuple[str, ...]

    def found_in(self, words: LocalisedText) -> list[str]:
        """The forbidden words in it, whole or as part of a word."""
        lower = {language: text.casefold() for language, text in words.items()}
        return [word for word in self.en if word.casefold() in lower["en"]] + [
            word for word in self.zh if word in lower["zh"]
        ]


class Wording(Section):
    """Messages and accounts for the customer, names of alternatives, reasons for the reviewer."""

    forbidden: ForbiddenWords
    messages: dict[str, Localised]
    accounts: dict[str, Localised]
    options: dict[str, Localised]
    why: dict[str, Localised]

    @model_validator(mode="after")
    def _checked(self) -> Wording:
        problems = [
            *_gaps("messages", MESSAGES, self.messages, PLACEHOLDERS),
            *_gaps("accounts", ACCOUNTS, self.accounts, ACCOUNT),
            *_gaps("why", WHYS, self.why, FIGURES),
            *_gaps("options", frozenset(self.options), self.options, OPTION),
        ]
        for section in ("messages", "options"):
            for key, text in getattr(self, section).items():
                found = self.forbidden.found_in(text)
                problems += [f"{section}.{key}: contains {word!r}" for word in found]
        if problems:
            raise ValueError("; ".join(problems))
        return self


def _gaps(
    section: str, wanted: frozenset[str], have: dict[str, Localised], known: frozenset[str]
) -> list[str]:
    required = wanted - added_under(f"wording.{section}")
    problems = [f"{section}: missing {key}" for key in sorted(required - have.keys())]
    problems += [f"{section}: unknown {key}" for key in sorted(have.keys() - wanted)]
    for key, text in have.items():
        used = placeholders(text["en"]) | placeholders(text["zh"])
        problems += [f"{section}.{key}: unknown {{{name}}}" for name in sorted(used - known)]
    return problems
