"""The schemes of abuse: frequency, accounts, and the conduct of their claims."""

from collections.abc import Mapping
from dataclasses import dataclass

Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Conduct:
    """How one kind of false claim is made.

    `loot` is the price range bought (`high`, `low`, `under` a review limit, `bundle`, `any`),
    `days` the median of days from delivery to request, `part` whether only part of the amount is
    claimed, `sends_back` what a return parcel holds.
    """

    reasons: Weights
    types: Weights
    loot: str = "any"
    categories: tuple[str, ...] = ()
    days: float = 2.0
    part: bool = False
    sends_back: str = "as_sent"
    before_receipt: bool = False
    shows_proof: float = 0.45


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme: `share` of abusive requests, ranges of accounts and of claims an account.

    `casual` is the share of one-time offenders, on an ordinary order. `conducts` are the kinds of
    claim that a crew chooses between; `together` whether its accounts act in parallel (else one
    after another), `grows` whether the scheme becomes more frequent over the year.
    """

    name: str
    truth: str
    share: float
    conducts: tuple[str, ...]
    accounts: tuple[int, int] = (1, 1)
    claims: tuple[int, int] = (2, 6)
    casual: float = 0.45
    together: bool = True
    grows: bool = False


ONLY: Weights = {"refund_only": 1.0}
MOSTLY_ONLY: Weights = {
    "refund_only": 0.85, "return_and_refund": 0.08, "resend": 0.04, "exchange": 0.03,
}  # fmt: skip
RETURN: Weights = {"return_and_refund": 0.92, "exchange": 0.08}
FASHION = ("apparel", "shoes", "bags", "jewellery", "electronics")
BRANDED = ("beauty", "bags", "jewellery", "phones", "shoes")

CONDUCTS: Mapping[str, Conduct] = {
    "serial_refund_only": Conduct(
        {"damaged": 3, "defective": 3, "not_as_described": 2.5, "missing_item": 0.6, "other": 1,
         "late": 0.4, "double_charge": 0.25},
        MOSTLY_ONLY, "under", days=1.5,
    ),
    "claimed_non_receipt": Conduct(
        {"not_received": 0.93, "late": 0.07}, {"refund_only": 0.87, "resend": 0.13}, "high",
        days=1.8, shows_proof=0.08,
    ),
    "false_return": Conduct(
        {"unwanted": 3, "defective": 3, "not_as_described": 3, "other": 1}, RETURN, "high",
        days=3.0, sends_back="other",
    ),
    "wear_and_return": Conduct(
        {"unwanted": 6, "not_as_described": 2.5, "defective": 1.5}, RETURN, "any", FASHION,
        days=5.0, sends_back="used", shows_proof=0.2,
    ),
    "counterfeit_swap": Conduct(
        {"counterfeit": 4, "unwanted": 3, "not_as_described": 2, "defective": 1}, RETURN, "high",
        BRANDED, days=3.5, sends_back="fake",
    ),
    "missing_item": Conduct(
        {"missing_item": 0.85, "wrong_item": 0.15}, MOSTLY_ONLY, "any", days=1.2, part=True,
        shows_proof=0.3,
    ),
    "partial_shortage": Conduct(
        {"missing_item": 0.85, "damaged": 0.15}, ONLY, "bundle", days=1.2, part=True,
        shows_proof=0.3,
    ),
    "freight_insurance": Conduct(
        {"unwanted": 0.75, "other": 0.15, "not_as_described": 0.1}, {"return_and_refund": 1.0},
        "low", days=0.5, before_receipt=True, shows_proof=0.02,
    ),
    "forged_evidence": Conduct(
        {"damaged": 4, "defective": 3.5, "not_as_described": 1.5, "wrong_item": 1}, MOSTLY_ONLY,
        "any", days=1.5, shows_proof=0.9,
    ),
}  # fmt: skip

RING_CONDUCTS = ("serial_refund_only", "claimed_non_receipt", "false_return", "forged_evidence")
SCHEMES: tuple[Scheme, ...] = (
    Scheme("serial_refund_only", "abuse", 0.19, ("serial_refund_only",), accounts=(1, 2),
        claims=(3, 9)),
    Scheme("claimed_non_receipt", "fraud", 0.17, ("claimed_non_receipt",), accounts=(1, 2),
        claims=(2, 5)),
    Scheme("false_return", "fraud", 0.10, ("false_return",), claims=(1, 4)),
    Scheme("wear_and_return", "abuse", 0.13, ("wear_and_return",), claims=(2, 7), casual=0.55),
    Scheme("counterfeit_swap", "fraud", 0.06, ("counterfeit_swap",), claims=(1, 4)),
    Scheme("missing_item", "abuse", 0.05, ("missing_item",), claims=(1, 5), casual=0.55),
    Scheme("partial_shortage", "abuse", 0.035, ("partial_shortage",), claims=(2, 5)),
    Scheme(
        "freight_insurance", "fraud", 0.05, ("freight_insurance",), accounts=(1, 4),
        claims=(4, 12), casual=0.0, grows=True,
    ),
    Scheme(
        "account_ring", "fraud", 0.12, (*RING_CONDUCTS, "missing_item"), accounts=(3, 10),
        claims=(1, 3), casual=0.0,
    ),
    Scheme(
        "account_hopping", "fraud", 0.06, ("serial_refund_only", "claimed_non_receipt"),
        accounts=(2, 5), claims=(2, 4), casual=0.0, together=False,
    ),
    Scheme(
        "colluding_merchant", "fraud", 0.04, ("serial_refund_only", "claimed_non_receipt",
        "freight_insurance"), accounts=(3, 8), claims=(1, 4), casual=0.0,
    ),
    Scheme("forged_evidence", "fraud", 0.07, ("forged_evidence",), claims=(2, 5), casual=0.3,
        grows=True),
)  # fmt: skip
SCHEME_NAMES: tuple[str, ...] = tuple(scheme.name for scheme in SCHEMES)
CONDUCT_NAMES: tuple[str, ...] = tuple(CONDUCTS)
