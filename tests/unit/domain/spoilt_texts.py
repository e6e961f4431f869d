"""Tokens spoilt as texts, and tokens with a signature that does not fit."""

import hashlib
import hmac
from random import Random

from tests.makers import OTHER_SECRET, SECRET, base64url, sign
from tests.unit.domain.spoil import URLSAFE, at, claims, good, mutators_in, spoilt

LOOK_ALIKES = "\u0430\u0435\uff21\uff10\u0661\u06f1\u200b\u00ad\u2024\u3002\u212a\u0130\ud800\U0001d400"
CONTROLS = "\0\t\n\r\x0b\x0c\x1f \x7f\x85\xa0\u2028"


def a_part_is_missing(random: Random) -> str:
    parts = good(random).split(".")
    del parts[random.randrange(3)]
    return ".".join(parts)


def a_part_is_too_many(random: Random) -> str:
    parts = good(random).split(".")
    parts.insert(random.randrange(4), random.choice(parts))
    return ".".join(parts)


def a_part_is_empty(random: Random) -> str:
    parts = good(random).split(".")
    parts[random.randrange(3)] = ""
    return ".".join(parts)


def the_parts_are_shuffled(random: Random) -> str:
    header, payload, signature = good(random).split(".")
    orders = ((payload, header, signature), (header, signature, payload), (signature, payload, header))
    return ".".join(random.choice(orders))


def a_character_is_another(random: Random) -> str:
    token = good(random)
    place = random.randrange(len(token))
    return at(token, place, random.choice(URLSAFE.replace(token[place], "")), 1)


def a_character_is_gone(random: Random) -> str:
    token = good(random)
    return at(token, random.randrange(len(token)), "", 1)


def a_character_is_new(random: Random) -> str:
    token = good(random)
    return at(token, random.randrange(len(token) + 1), random.choice(URLSAFE))


def the_end_is_cut_off(random: Random) -> str:
    token = good(random)
    return token[: random.randrange(len(token))]


def a_control_character_slips_in(random: Random) -> str:
    token = good(random)
    return at(token, random.choice((0, len(token), random.randrange(len(token)))), random.choice(CONTROLS))


def a_look_alike_takes_a_place(random: Random) -> str:
    token = good(random)
    return at(token, random.randrange(len(token)), random.choice(LOOK_ALIKES), random.randrange(2))


def a_part_is_padded(random: Random) -> str:
    parts = good(random).split(".")
    parts[random.randrange(3)] += "=" * random.randrange(1, 4)
    return ".".join(parts)


def the_standard_alphabet_is_used(random: Random) -> str:
    token = good(random)
    if not {"-", "_"} & set(token):
        return at(token, random.randrange(len(token)), random.choice("+/"), 1)
    return token.replace("-", "+").replace("_", "/")


def the_last_character_has_other_spare_bits(random: Random) -> str:
    """The same octets in another spelling: 32 octets of signature leave two bits unused."""
    token = good(random)
    value = URLSAFE.index(token[-1])
    return token[:-1] + URLSAFE[value ^ random.randrange(1, 4)]


def it_bears_a_prefix(random: Random) -> str:
    return random.choice(("Bearer ", "bearer ", '"', "token=", ".", "..")) + good(random)


def it_is_too_long(random: Random) -> str:
    return spoilt(random, note="x" * random.choice((3000, 4096, 20_000)))


def a_bit_of_the_signature_is_flipped(random: Random) -> str:
    head = good(random).rpartition(".")[0]
    octets = bytearray(hmac.digest(SECRET, head.encode(), hashlib.sha256))
    octets[random.randrange(32)] ^= 1 << random.randrange(8)
    return f"{head}.{base64url(bytes(octets))}"


def the_signature_has_another_length(random: Random) -> str:
    head = good(random).rpartition(".")[0]
    octets = hmac.digest(SECRET, head.encode(), hashlib.sha256)
    others = (octets[:16], octets[:31], octets + b"x", octets * 2, b"x", bytes(32))
    return f"{head}.{base64url(random.choice(others))}"


def the_secret_is_of_another_surface(random: Random) -> str:
    return sign(claims(random), OTHER_SECRET)


def the_secret_is_nearly_right(random: Random) -> str:
    near = (SECRET[:-1], SECRET + b"x", SECRET.upper(), SECRET.hex().encode(), b" " + SECRET, b"")
    return sign(claims(random), random.choice(near))


def the_signature_is_of_other_claims(random: Random) -> str:
    return good(random).rpartition(".")[0] + "." + good(random).rpartition(".")[2]


def it_is_signed_with_a_longer_hash(random: Random) -> str:
    name = random.choice(("384", "512"))
    return sign(claims(random), header={"alg": f"HS{name}", "typ": "JWT"}, hash_name=f"sha{name}")


MUTATORS = mutators_in(globals())
