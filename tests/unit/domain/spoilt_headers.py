"""Tokens signed with the right secret, whose header must not be believed."""

from random import Random

from tests.makers import HEADER, SECRET, base64url, spell
from tests.unit.domain.spoil import claims, mutators_in, under

OTHER_ALGORITHMS = (
    "RS256",
    "ES256",
    "PS256",
    "EdDSA",
    "dir",
    "HS256 ",
    "hs256",
    "Hs256",
    "HS1",
    "",
    "A256KW",
)
ODD_ALGORITHMS = (
    None,
    True,
    256,
    ["HS256"],
    {"alg": "HS256"},
    "none",
    "None",
    "NONE",
    "nOnE",
    "HS384",
    "HS512",
)
KEYS: tuple[object, ...] = (
    "https://evil.example/keys",
    "file:///keys",
    {"kty": "oct", "k": base64url(SECRET)},
    [],
    None,
)


def it_is_not_signed_at_all(random: Random) -> str:
    header = {"alg": random.choice(("none", "None", "NONE", "nOnE")), "typ": "JWT"}
    ending = random.choice(("", base64url(b"x"), base64url(bytes(32))))
    return f"{base64url(spell(header))}.{base64url(spell(claims(random)))}.{ending}"


def another_algorithm_is_named(random: Random) -> str:
    return under(random, {"alg": random.choice(OTHER_ALGORITHMS), "typ": "JWT"})


def the_algorithm_is_no_name(random: Random) -> str:
    return under(
        random, random.choice(({"typ": "JWT"}, {"alg": random.choice(ODD_ALGORITHMS), "typ": "JWT"}))
    )


def the_header_brings_a_key(random: Random) -> str:
    name = random.choice(("jku", "jwk", "x5u", "x5c"))
    return under(random, {**HEADER, name: random.choice(KEYS)})


def the_header_changes_the_rules(random: Random) -> str:
    name, value = random.choice(
        (("crit", ["exp"]), ("crit", []), ("b64", False), ("b64", True), ("zip", "DEF"))
    )
    return under(random, {**HEADER, name: value})


def the_header_is_of_another_type(random: Random) -> str:
    return under(
        random, {**HEADER, "typ": random.choice(("JWE", "at+jwt", "", None, 1, ["JWT"], "dpop+jwt"))}
    )


def the_header_is_no_object(random: Random) -> str:
    return under(
        random,
        random.choice(([], ["HS256"], "HS256", 1, None, True, b"", b"{", b"\xff\xfe{}", b"\xef\xbb\xbf{}")),
    )


def the_header_says_two_things(random: Random) -> str:
    return under(
        random,
        random.choice(
            (
                b'{"alg":"none","alg":"HS256"}',
                b'{"alg":"HS256","alg":"HS256"}',
                b'{"alg":"HS256","typ":"JWT","typ":"JWT"}',
                b'{"al\\u0067":"none","alg":"HS256"}',
            )
        ),
    )


MUTATORS = mutators_in(globals())
