"""The products of a deal, API v2. https://developers.pipedrive.com/docs/api/v1/Deals"""

import msgspec

from marketplace_app.pipedrive.client import PipedriveReader


class DealProduct(msgspec.Struct, frozen=True, kw_only=True):
    """`sum` is what the line costs after its discount; `tax` is in per cent, `tax_method` says of what."""

    id: int
    name: str = ""
    quantity: float = 1
    item_price: float = 0
    sum: float = 0
    tax: float = 0
    tax_method: str = "none"
    currency: str = ""
    is_enabled: bool = True


async def of_deal(client: PipedriveReader, deal_id: int) -> list[DealProduct]:
    """The first hundred: more is a list, not a glance."""
    return await client.get(f"/api/v2/deals/{deal_id:d}/products", list[DealProduct], sort_by="order_nr")
