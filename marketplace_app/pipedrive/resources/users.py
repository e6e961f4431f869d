"""The user whose token it is, API v1. https://pipedrive.readme.io/docs/marketplace-getting-user-data"""

import msgspec

from marketplace_app.pipedrive.client import PipedriveReader


class Language(msgspec.Struct, frozen=True):
    language_code: str = "en"
    country_code: str = ""


class Access(msgspec.Struct, frozen=True):
    """`admin` may be absent, which means no."""

    app: str = ""
    admin: bool = False


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """Only the ids are relied on; everything else has been seen missing."""

    id: int
    company_id: int
    name: str = ""
    locale: str | None = None
    timezone_name: str | None = None
    company_name: str | None = None
    company_domain: str | None = None
    language: Language | None = None
    access: list[Access] | None = None

    @property
    def is_sales_admin(self) -> bool:
        return any(entry.admin for entry in self.access or () if entry.app in ("sales", "global"))


async def me(client: PipedriveReader) -> Me:
    return await client.get("/api/v1/users/me", Me)
