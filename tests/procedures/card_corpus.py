"""Texts with and without numbers of cards, as people and systems write them; made anew from a seed.

It knows nothing of the scanner: the ranges and the check digit are written down here a second time.
"""

import csv
import string
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from uuid import UUID

import phonenumbers
from stdnum import ean, verhoeff

#: Beginnings and lengths by brand, some of each range.
CARDS: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
    "Visa": (("4",), (16, 16, 16, 19)),
    "Mastercard": (("51", "52", "53", "54", "55", "2221", "2300", "2720"), (16,)),
    "American Express": (("34", "37"), (15,)),
    "Diners": (("300", "305", "36", "38", "39"), (14, 16)),
    "Discover": (("6011", "644", "649", "65"), (16,)),
    "JCB": (("3528", "3589", "3560"), (16,)),
    "UnionPay": (("62", "81"), (16, 17, 18, 19)),
    "Maestro": (("5018", "5020", "6304", "6759", "6763"), (12, 13, 16, 18, 19)),
    "Mir": (("2200", "2204"), (16,)),
}
SEPARATORS = (
    " ",
    " ",
    " ",
    "-",
    ".",
    "\N{NO-BREAK SPACE}",
    "  ",
    "\N{EN DASH}",
    "/",
    "\N{ZERO WIDTH SPACE}",
    " - ",
    "_",
)
SENTENCES = (
    "{}", "Mano kortelė {}, galioja iki 12/27.", "Klientas padiktavo kortelės numerį: {}.", "kort. nr. {} (Visa)",
    "Prašau nuskaičiuoti nuo {} iki penktadienio, ačiū!", "„{}“, taip parašyta laiške", "Card number {} exp 09/28",
    "please charge {}", "The customer read out {}; call back on +370 612 34567.", "cc:{}", "pan={}&amount=12.50",
    "Užsakymas 2026-000123, apmokėta kortele {}", "VISA{}", "{},2027,Jonaitis", "<b>{}</b>", "LT121000011101001000 {}",
)  # fmt: skip
ACCOUNTS = {
    "LT": 16, "LV": 17, "EE": 16, "DE": 18, "PL": 24, "FI": 14, "FR": 23, "NO": 11, "NL": 14, "GB": 18,
}  # fmt: skip


