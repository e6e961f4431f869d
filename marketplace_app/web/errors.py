"""The one table from error to answer. The most special row on an error's line of descent speaks."""

from dataclasses import dataclass

from marketplace_app import errors
from marketplace_app.domain.message import Message, say
from marketplace_app.errors import MarketplaceAppError


@dataclass(frozen=True, slots=True)
class Row:
    """What a person is told: `title` names it, `advice` says what to do."""

    status: int
    title: Message
    advice: Message


_RELOAD = say("Reload this page in Pipedrive. If it stays like this, ask your administrator about the app.")
_AGAIN = say("Try again in a moment.")
_START_AGAIN = say("Start the installation again.")

TABLE: dict[type[MarketplaceAppError], Row] = {
    errors.ConfigurationError: Row(500, say("The app is not set up correctly"), _AGAIN),
    errors.RequestRejected: Row(400, say("This request does not look right"), _RELOAD),
    errors.ContextRejected: Row(
        401,
        say("This panel is out of date"),
        say("Reload the deal. The pass that Pipedrive gave to this panel is missing or has expired."),
    ),
    errors.ContextMismatch: Row(400, say("This request does not look right"), _RELOAD),
    errors.TicketRejected: Row(
        409,
        say("This button is out of date"),
        say("The panel has been refreshed. Press again if you still want it."),
    ),
    errors.StateRejected: Row(400, say("This installation was not started here"), _START_AGAIN),
    errors.CodeRejected: Row(
        400, say("This installation took too long or was finished before"), _START_AGAIN
    ),
    errors.HostRejected: Row(
        400,
        say("This Pipedrive address is not one we know"),
        say("Nothing was stored. Start the installation again from your own Pipedrive."),
    ),
    errors.CredentialsRejected: Row(401, say("The credentials do not fit"), _AGAIN),
    errors.BodyTooLarge: Row(413, say("This request is too large"), _AGAIN),
    errors.AdminsOnly: Row(
        403, say("This is for admins"), say("Ask an admin of your company's Pipedrive account to do it.")
    ),
    errors.FormRejected: Row(
        400, say("Something in the form is not right"), say("Check it and send it again.")
    ),
    errors.InstallationError: Row(403, say("The app needs your consent"), say("Connect it to go on.")),
    errors.NotInstalled: Row(403, say("Not connected yet"), say("Connect the app to see this record.")),
    errors.Disconnected: Row(
        403, say("Disconnected"), say("Pipedrive no longer accepts the app. Reconnect it.")
    ),
    errors.InstallationPending: Row(
        503,
        say("Almost there"),
        say("We have your consent and finish by ourselves as soon as we can. Open your record in a minute."),
    ),
    errors.ScopeMissing: Row(
        403, say("A permission is missing"), say("Pipedrive did not let the app do this for you.")
    ),
    errors.PipedriveError: Row(502, say("Pipedrive did not answer as expected"), _AGAIN),
    errors.RateLimited: Row(
        503, say("Pipedrive is busy"), say("Too many requests at once. Try again in a moment.")
    ),
    errors.BudgetSpent: Row(
        503,
        say("Today's API budget is used up"),
        say("Your company has used all of its daily Pipedrive API tokens. They are renewed overnight."),
    ),
    errors.PipedriveUnavailable: Row(503, say("Pipedrive does not answer"), _AGAIN),
    errors.PipedriveRefused: Row(
        403,
        say("You may not have access to this record"),
        say("It may have been deleted, or its owner has not shared it with you."),
    ),
    errors.CompanyClosed: Row(
        402,
        say("Your company's Pipedrive account is not open"),
        say("Its trial may be over, or a payment is due. When Pipedrive opens it again, all is as it was."),
    ),
    errors.ClientRefused: Row(
        503,
        say("Pipedrive does not accept the app at the moment"),
        say("Its operator has to mend this. Your connection is kept; try again later."),
    ),
    errors.RenewalUnsettled: Row(
        403,
        say("Pipedrive did not renew the connection"),
        say("We ask once more in a minute. You can also reconnect the app now."),
    ),
    errors.UnexpectedPayload: Row(502, say("Pipedrive did not answer as expected"), _AGAIN),
    errors.StorageError: Row(503, say("Something is wrong on our side"), _AGAIN),
    errors.StoreUnavailable: Row(
        503, say("We cannot reach our own memory"), say("Nothing is lost. Try again in a moment.")
    ),
    errors.JobsFull: Row(
        503,
        say("Too much is waiting to be done"),
        say("This was not added to it. Try again when some of it is done."),
    ),
    errors.NotDurable: Row(503, say("Something is wrong on our side"), _AGAIN),
    errors.TokenUnreadable: Row(
        503, say("Something is wrong on our side"), say("Try again in a moment, or reconnect the app.")
    ),
    MarketplaceAppError: Row(500, say("Something went wrong on our side"), _AGAIN),
}


def row_of(error: Exception) -> Row:
    """Also for an error that nobody foresaw: it is ours, and says so."""
    for kind in type(error).__mro__:
        if kind in TABLE:
            return TABLE[kind]
    return TABLE[MarketplaceAppError]
