import pytest

from marketplace_app.web.urls import safe_url

GOOD = [
    "https://a.example/b?c=d:e#f:g",
    "http://a.example",
    "HTTPS://A.EXAMPLE",
    "mailto:a@b.example",
    "tel:+372555",
    "/deals/1",
    "deals/1",
    "./a:b",
    "?a=b:c",
    "#a:b",
    "//a.example/b",
]
BAD = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    " javascript:alert(1)",
    "\x00javascript:alert(1)",
    "\x1fjavascript:alert(1)",
    "java\tscript:alert(1)",
    "java\r\nscript:alert(1)",
    "javascript\x7f:alert(1)",
    "javascript\xa0:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://a.example/b",
    "intent://a",
    "view-source:https://a.example",
    "httpsx:a",
    "xhttps:a",
    "feed:javascript:alert(1)",
    ":a",
    "a:b",
    "",
    " ",
    None,
    7,
]


@pytest.mark.parametrize("url", GOOD)
def test_these_are_links(url: str) -> None:
    assert safe_url(url) == url


@pytest.mark.parametrize("url", BAD)
def test_these_are_not(url: object) -> None:
    assert safe_url(url) == ""


def test_space_around_a_link_is_dropped() -> None:
    assert safe_url(" https://a.example\n") == "https://a.example"
