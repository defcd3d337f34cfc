"""The champion: what decides now."""

from api.dependencies.context import RequestContext, Scorer
from api.routing import answers, api_router
from api.schemas.model import EXAMPLE, Model, ModelFeature, PolicyInForce
from risk.decisions.decision import NAME
from risk.facts.format import iso

router = api_router("decisions")


@router.get(
    "/v1/model",
    operation_id="model",
    summary="What decides now",
    responses=answers(EXAMPLE, "the champion"),
)
async def model(context: Scorer) -> Model:
    """The champion: its name, version, metrics and features, and the policy's version."""
    return await context.run(lambda: _champion(context))


def _champion(context: RequestContext) -> Model:
    decider = context.service.decider
    champion = decider.ready()
    published, bundle = champion.published, champion.bundle
    about = dict(bundle.about)
    return Model(
        name=NAME,
        version=published.version,
        digest=published.digest,
        promoted_at=iso(published.published_at),
        why=published.why,
        metrics=about.pop("metrics", {}),
        training=about,
        thresholds=dict(bundle.thresholds),
        features=[ModelFeature(name=n, hash=digest) for n, digest in bundle.features.items()],
        policy=PolicyInForce(version=decider.policy.version),
    )
