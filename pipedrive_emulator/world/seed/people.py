"""The two companies and who works there."""

import hashlib

from pipedrive_emulator.world.company import Company, User

ACME = Company(13000037, "acme", "Acme Trading", "EUR", "EE", "Wholesale", plan="Premium", seats=5)
SAIGON = Company(13000482, "saigon-star", "Sao Sài Gòn", "VND", "VN", "Food and beverage", seats=3)
COMPANIES = (ACME, SAIGON)

_SALES, _PARTNERS = 1, 2  # visibility groups


def _user(
    user_id: int,
    company: Company,
    name: str,
    email: str,
    place: tuple[str, str, str, str],
    *,
    is_admin: bool = False,
) -> User:
    language, country, locale, time_zone = place
    return User(
        id=user_id,
        company_id=company.id,
        name=name,
        email=email,
        is_admin=is_admin,
        language_code=language,
        country_code=country,
        locale=locale,
        time_zone=time_zone,
        default_currency=company.currency,
        visibility_group=_PARTNERS if user_id == VICTOR_ID else _SALES,
        api_token=hashlib.sha1(f"api token of {user_id}".encode(), usedforsecurity=False).hexdigest(),
    )


VICTOR_ID = 19100388
_TALLINN = ("en", "US", "et_EE", "Europe/Tallinn")
_HANOI = ("vi", "VN", "vi_VN", "Asia/Ho_Chi_Minh")
_NEW_YORK = ("en", "US", "en_US", "America/New_York")
_LISBON = ("en", "GB", "pt_PT", "Europe/Lisbon")
_SAIGON_ENGLISH = ("en", "US", "vi_VN", "Asia/Ho_Chi_Minh")

MARTA = _user(19100351, ACME, "Marta Kask", "marta@acme.example", _TALLINN, is_admin=True)
LINH = _user(19100364, ACME, "Nguyễn Thùy Linh", "linh@acme.example", _HANOI)
JACK = _user(19100377, ACME, "Jack Miller", "jack@acme.example", _NEW_YORK)
VICTOR = _user(VICTOR_ID, ACME, "Victor Reis", "victor@acme.example", _LISBON)
HUY = _user(19104020, SAIGON, "Trần Quốc Huy", "huy@saigonstar.example", _HANOI, is_admin=True)
MAI = _user(19104033, SAIGON, "Phạm Ngọc Mai", "mai@saigonstar.example", _HANOI)
LINH_SAIGON = _user(19104046, SAIGON, "Nguyễn Thùy Linh", "linh@acme.example", _SAIGON_ENGLISH)
USERS = (MARTA, LINH, JACK, VICTOR, HUY, MAI, LINH_SAIGON)
