"""Tokens signed with the right secret, whose claims are not what Pipedrive writes."""

import json
import zlib
from random import Random

from tests.makers import HEADER, NOW, sign, spell
from tests.unit.domain.spoil import claims, good, mutators_in, spoilt

ODD_IDS: tuple[object, ...] = (
    True,
    False,
    None,
    0,
    -1,
    -7,
    2**53,
    2**53 + 1,
    10**30,
    1.0,
    2.5,
    1e300,
    "1",
    "",
    " 1",
    [1],
    {"id": 1},
)
ODD_TIMES: tuple[object, ...] = (
    True,
    False,
    None,
    "x",
    str(NOW + 60),
    NOW + 60.0,
    NOW + 0.5,
    1e308,
    [NOW + 60],
    {},
    -NOW,
    10**40,
)


def the_company_is_no_id(random: Random) -> str:
    return spoilt(random, companyId=random.choice(ODD_IDS))


def the_user_is_no_id(random: Random) -> str:
    return spoilt(random, userId=random.choice(ODD_IDS))


def an_id_goes_by_another_name(random: Random) -> str:
    given = claims(random)
    name = random.choice(("companyId", "userId"))
    value = given.pop(name)
    aliases = (
        name.lower(),
        name.upper(),
        name.replace("Id", "_id"),
        name + " ",
        name.replace("I", "\u0406"),
        "sub",
    )
    return sign(given | {random.choice(aliases): value})


def a_claim_is_given_twice(random: Random) -> str:
    """The second time in its own spelling, with an escape, or within."""
    text = json.dumps(claims(random))[:-1]
    again = random.choice(
        (
            '"companyId":2',
            '"userId":2',
            '"exp":1',
            '"company\\u0049d":2',
            '"\\u0065xp":99',
            '"x":{"a":1,"a":1}',
        )
    )
    return sign(f"{text},{again}}}".encode())


def the_expiry_is_no_time(random: Random) -> str:
    return spoilt(random, exp=random.choice(ODD_TIMES))


def the_expiry_is_missing(random: Random) -> str:
    given = claims(random)
    del given["exp"]
    return sign(given | random.choice(({}, {"EXP": NOW + 60}, {"expires": NOW + 60})))


def it_has_expired(random: Random) -> str:
    return spoilt(random, exp=NOW - random.choice((10, 11, 60, 10**6)), iat=NOW - 400)


def it_lives_too_long(random: Random) -> str:
    return spoilt(random, exp=NOW + random.choice((601, 3600, 10**9)), iat=NOW)


def its_life_is_longer_than_its_rest(random: Random) -> str:
    return spoilt(random, exp=NOW + 60, iat=NOW - random.choice((541, 3600, 10**9)))


def it_is_from_the_future(random: Random) -> str:
    return spoilt(random, **{random.choice(("iat", "nbf")): NOW + random.choice((11, 60, 10**12))})


def its_beginning_is_no_time(random: Random) -> str:
    odd: tuple[object, ...] = (True, False, None, str(NOW), float(NOW), 1e308, [NOW], {})
    return spoilt(random, **{random.choice(("iat", "nbf")): random.choice(odd)})


def the_claims_are_no_object(random: Random) -> str:
    given = claims(random)
    return sign(
        random.choice(
            ([given], [list(pair) for pair in given.items()], json.dumps(given), 1, None, True, b"")
        )
    )


def the_claims_are_no_json(random: Random) -> str:
    text = json.dumps(claims(random))
    ends = (",}", "", "}{}", "}\0", ',"x":NaN}', ',"x":-Infinity}', ',"x":01}', ',"x":"\t"}')
    misspelt = [text[:-1] + end for end in ends]
    return sign(random.choice((*misspelt, text.replace('"', "'"), "/**/" + text, "\ufeff" + text)).encode())


def the_claims_are_in_another_encoding(random: Random) -> str:
    text = json.dumps(claims(random))
    spoil = (
        text.encode("utf-16"),
        text.encode("utf-16-le"),
        text.encode("utf-32"),
        text.encode() + b"\xff",
        b"\xc0\x80",
    )
    return sign(random.choice(spoil))


def the_claims_are_packed(random: Random) -> str:
    return sign(zlib.compress(spell(claims(random))))


def the_claims_are_a_token(random: Random) -> str:
    return sign(good(random).encode(), header={**HEADER, "cty": "JWT"})


def the_claims_are_nested_deeply(random: Random) -> str:
    depth = random.choice((1100, 1200))
    return sign(json.dumps(claims(random))[:-1].encode() + b',"x":' + b"[" * depth + b"]" * depth + b"}")


MUTATORS = mutators_in(globals())
