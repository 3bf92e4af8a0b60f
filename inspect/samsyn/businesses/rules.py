"""Words of businesses: trades, operator forms, permits."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

from samsyn.businesses.identity import Identity, IdentityKind

ALWAYS: Final = date(1900, 1, 1)
"""The first day of a business whose first day nobody told."""


class Trade(StrEnum):
    """What is done at a place, in the words of those who plan; mapped from SNI or from a list's own column."""

    KIOSK = "kiosk"
    TOBACCO_SHOP = "tobacco_shop"
    VAPE_SHOP = "vape_shop"
    GROCERY = "grocery"
    SMALL_GROCERY = "small_grocery"
    FUEL = "fuel"
    RESTAURANT = "restaurant"
    PIZZERIA = "pizzeria"
    STREET_FOOD = "street_food"
    BAR = "bar"
    NIGHTCLUB = "nightclub"
    CAFE = "cafe"
    CATERING = "catering"
    HAIRDRESSER = "hairdresser"
    BARBER = "barber"
    BEAUTY = "beauty"
    BODY_CARE = "body_care"
    TATTOO = "tattoo"
    CAR_REPAIR = "car_repair"
    CAR_WASH = "car_wash"
    BODY_PAINT = "body_paint"
    TYRES = "tyres"
    CAR_PARTS = "car_parts"
    DISMANTLING = "dismantling"
    WASTE = "waste"
    RECYCLING = "recycling"
    LAUNDRY = "laundry"
    CLEANING = "cleaning"
    HOTEL = "hotel"
    FOOD_WHOLESALE = "food_wholesale"
    TOBACCO_WHOLESALE = "tobacco_wholesale"
    GAMBLING = "gambling"
    TAXI = "taxi"
    GYM = "gym"
    CONSTRUCTION = "construction"
    BAKERY = "bakery"
    EVENT_HALL = "event_hall"
    OTHER = "other"


class OperatorForm(StrEnum):
    """The legal form, as far as the number tells it."""

    LIMITED_COMPANY = "limited_company"
    PARTNERSHIP = "partnership"
    SIMPLE_PARTNERSHIP = "simple_partnership"
    ECONOMIC_ASSOCIATION = "economic_association"
    NONPROFIT = "nonprofit"
    PUBLIC_BODY = "public_body"
    FOREIGN_COMPANY = "foreign_company"
    ESTATE = "estate"
    SOLE_TRADER = "sole_trader"
    UNKNOWN = "unknown"


class PermitKind(StrEnum):
    """A public permit or notification that somebody in the house supervises (DOMAIN)."""

    TOBACCO = "tobacco"
    SERVING = "serving"
    BEER = "beer"
    NICOTINE = "nicotine"
    VAPES = "vapes"
    FOOD = "food"
    HYGIENE = "hygiene"
    SOLARIUM = "solarium"
    ENVIRONMENT = "environment"
    WASTE = "waste"
    FLAMMABLES = "flammables"
    OUTDOOR_SERVING = "outdoor_serving"
    BUILDING = "building"


_TRADE_OF_SNI: Final = {
    "10.710": Trade.BAKERY,
    "38.110": Trade.WASTE,
    "38.120": Trade.WASTE,
    "38.311": Trade.DISMANTLING,
    "38.320": Trade.RECYCLING,
    "41.200": Trade.CONSTRUCTION,
    "45.201": Trade.CAR_REPAIR,
    "45.202": Trade.BODY_PAINT,
    "45.204": Trade.TYRES,
    "45.320": Trade.CAR_PARTS,
    "46.350": Trade.TOBACCO_WHOLESALE,
    "46.390": Trade.FOOD_WHOLESALE,
    "47.111": Trade.GROCERY,
    "47.112": Trade.SMALL_GROCERY,
    "47.260": Trade.TOBACCO_SHOP,
    "47.300": Trade.FUEL,
    "47.621": Trade.KIOSK,
    "49.320": Trade.TAXI,
    "55.101": Trade.HOTEL,
    "56.100": Trade.RESTAURANT,
    "56.210": Trade.CATERING,
    "56.300": Trade.BAR,
    "81.210": Trade.CLEANING,
    "92.000": Trade.GAMBLING,
    "93.130": Trade.GYM,
    "93.290": Trade.EVENT_HALL,
    "96.012": Trade.LAUNDRY,
    "96.021": Trade.HAIRDRESSER,
    "96.022": Trade.BEAUTY,
    "96.040": Trade.BODY_CARE,
    "96.090": Trade.TATTOO,
    # The edition of 2025 where it has a code that the edition of 2007 lacks (DOMAIN.md 4.2).
    "56.110": Trade.RESTAURANT,
    "56.120": Trade.STREET_FOOD,
    "95.310": Trade.CAR_REPAIR,
    "96.210": Trade.HAIRDRESSER,
    "96.220": Trade.BEAUTY,
}
_TRADE_OF_DIVISION: Final = {"41": Trade.CONSTRUCTION, "42": Trade.CONSTRUCTION, "43": Trade.CONSTRUCTION}

