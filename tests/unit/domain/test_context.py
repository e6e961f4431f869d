"""verify_signed_context: nothing forged gets in, everything that Pipedrive signs does."""

import traceback
from typing import Any

import jwt
import pytest

from marketplace_app.domain.context import SignedContext, verify_signed_context
from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import ContextRejected
from tests.makers import HEADER, NOW, OTHER_SECRET, SECRET, claims_of, seeded, sign
from tests.unit.domain import spoilt_claims, spoilt_headers, spoilt_texts

MUTANTS = 50_000
MUTATORS = {**spoilt_texts.MUTATORS, **spoilt_headers.MUTATORS, **spoilt_claims.MUTATORS}
ID_LIMIT = 2**53


def verify(token: str, now: float = NOW, *secrets: bytes) -> SignedContext:
    return verify_signed_context(token, surface="deal-panel", secrets=secrets or (SECRET,), now=now)


def is_accepted(token: str, now: float = NOW, *secrets: bytes) -> bool:
    try:
        verify(token, now, *secrets)
    except ContextRejected:
        return False
    return True


def test_a_context_says_what_pipedrive_signed() -> None:
    context = verify(sign(claims_of(7, 12)))
    assert context == SignedContext(Principal(CompanyId(7), UserId(12)), "deal-panel", NOW + 300)


def test_there_are_enough_ways_to_spoil_a_token() -> None:
    assert len(MUTATORS) >= 40


@pytest.mark.parametrize("name", MUTATORS)
def test_no_spoilt_token_is_accepted(name: str) -> None:
    random = seeded(len(name))
    for number in range(MUTANTS // len(MUTATORS)):
        token = MUTATORS[name](random)
        with pytest.raises(ContextRejected) as caught:
            verify(token)
        told = str(caught.value)
        assert told
        assert not [part for part in token.split(".") if len(part) > 3 and part in told]
        if number % 100 == 0:
            shown = "".join(traceback.format_exception(caught.value))
            assert not [part for part in token.split(".") if len(part) > 12 and part in shown]


def test_valid_tokens_of_every_legal_age_are_accepted() -> None:
    random = seeded(2)
    for _ in range(10_000):
        company_id, user_id = random.randrange(1, ID_LIMIT), random.randrange(1, ID_LIMIT)
        issued, life = NOW + random.randrange(-200, 10), random.randrange(30, 601)
        now = issued + random.randrange(-10, life + 10)
        context = verify(sign(claims_of(company_id, user_id, now=issued, life=life)), now)
        assert context.principal == Principal(CompanyId(company_id), UserId(user_id))
        assert context.expires_at == issued + life


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # the expiry: later than ten seconds ago, at most ten minutes ahead
        ({"exp": NOW - 11}, False),
        ({"exp": NOW - 10}, False),
        ({"exp": NOW - 9}, True),
        ({"exp": NOW}, True),
        ({"exp": NOW + 599}, True),
        ({"exp": NOW + 600}, True),
        ({"exp": NOW + 601}, False),
        # the issue time: at most ten seconds ahead, and at most ten minutes before the expiry
        ({"iat": NOW + 9}, True),
        ({"iat": NOW + 10}, True),
        ({"iat": NOW + 11}, False),
        ({"iat": NOW - 299}, True),
        ({"iat": NOW - 300}, True),
        ({"iat": NOW - 301}, False),
        ({"exp": NOW + 600, "iat": NOW}, True),
        ({"exp": NOW + 600, "iat": NOW - 1}, False),
        # the beginning, as the issue time
        ({"nbf": NOW + 9}, True),
        ({"nbf": NOW + 10}, True),
        ({"nbf": NOW + 11}, False),
        ({"nbf": 0}, True),
        # ids fit a JSON number
        ({"companyId": 1}, True),
        ({"companyId": 0}, False),
        ({"companyId": ID_LIMIT - 1}, True),
        ({"companyId": ID_LIMIT}, False),
        ({"userId": 1}, True),
        ({"userId": 0}, False),
        ({"userId": ID_LIMIT - 1}, True),
        ({"userId": ID_LIMIT}, False),
        # what Pipedrive may add some day
        ({"theme": "dark", "aud": "other", "iss": "pipedrive", "sub": "12", "jti": "x"}, True),
    ],
)
def test_each_edge_lies_where_it_should(changes: dict[str, object], expected: bool) -> None:
    given = claims_of() | {"exp": NOW + 300, "iat": NOW}
    assert is_accepted(sign(given | changes)) is expected


@pytest.mark.parametrize(("fraction", "expected"), [(9.999, True), (10.0, False), (10.001, False)])
def test_the_last_moment_is_exact(fraction: float, expected: bool) -> None:
    token = sign(claims_of())
    assert is_accepted(token, NOW + 300 + fraction) is expected


