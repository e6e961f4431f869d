"""PIPEDRIVE_API_HOSTS: where tokens may be sent, and every look-alike of it."""

from random import Random

import pytest

from marketplace_app.settings import HostPattern, Settings
from tests.makers import seeded
from tests.unit.test_settings import GOOD, LOCAL, names_of

ANY = HostPattern("pipedrive.com", any_label=True)
LABEL_LIKE = (
    "",
    "-",
    "a-",
    "-a",
    "a" * 64,
    "a.b",
    "*",
    "%61",
    "a b",
    "\uff41cme",
    "acmé",
    "xn--",
    "ACME",
    "a_b",
    "\0",
)
IN_FRONT = (
    "",
    "x",
    "a.",
    "evil.com/",
    "evil.com?",
    "evil.com#",
    "user@",
    "user:pw@",
    "//",
    "\\",
    "[",
    "127.0.0.1/",
)
BEHIND = (
    ".",
    ".evil.com",
    "@evil.com",
    ":443",
    ":80@evil.com",
    ":8080",
    "/",
    "/v1",
    "//evil.com",
    "?x",
    "#x",
    "%2eevil.com",
    "\\@evil.com",
    "\n",
    "\r\nX: y",
    " ",
    "\t",
    "\0",
    "\u3002evil.com",
    "\uff0eevil.com",
    ";x",
    "/../x",
    "&x",
    "%00",
)
SCHEMES = (
    "http://",
    "HTTPS://",
    "https:/",
    "https:",
    "//",
    "",
    "ftp://",
    "file:///",
    "javascript:",
    "https:\\\\",
    " https://",
    "https://https://",
    "https:///",
    "hxxps://",
    "https://\u200b",
    "\ufeffhttps://",
    "https://%20",
    "gopher://",
)
HOSTS = (
    "acme.pipedrive.com.evil.com",
    "acmepipedrive.com",
    "acme-pipedrive.com",
    "pipedrive.com",
    "a.b.pipedrive.com",
    "acme.pipedrive.co",
    "acme.pipedrive.comm",
    "acme.pipedr\u0131ve.com",
    "acme.p\u0456pedrive.com",
    "acme.pipedrive\u3002com",
    "acme.pipedrive.com.",
    "acme..pipedrive.com",
    ".pipedrive.com",
    "acme.pipe-drive.com",
    "127.0.0.1",
    "localhost",
    "169.254.169.254",
    "[::1]",
    "0x7f.1",
    "2130706433",
    "acme.pipedrive.com%00.evil.com",
    "evil.com/acme.pipedrive.com",
    "evil.com?.pipedrive.com",
    "evil.com#.pipedrive.com",
    "evil.com\\.pipedrive.com",
    "acme.Pipedrive.com",
    "metadata",
)


def mutant(random: Random) -> str:
    kind = random.randrange(5)
    if kind == 0:
        return random.choice(SCHEMES) + "acme.pipedrive.com"
    if kind == 1:
        return "https://acme.pipedrive.com" + random.choice(BEHIND) + random.choice(("", *BEHIND))
    if kind == 2:
        return f"https://{random.choice(LABEL_LIKE)}.pipedrive.com"
    if kind == 3:
        return "https://" + random.choice(IN_FRONT[2:]) + random.choice(HOSTS)
    return random.choice(("https://", *SCHEMES)) + random.choice(HOSTS) + random.choice(("", *BEHIND))


def test_no_look_alike_is_allowed() -> None:
    random = seeded(17)
    seen: set[str] = set()
    while len(seen) < 2_000:
        url = mutant(random)
        if url.startswith("https://a.pipedrive.com"):
            continue
        seen.add(url)
        assert not ANY.allows(url), url


@pytest.mark.parametrize("label", ["acme", "a", "0", "a-b", "a" * 63, "xn--acm-dma"])
def test_one_label_of_any_spelling_dns_knows_is_allowed(label: str) -> None:
    assert ANY.allows(f"https://{label}.pipedrive.com")