TRADE_WORDS: Final = {
    "kiosk": Trade.KIOSK,
    "tobaksbutik": Trade.TOBACCO_SHOP,
    "e-cigarettbutik": Trade.VAPE_SHOP,
    "livsmedelsbutik": Trade.GROCERY,
    "mindre livsmedelsbutik": Trade.SMALL_GROCERY,
    "drivmedelsstation": Trade.FUEL,
    "restaurang": Trade.RESTAURANT,
    "pizzeria": Trade.PIZZERIA,
    "gatukök": Trade.STREET_FOOD,
    "bar": Trade.BAR,
    "nattklubb": Trade.NIGHTCLUB,
    "kafé": Trade.CAFE,
    "café": Trade.CAFE,
    "catering": Trade.CATERING,
    "frisör": Trade.HAIRDRESSER,
    "barberare": Trade.BARBER,
    "skönhetssalong": Trade.BEAUTY,
    "massage": Trade.BODY_CARE,
    "massage och kroppsvård": Trade.BODY_CARE,
    "tatuering": Trade.TATTOO,
    "tatuering och piercing": Trade.TATTOO,
    "bilverkstad": Trade.CAR_REPAIR,
    "biltvätt": Trade.CAR_WASH,
    "lackering och plåt": Trade.BODY_PAINT,
    "däckverkstad": Trade.TYRES,
    "bildemontering": Trade.DISMANTLING,
    "återvinning": Trade.RECYCLING,
    "tvätteri": Trade.LAUNDRY,
    "städföretag": Trade.CLEANING,
    "hotell": Trade.HOTEL,
    "hotell med restaurang": Trade.HOTEL,
    "livsmedelsgrossist": Trade.FOOD_WHOLESALE,
    "tobaksgrossist": Trade.TOBACCO_WHOLESALE,
    "spel": Trade.GAMBLING,
    "taxi": Trade.TAXI,
    "gym": Trade.GYM,
    "gym och solarium": Trade.GYM,
    "byggarbetsplats": Trade.CONSTRUCTION,
    "bageri": Trade.BAKERY,
    "föreningslokal": Trade.EVENT_HALL,
}
"""How Swedish lists name a trade, folded to lower case."""

_FORM_OF_FIRST_DIGIT: Final = {
    "1": OperatorForm.ESTATE,
    "2": OperatorForm.PUBLIC_BODY,
    "3": OperatorForm.FOREIGN_COMPANY,
    "5": OperatorForm.LIMITED_COMPANY,
    "6": OperatorForm.SIMPLE_PARTNERSHIP,
    "7": OperatorForm.ECONOMIC_ASSOCIATION,
    "8": OperatorForm.NONPROFIT,
    "9": OperatorForm.PARTNERSHIP,
}


def trade_of(sni: str) -> Trade:
    """Return the trade of a code ``NN.NNN``; ``other`` for codes that nobody here plans by."""
    return _TRADE_OF_SNI.get(sni) or _TRADE_OF_DIVISION.get(sni[:2], Trade.OTHER)


def form_of(identity: Identity | None) -> OperatorForm:
    """Return the legal form that a number tells; unknown without a (valid) number."""
    if identity is None or identity.kind is IdentityKind.INVALID:
        return OperatorForm.UNKNOWN
    if identity.is_personal:
        return OperatorForm.SOLE_TRADER
    return _FORM_OF_FIRST_DIGIT.get(identity.normal[0], OperatorForm.UNKNOWN)


def same_place(name: str, address: str, postcode: str) -> str:
    """Return what makes two entries the same place: name, address and postcode, whatever the spelling of spaces."""
    return "|".join(" ".join(part.lower().split()) for part in (name, address, postcode))
