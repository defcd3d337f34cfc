"""The starter's card: what it was made from, what it may do, and what it does on worlds unseen."""

from __future__ import annotations

from risk.model import Bundle
from training.simulate.signals import SIGNALS
from training.starter.worlds import ABSENT, GAP, GAPS, MISSING, RANGES


def starter_card(bundle: Bundle) -> str:
    """The card of a starter, packaged or in service, in Markdown."""
    parts = [
        ["# refund-risk starter"],
        [
            "Made from assumptions, no real customers. It was fitted on "
            f"{bundle.about['requests']:,} requests of {bundle.about['worlds']} made worlds with "
            "their full truth, and on no finding of any shop. Its probabilities are not calibrated "
            "on findings: they assume a prevalence."
        ],
        ["## Data", "", *_data()],
        ["## Use", "", *_use(bundle)],
        ["## Measured on made worlds it was not fitted on", "", *_metrics(bundle)],
        ["## Trees", "", *_lanes(bundle)],
    ]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _data() -> list[str]:
    columns = ", ".join(f"{kind}.{name}" for kind, names in GAPS.items() for name in names)
    return [
        "Each world draws its own settings; the ranges are assumed:",
        "",
        *(f"- {name}: {words}" for name, words in RANGES.items()),
        *(
            f"- {one.says}: strength {one.low:g} to {one.high:g}, reversed in {one.reversed:.0%} "
            "of worlds"
            for one in SIGNALS.values()
        ),
        f"- not recorded, each in {GAP:.0%} of worlds: {columns}",
        f"- not sent at all, each in {MISSING:.0%} of worlds: {', '.join(ABSENT)}",
    ]


def _use(bundle: Bundle) -> list[str]:
    about = bundle.about
    if "prevalence" not in about:
        return [f"As packaged, its log-odds hold where {about['balance']:.0%} are abusive."]
    return [
        f"- It assumes that {about['prevalence']:.1%} of requests are abusive "
        "(`starter.prevalence` of the policy).",
        f"- It asks for evidence from a probability of {bundle.thresholds['ask_above']:.3f} on: in "
        f"at most {about['ask_share']:.1%} of requests (`starter.ask_share`).",
        *(
            f"- It asks a {name} from {at:.3f} on, so that no more of the honest are expected to "
            "be asked than of all."
            for name, at in bundle.of_group.items()
        ),
        "- By itself it never calls a person; rules of the policy still may.",
        "- It orders the queue.",
    ]


def _metrics(bundle: Bundle) -> list[str]:
    metrics = bundle.about["metrics"]
    return [f"- {name.replace('_', ' ')}: {value:.3f}" for name, value in metrics.items()]


def _lanes(bundle: Bundle) -> list[str]:
    return [
        f"- {name}: {lane.text.count('Tree=')} trees over {len(lane.features)} features"
        for name, lane in bundle.lanes.items()
    ]
