"""Everything that can go wrong, sorted by who can fix it.

    MarketplaceAppError
    +- ConfigurationError        the operator: stop before the port opens, list every problem
    +- RequestRejected           the caller
    |  +- ContextRejected          an iframe's token is missing, forged, stale or of another surface
    |  +- ContextMismatch          the unsigned query contradicts the signed context
    |  +- TicketRejected           an action's ticket is missing, forged, expired or made for something else
    |  +- StateRejected            an install's state is unknown, used, or from another browser
    |  +- CodeRejected             an authorization code is used or older than five minutes
    |  +- HostRejected             a grant names an API host that PIPEDRIVE_API_HOSTS does not allow
    |  +- CredentialsRejected     Basic credentials do not fit
    |  +- BodyTooLarge             a body is larger than any that we read
    |  +- AdminsOnly               what an admin of the company may do was asked by somebody else
    |  +- FormRejected             a form or body has wrong fields; `fields` says which
    +- InstallationError         the user
    |  +- NotInstalled             this user has not installed the app in this company
    |  +- Disconnected             Pipedrive refuses this installation's grant
    |  |  +- RenewalUnsettled        it was refused once; the second try, a minute later, decides
    |  +- ScopeMissing             the grant lacks scopes; `scopes` names them where we know
    +- PipedriveError            upstream
    |  +- RateLimited              too many requests for now; `retry_after` seconds
    |  +- BudgetSpent              the company's daily tokens are used up; `until` epoch seconds
    |  +- PipedriveUnavailable     no answer, or one of the 500s
    |  +- PipedriveRefused         a 4xx answer; `status` says which
    |  +- CompanyClosed            402: the company's account is not open (trial over, not paid)
    |  +- ClientRefused            Pipedrive refuses the app's own credentials; no user can mend that
    |  +- UnexpectedPayload        an answer that does not read as Pipedrive documents it
    +- StorageError              us
       +- StoreUnavailable         Redis does not answer
       +- JobsFull                 the company has as many jobs as one may have; nothing was added
       +- NotDurable               written, and fewer replicas than asked for have acknowledged it
       +- InstallationPending      the consent is kept; what comes after it waits for Pipedrive or Redis
       +- TokenUnreadable          a sealed record does not open with any key we hold

`reason` is a slug for logs and metrics. `str(error)` is safe to log: errors carry ids and sentences,
never a token, a secret or a customer's data. Status codes live in `web/errors.py` only.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar


class MarketplaceAppError(Exception):
    reason: ClassVar[str] = "error"


class ConfigurationError(MarketplaceAppError):
    """Settings, manifest or extensions are wrong; `problems` has a sentence for each."""

    reason = "configuration"

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


class RequestRejected(MarketplaceAppError):
    reason = "request_rejected"


class ContextRejected(RequestRejected):
    reason = "context_rejected"


class ContextMismatch(RequestRejected):
    reason = "context_mismatch"


class TicketRejected(RequestRejected):
    reason = "ticket_rejected"


class StateRejected(RequestRejected):
    reason = "state_rejected"


class CodeRejected(RequestRejected):
    reason = "code_rejected"


class HostRejected(RequestRejected):
    reason = "host_rejected"


class CredentialsRejected(RequestRejected):
    reason = "credentials_rejected"


class BodyTooLarge(RequestRejected):
    reason = "body_too_large"


class AdminsOnly(RequestRejected):
    reason = "admins_only"


class FormRejected(RequestRejected):
    reason = "form_rejected"

    def __init__(self, message: str, fields: Mapping[str, object] | None = None, *, told: str = "") -> None:
        """`fields` has a sentence for each field, a text or a Message (domain/message.py).

        `told` is a sentence for the viewer, in the viewer's language, when the handler has one.
        """
        super().__init__(message)
        self.fields = dict(fields or {})
        self.told = told


class InstallationError(MarketplaceAppError):
    reason = "installation"


class NotInstalled(InstallationError):
    reason = "not_installed"


class Disconnected(InstallationError):
    reason = "disconnected"


class RenewalUnsettled(Disconnected):
    reason = "renewal_unsettled"


class ScopeMissing(InstallationError):
    reason = "scope_missing"

    def __init__(self, scopes: Sequence[str]) -> None:
        super().__init__(f"the grant lacks {', '.join(scopes) or 'a scope'}")
        self.scopes = tuple(scopes)


class PipedriveError(MarketplaceAppError):
    reason = "pipedrive"


class RateLimited(PipedriveError):
    reason = "rate_limited"

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"Pipedrive asks to wait {retry_after:g} seconds")
        self.retry_after = retry_after


class BudgetSpent(PipedriveError):
    reason = "budget_spent"

    def __init__(self, until: float) -> None:
        super().__init__("the company's daily API budget is used up")
        self.until = until


class PipedriveUnavailable(PipedriveError):
    """`was_sent`: Pipedrive may have read the request, and done what it asked."""

    reason = "pipedrive_unavailable"

    def __init__(self, message: str, *, was_sent: bool = True) -> None:
        super().__init__(message)
        self.was_sent = was_sent


class PipedriveRefused(PipedriveError):
    reason = "pipedrive_refused"

    def __init__(self, status: int, code: str = "") -> None:
        super().__init__(f"Pipedrive answered {status}{f' {code}' if code else ''}")
        self.status = status
        self.code = code


class CompanyClosed(PipedriveError):
    reason = "company_closed"


class ClientRefused(PipedriveError):
    reason = "client_refused"


class UnexpectedPayload(PipedriveError):
    reason = "unexpected_payload"


class StorageError(MarketplaceAppError):
    reason = "storage"


class StoreUnavailable(StorageError):
    reason = "store_unavailable"


class JobsFull(StorageError):
    reason = "jobs_full"


class NotDurable(StorageError):
    """`reply` is what the script said."""

    reason = "not_durable"

    def __init__(self, acknowledged: int, asked: int, reply: object = None) -> None:
        super().__init__(f"written, but acknowledged by {acknowledged} of {asked} replicas only")
        self.reply = reply


class InstallationPending(StorageError):
    reason = "installation_pending"


class TokenUnreadable(StorageError):
    reason = "token_unreadable"