@pytest.mark.parametrize(("life", "expected"), [(-10, False), (-9, True), (600, True), (601, False)])
def test_a_token_without_issue_time_is_judged_by_its_expiry(life: int, expected: bool) -> None:
    given = claims_of(life=life)
    del given["iat"]
    assert is_accepted(sign(given)) is expected


@pytest.mark.parametrize(
    "header", [{"alg": "HS256"}, {"alg": "HS256", "typ": "jwt"}, {"alg": "HS256", "kid": "1"}]
)
def test_harmless_headers_are_accepted(header: dict[str, object]) -> None:
    assert is_accepted(sign(claims_of(), header=header))


@pytest.mark.parametrize("header", [HEADER, {"typ": "JWT", "alg": "HS256"}, {"alg": "HS256", "kid": "1"}])
def test_what_is_accepted_reads_the_same_to_pyjwt(header: dict[str, object]) -> None:
    """Also where the header is so plain that the app does not ask it (docs/adr/0016)."""
    random = seeded(4)
    for _ in range(1_000):
        company_id, user_id = random.randrange(1, ID_LIMIT), random.randrange(1, ID_LIMIT)
        token = sign(claims_of(company_id, user_id), header=header)
        options: Any = {"verify_exp": False, "verify_iat": False}
        read = jwt.decode(token, SECRET, algorithms=["HS256"], options=options)
        assert verify(token).principal == Principal(read["companyId"], read["userId"])


@pytest.mark.parametrize("header", [HEADER, {"alg": "HS256"}])
@pytest.mark.parametrize("odd", [b'"x":18446744073709551616', b'"x":1e400', b'"x":"\\ud800"'])
def test_what_two_readers_read_in_two_ways_is_refused_or_means_the_same(
    header: dict[str, object], odd: bytes
) -> None:
    """Numbers beyond 64 bits and lone surrogates: whatever a reader makes of them, nothing else comes out."""
    token = sign(b'{"companyId":1,"userId":11,"exp":%d,%s}' % (NOW + 60, odd), header=header)
    try:
        assert verify(token).principal == Principal(CompanyId(1), UserId(11))
    except ContextRejected:
        return


def test_the_longest_token_is_four_kibibytes() -> None:
    def padded(size: int) -> str:
        return sign(claims_of() | {"x": "y" * size})

    size = next(size for size in range(2800, 3100) if len(padded(size)) > 4096)
    assert not is_accepted(padded(size))
    assert is_accepted(padded(size - 1))


def test_a_megabyte_is_refused_before_it_is_read() -> None:
    for text in ("x" * 2**20, "." * 2**20, "a." * 2**19, sign(claims_of() | {"x": "y" * 2**20})):
        assert not is_accepted(text)


def test_no_depth_of_nesting_breaks_the_verifier() -> None:
    """Whether it is accepted does not matter; that nothing but ContextRejected comes out does."""
    for depth in range(1, 1400):
        body = b'{"companyId":1,"userId":1,"exp":%d,"x":' % (NOW + 60)
        is_accepted(sign(body + b"[" * depth + b"]" * depth + b"}"))
        is_accepted(sign(body + b'{"a":' * (depth // 3) + b"1" + b"}" * (depth // 3) + b"}"))


def test_a_secret_opens_its_own_surface_only() -> None:
    surfaces = {"deal-panel": SECRET, "settings": OTHER_SECRET, "modal": SECRET[::-1]}
    for signer, secret in surfaces.items():
        for verifier, expected in surfaces.items():
            assert is_accepted(sign(claims_of(), secret), NOW, expected) is (signer == verifier)


def test_during_a_rotation_old_and_new_secrets_are_accepted() -> None:
    for secret in (SECRET, OTHER_SECRET):
        assert is_accepted(sign(claims_of(), secret), NOW, OTHER_SECRET, SECRET)
    assert not is_accepted(sign(claims_of(), SECRET[::-1]), NOW, OTHER_SECRET, SECRET)


def test_without_a_secret_nothing_is_accepted() -> None:
    for token in (sign(claims_of()), sign(claims_of(), b""), ""):
        with pytest.raises(ContextRejected):
            verify_signed_context(token, surface="deal-panel", secrets=(), now=NOW)


def test_what_is_accepted_has_one_spelling() -> None:
    """Every text that is accepted gives the principal that its claims, read by plain JSON, name."""
    random = seeded(3)
    for _ in range(2_000):
        given = claims_of(random.randrange(1, ID_LIMIT), random.randrange(1, ID_LIMIT))
        token = sign(given)
        spelt = [
            token,
            token.upper(),
            token.lower(),
            token + "=",
            token.replace("-", "+"),
            f" {token}",
            f"{token}\n",
        ]
        accepted = {text for text in spelt if is_accepted(text)}
        assert accepted == {token}
        principal = verify(token).principal
        assert (principal.company_id, principal.user_id) == (given["companyId"], given["userId"])
