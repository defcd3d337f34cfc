"""A customer as calls read it, and the list entry that calls make."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.dependencies.body import JsonBody
from api.schemas.common import Time
from risk.cases.customers.customer import CustomerRecord
from risk.facts.format import iso, money
from risk.facts.parse import parse_time
from risk.history.list_entries import ListEntry


class CustomerOrders(BaseModel):
    """The customer's orders in one currency."""

    currency: str | None
    orders: int
    paid: str
    first_at: Time
    last_at: Time


class CustomerRequest(BaseModel):
    """A refund request of the customer, with the finding that stands."""

    refund_id: str
    order_id: str
    requested_at: Time
    amount: str
    currency: str | None
    type: str | None
    reason_code: str | None
    state: str | None
    verdict: str | None
    found_at: Time | None


class CustomerListing(BaseModel):
    """An entry of the block or the allow list."""

    list: Literal["block", "allow", "withdrawn", "appealed"]
    cause: str
    asks: Annotated[
        Literal["evidence", "prepayment"], Field(description="what a block asks for at most")
    ]
    by: Annotated[str, Field(description="who made it")]
    at: Time
    expires_at: Time | None
    refund_id: Annotated[str | None, Field(description="the case it was made from")]

    @classmethod
    def of(cls, entry: ListEntry) -> Self:
        """A list entry with times as the outside world reads them."""
        return cls(
            list=entry.kind,
            cause=entry.cause,
            asks=entry.asks,
            by=entry.by,
            at=iso(entry.known_at),
            expires_at=None if entry.expires_at is None else iso(entry.expires_at),
            refund_id=entry.refund_id,
        )


class Customer(BaseModel):
    """What is known of a customer."""

    customer_id: str
    orders: Annotated[list[CustomerOrders], Field(description="by currency")]
    requested: Annotated[int, Field(description="how many refund requests were made")]
    requests: Annotated[list[CustomerRequest], Field(description="the latest, newest first")]
    findings: Annotated[
        dict[str, int], Field(description="the standing verdicts among these requests")
    ]
    shared: Annotated[
        dict[str, int],
        Field(description="other customers seen at a thing of this one, by the kind of thing"),
    ]
    listing: Annotated[CustomerListing | None, Field(description="the entry in force")]
    listings: Annotated[list[CustomerListing], Field(description="all entries, newest first")]

    @classmethod
    def of(cls, record: CustomerRecord) -> Self:
        """A record with times and money as the outside world reads them."""
        return cls(
            customer_id=record.customer_id,
            orders=[
                CustomerOrders(
                    currency=row["currency"],
                    orders=row["orders"],
                    paid=money(row["paid"], row["currency"] or ""),
                    first_at=iso(row["first_at"]),
                    last_at=iso(row["last_at"]),
                )
                for row in record.orders
            ],
            requested=record.requested,
            requests=[CustomerRequest(**_request(row)) for row in record.requests],
            findings=record.findings,
            shared=record.shared,
            listing=None if record.entry is None else CustomerListing.of(record.entry),
            listings=[CustomerListing.of(entry) for entry in record.entries],
        )


def _request(row: dict[str, Any]) -> dict[str, Any]:
    known = {name: row[name] for name in CustomerRequest.model_fields}
    return {
        **known,
        "amount": money(row["amount"], row["currency"] or ""),
        "requested_at": iso(row["requested_at"]),
        "found_at": None if row["found_at"] is None else iso(row["found_at"]),
    }


def _moment(text: str) -> str:
    parse_time(text)
    return text


class ListingSettings(BaseModel):
    """An entry to make."""

    model_config = ConfigDict(extra="forbid", strict=True)

    list: Literal["block", "allow"]
    cause: Annotated[str, Field(min_length=1, max_length=5_000, description="what happened")]
    note: Annotated[str | None, Field(max_length=5_000)] = None
    asks: Literal["evidence", "prepayment"] = "evidence"
    expires_at: Annotated[
        Annotated[Time, AfterValidator(_moment)] | None,
        Field(description="within 730 days; in a year where it is not given"),
    ] = None


EXAMPLE: dict[str, Any] = {
    "customer_id": "C-901",
    "orders": [
        {
            "currency": "CNY",
            "orders": 12,
            "paid": "4120.00",
            "first_at": "2025-04-02T03:00:00.000+00:00",
            "last_at": "2026-03-01T03:00:00.000+00:00",
        }
    ],
    "requested": 1,
    "requests": [
        {
            "refund_id": "R-2001",
            "order_id": "O-1001",
            "requested_at": "2026-03-05T01:30:00.000+00:00",
            "amount": "199.00",
            "currency": "CNY",
            "type": "return_and_refund",
            "reason_code": "defective",
            "state": "open",
            "verdict": "legitimate",
            "found_at": "2026-03-06T02:00:00.000+00:00",
        }
    ],
    "findings": {"legitimate": 1},
    "shared": {"address": 3},
    "listing": None,
    "listings": [],
}

listing_body: JsonBody[ListingSettings] = JsonBody(
    ListingSettings,
    "listing",
    {
        "block": {
            "list": "block",
            "cause": "Bricks came back three times, found by the platform",
            "expires_at": "2026-12-01T00:00:00+08:00",
        },
        "allow": {"list": "allow", "cause": "A victim of a false accusation in March"},
    },
)
