"""Signing by hand, against a token that was computed elsewhere."""

from pipedrive_emulator.signing import fingerprint, sign

VECTOR = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
    ".eyJ1c2VySWQiOjEyMzQ1LCJjb21wYW55SWQiOjU0MzIxLCJpYXQiOjE3OTU0MzUyMDAsImV4cCI6MTc5NTQzNTUwMH0"
    ".YRmM3zT3G22S8seWx71dxGI0xYCop0P-oG0oz_W2Wn8"
)


def test_a_signed_token_is_the_known_one() -> None:
    claims = {"userId": 12345, "companyId": 54321, "iat": 1795435200, "exp": 1795435500}
    assert sign(claims, "demo-extension-jwt-secret-0123456789") == VECTOR


def test_a_fingerprint_is_short_and_steady() -> None:
    assert fingerprint(VECTOR) == fingerprint(VECTOR)
    assert len(fingerprint("x")) == 12
    assert fingerprint("x") != fingerprint("y")
