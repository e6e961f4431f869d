"""From what Pipedrive answers to what we keep of it."""

from marketplace_app.domain.installation import Profile, Scope, TokenPair
from marketplace_app.pipedrive.authorization import Grant
from marketplace_app.pipedrive.resources import users


def first_pair(grant: Grant, now: float) -> TokenPair:
    return TokenPair(
        access_token=grant.access_token,
        refresh_token=grant.refresh_token,
        obtained_at=now,
        expires_at=now + grant.lifetime_seconds,
        api_domain=grant.api_domain,
        scopes=tuple(map(Scope, grant.scopes)),
        used_at=now,
    )


def renewed_pair(grant: Grant, old: TokenPair, now: float, *, is_used: bool) -> TokenPair:
    """What a reply leaves out stays as it was; a changed api_domain is for the caller to believe."""
    return TokenPair(
        access_token=grant.access_token,
        refresh_token=grant.refresh_token or old.refresh_token,
        obtained_at=now,
        expires_at=now + grant.lifetime_seconds,
        api_domain=old.api_domain,
        scopes=tuple(map(Scope, grant.scopes)) or old.scopes,
        used_at=now if is_used else old.used_at,
    )


def profile_of(me: users.Me, now: float) -> Profile:
    return Profile(
        name=me.name,
        language=(me.language.language_code if me.language else "") or "en",
        locale=me.locale or "en_US",
        time_zone=me.timezone_name or "UTC",
        company_name=me.company_name or "",
        company_domain=me.company_domain or "",
        is_admin=me.is_sales_admin,
        read_at=now,
    )
