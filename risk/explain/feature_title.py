"""What a feature is called where no value of it is told: on an axis, in a report."""

from __future__ import annotations

from risk.features.spec import Feature

OPEN = "…"
FIRST = {"{value} of ": "share of ", "{value} times ": "how many times "}


def feature_title(feature: Feature, language: str = "en") -> str:
    """The sentence of a feature with its numbers left open.

    >>> from risk.features.catalog import catalogue
    >>> named = {feature.name: feature for feature in catalogue()}
    >>> feature_title(named["customer_requests_30d"])
    'other refund requests by this customer in 30 days'
    >>> feature_title(named["customer_requests_30d"], "zh")
    '该客户30天内另有…次退款申请'
    """
    said = feature.text[language]
    for start, called in FIRST.items():
        if said.startswith(start):
            said = called + said.removeprefix(start)
    if feature.unit == "money":
        said = said.replace("{value} ", "money ", 1) if said.startswith("{value} ") else said
    return said.replace("{value}", OPEN).replace("{whole}", OPEN).removeprefix(f"{OPEN} ")
