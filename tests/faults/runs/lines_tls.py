"""Certificates that are not to be trusted, and a name that nobody has: nothing is sent there."""

from collections.abc import Sequence

from tests.faults.lab.driving import DriverProcess
from tests.faults.lab.lab import Lab
from tests.faults.lab.oracle import Holder
from tests.faults.lab.records import records
from tests.faults.lab.table import Row
from tests.harness.certificates import Certificates
from tests.harness.tls_front import tls_front

_PAST_EXPIRY_SECONDS = 3_700
_NOWHERE = "https://no-such-host.invalid"


def certificates(lab: Lab, holders: Sequence[Holder], driver: DriverProcess) -> list[Row]:
    """The token endpoint asked in three ways that cannot be right, then in the right one."""
    lab.install(driver, holders)
    lab.advance(_PAST_EXPIRY_SECONDS)
    assert lab.token_proxy is not None
    good = Certificates.make(lab.folder / "tls" / "good")
    other = Certificates.make(lab.folder / "tls" / "other", address="127.0.0.2")
    over = Certificates.make(lab.folder / "tls" / "over", is_over=True)
    before, asked = records(lab), lab.token_proxy.counts["token refresh_token"]
    told, n = 0, 0
    with (
        tls_front(lab.token_proxy.port, good) as trusted,
        tls_front(lab.token_proxy.port, other) as elsewhere,
        tls_front(lab.token_proxy.port, over) as expired,
    ):
        ports = (trusted, elsewhere, expired)  # of an authority that nobody told us of, all three
        for url in (*(f"https://127.0.0.1:{port}" for port in ports), _NOWHERE):
            lost_one = lab.fork_driver(f"lost-{n}", PIPEDRIVE_OAUTH_URL=url)
            told += lost_one.do("renew", holders).reasons["pipedrive_unavailable"]
            n += len(holders)
            lab.stop(lost_one.name)
        sent = lab.token_proxy.counts["token refresh_token"] - asked
        rows = _of_the_api(
            lab, {"good": (good, trusted), "other": (other, elsewhere), "over": (over, expired)}
        )
    now = records(lab)
    changed = sum(now[holder] != before[holder] for holder in holders)
    served = driver.do("call", holders)
    return [
        Row("told otherwise than that Pipedrive is away", n - told, n),
        Row("token requests to who cannot show who it is", sent, n),
        Row("records changed by it", changed, len(holders)),
        Row("I10 not served once the address is right", len(served.failed), len(holders)),
        *rows,
    ]


def _of_the_api(lab: Lab, fronts: dict[str, tuple[Certificates, int]]) -> list[Row]:
    """As the API is asked, by a process that trusts all their authorities: only the good one is spoken to."""
    bundle = lab.folder / "tls" / "authorities.pem"
    bundle.write_text("".join(made.authority.read_text() for made, _ in fronts.values()))
    trusting = lab.start_driver("trusting", SSL_CERT_FILE=str(bundle))  # read as the process starts
    found = {}
    for name, (_, port) in fronts.items():
        order = trusting.send("fetch", url=f"https://127.0.0.1:{port}/api/v2/deals")
        answer = trusting.answer(order)
        found[name] = answer["status"], answer["was_sent"]
    lab.stop("trusting")
    refused = [found[name] == (0, False) for name in ("other", "over")]
    return [
        Row("a good certificate refused", int(found["good"] != (401, True)), 1),
        Row("a certificate of another host, or expired, accepted", refused.count(False), 2),
    ]
