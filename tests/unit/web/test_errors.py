"""The one table from error to answer: every error has a row, and each row says what to do."""

from collections.abc import Iterator

import pytest

from marketplace_app import errors
from marketplace_app.errors import MarketplaceAppError
from marketplace_app.web.errors import TABLE, row_of

STATUSES = {
    errors.ConfigurationError: 500,
    errors.ContextRejected: 401,
    errors.ContextMismatch: 400,
    errors.TicketRejected: 409,
    errors.StateRejected: 400,
    errors.CodeRejected: 400,
    errors.HostRejected: 400,
    errors.CredentialsRejected: 401,
    errors.FormRejected: 400,
    errors.StoreUnavailable: 503,
    errors.NotDurable: 503,
    errors.TokenUnreadable: 503,
    errors.PipedriveUnavailable: 503,
    errors.RateLimited: 503,
    errors.BudgetSpent: 503,
}


def tree(root: type[MarketplaceAppError] = MarketplaceAppError) -> Iterator[type[MarketplaceAppError]]:
    yield root
    for kind in root.__subclasses__():
        yield from tree(kind)


ALL = tuple(tree())


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_every_error_has_a_row_of_its_own(kind: type[MarketplaceAppError]) -> None:
    row = TABLE[kind]
    assert 400 <= row.status < 600
    assert row.title.text
    assert row.advice.text.endswith(".")


@pytest.mark.parametrize("kind", STATUSES, ids=lambda kind: kind.__name__)
def test_who_can_mend_it_reads_from_the_status(kind: type[MarketplaceAppError]) -> None:
    assert TABLE[kind].status == STATUSES[kind]


@pytest.mark.parametrize(("branch", "status"), [(errors.InstallationError, 403), (errors.StorageError, 503)])
def test_the_user_is_asked_for_what_only_the_user_can_mend(
    branch: type[MarketplaceAppError], status: int
) -> None:
    assert {TABLE[kind].status for kind in tree(branch)} == {status}


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_every_error_is_drawn_in_the_tree_and_has_a_reason_of_its_own(
    kind: type[MarketplaceAppError],
) -> None:
    assert kind.__name__ in (errors.__doc__ or "")
    assert [each for each in ALL if each.reason == kind.reason] == [kind]
    assert kind.reason.replace("_", "").isalpha()


def test_an_error_that_nobody_foresaw_is_ours() -> None:
    for error in (KeyError("secret"), ValueError("secret"), RuntimeError("secret")):
        row = row_of(error)
        assert row.status == 500
        assert "secret" not in row.title.text + row.advice.text


def test_a_new_kind_of_error_is_answered_as_its_family() -> None:
    class Fresh(errors.PipedriveUnavailable):
        reason = "fresh"

    assert row_of(Fresh("x")) is TABLE[errors.PipedriveUnavailable]
