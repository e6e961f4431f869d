"""Addresses that look like an allowed API host and are none: five hundred and more."""

from itertools import product

SCHEMES = (
    "http://",
    "https://",
    "HTTP://",
    "//",
    "",
    "ftp://",
    "http:/",
    "http:\\\\",
    " http://",
    "http://user:secret@",
    "http://evil.example@",
    "javascript:",
)
PATHS = (
    "/x",
    "?x",
    "#x",
    "/..",
    "//",
    "/ ",
    "\\",
    "%2f",
    ";x",
    "\t",
    "\n",
    "\r\nHost: evil.example",
    "\0",
    " ",
    "@evil.example",
    "/@evil.example",
    "?@evil.example",
    "#@evil.example",
    ".evil.example",
    "\\@evil.example",
    "%00.evil.example",
    "%0d%0aX: y",
    "\u200b",
    "\u00ad",
    "\ud800",
    ":",
    ":80",
    "0",
)
HOSTS = (
    "evil.example",
    "localhost",
    "127.1",
    "127.0.0.2",
    "0.0.0.0",  # noqa: S104 (a look-alike)
    "0",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "169.254.169.254",
    "metadata.google.internal",
    "\uff11\uff12\uff17.\uff10.\uff10.\uff11",
    "127\u30020\u30020\u30021",
    "127.0.0.1.",
    "127.0.0.1.evil.example",
    "evil.example#127.0.0.1",
    "evil.example?127.0.0.1",
    "evil.example/127.0.0.1",
    "evil.example\\127.0.0.1",
    "127.0.0.1%2eevil.example",
    "a.b.localhost",
    ".localhost",
    "-a.localhost",
    "a-.localhost",
    "a_b.localhost",
    "*.localhost",
    "acme.localhost.",
    "acme..localhost",
    "acme.localhost.evil.example",
    "acmelocalhost",
    "ACME.localhost",
    "acme.LOCALHOST",
    "\u0430cme.localhost",
    "acmé.localhost",
    "acme%2e.localhost",
    "acme.local\u200bhost",
    f"{'a' * 64}.localhost",
    f"{'a.' * 2000}localhost",
    "acme.pipedrive.com.evil.example",
    "acme.pipedrive.com@evil.example",
    "evilpipedrive.com",
    "pipedrive.com",
    "acme.pipedrive.co",
    "acme.p\u0131pedrive.com",
    "acme.pipedrive.com",
    "acme.pipedrive.com:443",
)
OF_ANOTHER_TYPE: tuple[object, ...] = (None, True, 0, 1.5, [], {}, "", " ", "null", "\0", "x" * 10_000)


def mutants(port: int, trap: int) -> list[object]:
    """None of them is `http://127.0.0.1:port` or `http://<label>.localhost:port`, which are allowed.

    At `trap` somebody listens on this machine who must hear nothing.
    """
    good = [f"http://127.0.0.1:{port}", f"http://acme.localhost:{port}"]
    found: list[object] = [
        f"{scheme}{host}:{port}" for scheme, host in product(SCHEMES[:2], HOSTS) if ":443" not in host
    ]
    found += [f"http://{host}" for host in HOSTS]
    found += [f"https://{host}:{trap}" for host in HOSTS] + [f"http://{host}:{trap}" for host in HOSTS]
    found += [f"http://{host}{mark}127.0.0.1:{port}" for host, mark in product(HOSTS, ("@", "#@"))]
    found += [f"http://127.0.0.1:{port}{mark}{host}" for host, mark in product(HOSTS, ("@", "."))]
    found += [f"{scheme}{each.removeprefix('http://')}" for scheme in SCHEMES[1:] for each in good]
    found += [f"{each}{path}" for each in good for path in PATHS]
    found += [f"{each}{path}{port}" for each in good for path in ("@evil.example:", "#:", "?:", "/:")]
    found += [f"http://127.0.0.1:{trap}{path}" for path in ("", *PATHS)]
    found += [f"http://127.0.0.1:{trap}@127.0.0.1:{port}", f"http://127.0.0.1:{port}@127.0.0.1:{trap}"]
    found += [f"http://127.0.0.1:{port}.evil.example", f"http://127.0.0.1:{port:06d}"]
    found += [[each] for each in good] + [{"url": each} for each in good]
    found += list(OF_ANOTHER_TYPE)
    harmless = {each + slashes for each in good for slashes in ("", "/", "//")}
    return [each for each in found if not (isinstance(each, str) and each in harmless)]
