import pytest

from marketplace_app.kit import Leave


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "javascript:alert(1)",
        "//example.com/",
        "/relative",
        "https://",
        "https:///path",
        "https://example.com/a b",
        "https://example.com/\r\nSet-Cookie: a=b",
        " https://example.com/",
        "",
    ],
)
def test_a_link_leads_to_an_https_address_and_nowhere_else(url: str) -> None:
    with pytest.raises(ValueError, match="https address"):
        Leave(url)


def test_a_link_may_have_a_port_a_query_and_a_fragment() -> None:
    assert Leave("https://example.com:8443/a?b=c#d").url.endswith("#d")