def test_no_single_character_slips_into_an_allowed_url() -> None:
    url, outside = (
        "https://acme.pipedrive.com",
        "!\"#$%&'()*+,/:;<=>?@[\\]^_`{|}~ \t\n\r\0\x7f\u0130\u2024\uff0f\ud800A",
    )
    for place in range(len(url) + 1):
        for character in outside:
            assert not ANY.allows(url[:place] + character + url[place:])


def test_an_exact_host_is_itself_only() -> None:
    pattern = HostPattern("acme.pipedrive.com")
    assert pattern.allows("https://acme.pipedrive.com")
    for url in (
        "https://x.acme.pipedrive.com",
        "https://acme.pipedrive.com:443",
        "http://acme.pipedrive.com",
        "https://",
    ):
        assert not pattern.allows(url)


def test_a_port_means_http_and_that_port() -> None:
    pattern = HostPattern("localhost", any_label=True, port=8100)
    assert pattern.allows("http://acme.localhost:8100")
    for url in (
        "https://acme.localhost:8100",
        "http://acme.localhost:81001",
        "http://acme.localhost",
        "http://localhost:8100",
    ):
        assert not pattern.allows(url)


@pytest.mark.parametrize(
    "value", ["127.0.0.1:8100", "*.localhost:8100", "localhost", "acme.pipedrive.com:8443"]
)
def test_ports_and_loopback_are_for_development(value: str) -> None:
    assert names_of({**GOOD, "PIPEDRIVE_API_HOSTS": value}) == {"PIPEDRIVE_API_HOSTS"}
    assert names_of({**LOCAL, "PIPEDRIVE_API_HOSTS": value}) == set()


@pytest.mark.parametrize(
    "value",
    [
        "*",
        "*.",
        "*.*.pipedrive.com",
        "a.*.com",
        "https://acme.pipedrive.com",
        "acme.pipedrive.com/x",
        "-a.com",
        "a..com",
        "Acme.pipedrive.com",
        "a_b.com",
        "acme.pipedrive.com:99999",
        "acme.pipedrive.com:",
        "user@acme.com",
        "a b.com",
    ],
)
def test_what_is_no_host_is_told(value: str) -> None:
    for surroundings in (GOOD, LOCAL):
        assert names_of({**surroundings, "PIPEDRIVE_API_HOSTS": f"*.pipedrive.com,{value}"}) == {
            "PIPEDRIVE_API_HOSTS"
        }


@pytest.mark.parametrize(
    "value",
    [
        "*",
        "'none'",
        "https:",
        "http://*.pipedrive.com",
        "https://*",
        "https://a.com; script-src *",
        "https://a.com\r\nX: y",
        "https://a.com/x",
        "https://a.com *",
        "data:",
        "https://a.com:99999",
        "https://a.com,;",
    ],
)
def test_nothing_but_origins_reaches_the_frame_ancestors(value: str) -> None:
    assert names_of({**GOOD, "PIPEDRIVE_FRAME_ANCESTORS": value}) == {"PIPEDRIVE_FRAME_ANCESTORS"}


def test_a_companys_address_is_made_of_a_label_only() -> None:
    settings = Settings.from_mapping(GOOD)
    assert settings.company_url("acme") == "https://acme.pipedrive.com"
    for domain in (
        *LABEL_LIKE,
        *(host for host in HOSTS if not host.isalnum()),
        "evil.com/",
        "x@evil.com",
        "a\nb",
        "javascript:x",
    ):
        assert settings.company_url(domain) == ""


def test_in_development_a_companys_address_is_the_emulators() -> None:
    settings = Settings.from_mapping({**LOCAL, "PIPEDRIVE_API_HOSTS": "127.0.0.1:8100,*.localhost:8100"})
    assert settings.company_url("acme") == "http://acme.localhost:8100"
