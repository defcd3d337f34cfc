"""The variable parts of paths, with an example each."""

from typing import Annotated

from fastapi import Path


def _named(example: str, shortest: int | None = 1) -> object:
    return Path(min_length=shortest, examples=[example])


RefundId = Annotated[str, _named("R-2001")]
EvidenceId = Annotated[str, _named("E-1")]
CustomerId = Annotated[str, _named("C-901")]
DecisionId = Annotated[str, _named("7f0c6c1e8a5b4a0f9d3e2b1c0a998877")]
ReceiverId = Annotated[str, _named("rcv_5f0c6c1e8a5b4a0f")]
DeliveryId = Annotated[str, _named("msg_7f0c6c1e8a5b4a0f9d3e2b1c")]
MessageId = Annotated[str, _named("in_7f0c6c1e8a5b4a0f9d3e2b1c")]
SystemName = Annotated[str, _named("shopify", None)]
EndpointName = Annotated[str, _named("main", None)]