def luhn(payload: str) -> str:
    """A number with its check digit."""
    total = 0
    for place, digit in enumerate(reversed(payload)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return payload + str(-total % 10)


def digits(chance: Random, count: int) -> str:
    """So many digits."""
    return "".join(chance.choices(string.digits, k=count))


def card(chance: Random) -> str:
    """A number of a card, digits only."""
    beginnings, lengths = CARDS[chance.choice(list(CARDS))]
    begin, length = chance.choice(beginnings), chance.choice(lengths)
    return luhn(begin + digits(chance, length - len(begin) - 1))


def written(chance: Random, number: str) -> str:
    """A number as people write it: in one, in fours, as it stands on the card, in digits of another script."""
    separator = chance.choice(SEPARATORS)
    if len(number) in (14, 15) and chance.random() < 0.5:
        groups = [number[:4], number[4:10], number[10:]]
    else:
        size = chance.choice((4, 4, 4, 4, 8, 2, 1, len(number)))
        groups = [number[place : place + size] for place in range(0, len(number), size)]
    text = separator.join(groups)
    if chance.random() < 0.03:
        text = text.translate(
            {ord(str(digit)): chr(ord("\N{FULLWIDTH DIGIT ZERO}") + digit) for digit in range(10)}
        )
    return text


def with_cards(chance: Random, count: int) -> Iterator[str]:
    """Texts with the number of a card."""
    for _ in range(count):
        yield chance.choice(SENTENCES).format(written(chance, card(chance)))


def iban(chance: Random) -> str:
    """An account number with right check digits."""
    country, length = chance.choice(list(ACCOUNTS.items()))
    begin = "".join(chance.choices(string.ascii_uppercase, k=4)) if country in ("LV", "NL", "GB") else ""
    bban = begin + digits(chance, length - len(begin))
    moved = "".join(str(int(character, 36)) for character in f"{bban}{country}00")
    text = f"{country}{98 - int(moved) % 97:02d}{bban}"
    return (
        " ".join(text[place : place + 4] for place in range(0, len(text), 4))
        if chance.random() < 0.5
        else text
    )


def phone(chance: Random) -> str:
    """A telephone number of some country, in some form."""
    region = chance.choice(("LT", "LT", "LV", "EE", "DE", "GB", "US", "PL", "SE", "BR", "IN", "AT"))
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    assert example is not None
    national = str(example.national_number)
    kept = max(2, len(national) - 6)
    example.national_number = int(national[:kept] + digits(chance, len(national) - kept))
    form = chance.choice(
        (
            phonenumbers.PhoneNumberFormat.INTERNATIONAL,
            phonenumbers.PhoneNumberFormat.NATIONAL,
            phonenumbers.PhoneNumberFormat.E164,
        )
    )
    text = phonenumbers.format_number(example, form)
    return text.replace("+", "00", 1) if chance.random() < 0.1 else text


def personal_code(chance: Random) -> str:
    """A personal code of Lithuania, Latvia or Poland, by its form."""
    born = f"{chance.randint(50, 99)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
    return chance.choice(
        (
            f"{chance.randint(3, 6)}{born}{digits(chance, 4)}",
            f"{born}-{digits(chance, 5)}",
            born + digits(chance, 5),
        )
    )


def tracking(chance: Random) -> str:
    """A number by which a assignee knows a parcel."""
    return chance.choice(
        (
            f"1Z{digits(chance, 3)}AA1{digits(chance, 9)}", f"RR{digits(chance, 9)}LT", f"CE{digits(chance, 9)}EE",
            f"9400{digits(chance, 18)}", digits(chance, 12), digits(chance, 10), f"0550{digits(chance, 10)}",
            f"JJD{digits(chance, 18)}", f"00{digits(chance, 18)}", f"VV{digits(chance, 10)}LV",
        )
    )  # fmt: skip


def order(chance: Random) -> str:
    """A number of an order or an invoice."""
    year = chance.randint(2015, 2027)
    return chance.choice(
        (
            f"D-{digits(chance, 5)}-{chance.randint(1, 9)}", f"{year}-{digits(chance, 6)}", f"SF{year}{digits(chance, 7)}",
            f"{year}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}{digits(chance, 6)}", digits(chance, 8),
            f"ORD{digits(chance, 12)}", f"{digits(chance, 3)}-{digits(chance, 7)}-{digits(chance, 7)}",
            f"AB-{digits(chance, 4)}-{digits(chance, 4)}", str(chance.randint(10**9, 10**11)),
        )
    )  # fmt: skip


def moment(chance: Random) -> str:
    """A day, an instant, or two of them."""
    day = f"{chance.randint(1990, 2030)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
    clock = f"{chance.randint(0, 23):02d}:{chance.randint(0, 59):02d}:{chance.randint(0, 59):02d}"
    return chance.choice((day, f"{day}T{clock}.{digits(chance, 6)}Z", f"{day} {clock}", f"{day} - {day}", f"{day.replace('-', '')}{clock.replace(':', '')}", str(chance.randint(10**12, 2 * 10**12))))  # fmt: skip


def code(chance: Random) -> str:
    """Other numbers that systems give: articles, telephones, SIM cards, terms, records, places, amounts."""
    article = digits(chance, 12)
    term = digits(chance, chance.choice((8, 9, 13, 14, 15))).lstrip("0")
    return chance.choice(
        (
            article + ean.calc_check_digit(article), "40" + article[:10] + ean.calc_check_digit("40" + article[:10]),
            luhn("35" + digits(chance, 12)), luhn("8937" + digits(chance, 14)), term + verhoeff.calc_check_digit(term),
            str(UUID(int=chance.getrandbits(128), version=4)), f"{chance.uniform(54, 56):.13f} {chance.uniform(21, 26):.13f}",
            f"{chance.uniform(0, 10**6):,.2f} EUR", f"192.168.{chance.randint(0, 255)}.{chance.randint(0, 255)}",
            f"{chance.getrandbits(160):040x}", f"PVM LT{digits(chance, 12)}", f"978-{chance.randint(0, 9)}-{digits(chance, 4)}-{digits(chance, 4)}-{chance.randint(0, 9)}",
        )
    )  # fmt: skip


KINDS: dict[str, Callable[[Random], str]] = {
    "account numbers": iban, "telephone numbers": phone, "personal codes": personal_code, "tracking numbers": tracking,
    "orders": order, "days and instants": moment, "other codes": code,
}  # fmt: skip
TELLING = (
    "{}",
    "Tel. {}",
    "Nr. {}, dėkui",
    "Užsakymas {} išsiųstas",
    "see {} and {}",
    "{}; {}",
    "{} {}",
    "ref {} / {}",
)


def without_cards(chance: Random, kind: str, count: int) -> Iterator[str]:
    """Texts with numbers of one kind, one or two in each, and never a card's."""
    for _ in range(count):
        telling = chance.choice(TELLING)
        yield telling.format(*(KINDS[kind](chance) for _ in range(telling.count("{}"))))


def sampled(directory: Path) -> Iterator[str]:
    """Every cell of the CSV files in a directory and those below it."""
    for path in sorted(directory.rglob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.reader(file):
                yield from row
