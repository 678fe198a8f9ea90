"""The twelve provinces by CBS's number."""

PROVINCES = {
    20: "Groningen",
    21: "Fryslân",
    22: "Drenthe",
    23: "Overijssel",
    24: "Flevoland",
    25: "Gelderland",
    26: "Utrecht",
    27: "Noord-Holland",
    28: "Zuid-Holland",
    29: "Zeeland",
    30: "Noord-Brabant",
    31: "Limburg",
}


def province_name(code: str) -> str:
    """Return the name of a province by its code: "28", "PV28" or "28.0"; empty stays empty.

    Raises:
        KeyError: when there is no such province.
    """
    digits = code.strip().upper().removeprefix("PV").removesuffix(".0")
    return PROVINCES[int(digits)] if digits.isdecimal() else _named(code.strip())


def _named(name: str) -> str:
    if name and name not in PROVINCES.values():
        raise KeyError(name)
    return name
