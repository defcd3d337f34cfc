"""The Decision of the contract as one type: its JSON, its JSON Schema and its example come from it.

`Decision` is what is decided; the parts of it are JSON objects already. Whoever serves it gets the
schema from the type (`pydantic.TypeAdapter(Decision)`, or FastAPI's `response_model`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Annotated, Any, Literal, NotRequired

import orjson
from pydantic import Field, WithJsonSchema
from typing_extensions import TypedDict

from risk.features.spec import Family
from risk.policy.situation import Alternative, Lane, Stage, Tier
from risk.policy.step_of_rules import Action

NAME = "refund-risk"
"""The name of the model in every Decision and in the registry."""

Condition = Literal[
    "inspect_on_return", "merchant_consent", "courier_record", "amount_check", "order_record"
]
Experience = Literal["assumed", "mixed", "own"]
Source = Literal["customer", "courier", "merchant"]
Time = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
Money = Annotated[str, Field(pattern=r"^\d+\.\d{2,4}$")]


class Text(TypedDict):
    """A sentence in English and in Chinese."""

    en: str
    zh: str


class Reason(TypedDict):
    """What moved the probability; with `base` they add up to `raw_score`.

    The strongest are stated, those first that a person would give; that there is none of something
    only where it speaks for a customer. `rest_of_FAMILY` is the sum of all others of a family, with
    neither feature nor value.
    """

    code: str
    family: Family
    effect: Literal["raises", "lowers"]
    contribution: Annotated[float, Field(description="in log-odds, before calibration")]
    feature: str | None
    value: Annotated[float | None, Field(description="the feature's value, if known")]
    counted: NotRequired[
        Annotated[
            float,
            Field(
                description="of a share: how many, or how much money, of the whole it counts; 0 "
                "where there is none of something among what is there"
            ),
        ]
    ]
    text: Text


class Rule(TypedDict):
    """A rule of the policy that bore on the decision."""

    id: str
    effect: str
    text: Text


class Why(TypedDict):
    """What settled the tier."""

    id: str
    text: Text


RequiredEvidence = TypedDict("RequiredEvidence", {"kind": str, "from": Source, "text": Text})
"""An item to ask for: what, from whom, and the sentence that asks for it."""


class Linked(TypedDict):
    """The ring of the customer: how many customers and requests, and findings of abuse."""

    customers: int
    refunds: int
    confirmed_fraud: int


class MoneyUsed(TypedDict):
    """Money of the lines that the request is about: the price of goods, in the currency of those
    lines; postage and compensation are left out."""

    paid: Annotated[Money | None, Field(description="paid for the lines; null: not known")]
    asked: Annotated[Money, Field(description="what this request asks of it")]
    asked_before: Annotated[Money, Field(description="what other open requests ask of it")]
    granted_before: Annotated[
        Money,
        Field(description="what outcomes of other requests granted, and lost payment disputes"),
    ]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]


class DataWarning(TypedDict):
    """What was missing or odd in the data that a decision rests on."""

    code: Annotated[str, Field(description="such as `order_unknown` or `line_unknown`")]
    text: Text


class Recommended(TypedDict):
    """What whoever works the case does next, and a sentence that says it."""

    action: Action
    step: NotRequired[
        Annotated[
            str,
            Field(
                description="the id of the step, such as `record` or `consent`; not in decisions "
                "that earlier releases made"
            ),
        ]
    ]
    text: Text


class ModelVersion(TypedDict):
    """The model that decided."""

    name: str
    version: str
    experience: NotRequired[
        Annotated[
            Experience,
            Field(
                description="what it learned from: `assumed` worlds only, the store's `own` "
                "findings, or both (`mixed`); not in decisions that earlier releases made"
            ),
        ]
    ]
    calibrated: NotRequired[
        Annotated[bool, Field(description="whether `probability` was calibrated on findings")]
    ]


class PolicyVersion(TypedDict):
    """The policy that decided, by the hash of its content."""

    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided about a refund request, and why."""

    decision_id: str
    refund_id: str
    as_of: Annotated[Time, Field(description="what was known before this moment counts")]
    decided_at: Time
    stage: Stage
    tier: Annotated[
        Tier,
        Field(
            description="`approve` accepts the claim, `request_evidence` asks whoever can answer, "
            "`platform_intervention` puts the case before a person; none refuses."
        ),
    ]
    conditions: list[Condition]
    probability: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            description="calibrated: of requests answered 0.2, one in five is fraud or abuse",
        ),
    ]
    raw_score: Annotated[float, Field(description="the uncalibrated log-odds")]
    base: Annotated[float, Field(description="the log-odds before anything is known")]
    lane: Lane
    reasons: list[Reason]
    rules: list[Rule]
    why: Why
    required_evidence: list[RequiredEvidence]
    customer_message: Text
    suggestions: list[Alternative]
    respond_by: Annotated[Time, Field(description="when somebody must have answered the customer")]
    linked: Linked
    money: Annotated[
        MoneyUsed | None, Field(description="not in decisions that earlier releases made")
    ] = None
    warnings: Annotated[
        list[DataWarning],
        Field(description="what was missing or odd in the data, for whoever maintains the caller"),
    ] = field(default_factory=list)
    recommended: Annotated[
        Recommended | None,
        Field(description="the next step; not in decisions that earlier releases made"),
    ] = None
    amount: Money
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    model: ModelVersion
    policy: PolicyVersion

    def as_dict(self) -> dict[str, Any]:
        """The members of the Decision by name."""
        return dict(zip(_NAMES, _MEMBERS(self), strict=True))

    def to_json(self, reasons: bytes | None = None) -> bytes:
        """The Decision as JSON; `reasons` are its reasons where they are JSON already."""
        content = self.as_dict()
        if reasons is not None:
            content["reasons"] = orjson.Fragment(reasons)
        return orjson.dumps(content)


_NAMES = tuple(member.name for member in fields(Decision))
_MEMBERS = attrgetter(*_NAMES)


@dataclass(frozen=True, slots=True)
class Decided:
    """A Decision as it is answered: `json` is all of it, the rest is what a caller counts by."""

    decision_id: str
    tier: Tier
    probability: float
    json: bytes
