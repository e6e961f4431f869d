from dataclasses import dataclass

from marketplace_app.domain.ids import CompanyId, UserId


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts, in which company. Every key, token and API call is reached through one.

    Only verification makes it: of a signed context (`domain/context.py`), of a new grant by asking
    Pipedrive whose it is (`installations/`), and of Pipedrive's own credentialed calls (`oauth/`).
    tests/architecture holds that list.
    """

    company_id: CompanyId
    user_id: UserId
