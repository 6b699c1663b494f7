"""What differs between the invented people's languages: names, companies, addresses, numbers.

Numbers are such that they are nobody's, by what the country's own numbering leaves free.
"""

import random
from typing import Any

from demo.words import COMPANIES, FAMILY, GIVEN, MAILBOXES, ROADS, TOWNS
from models import PostalAddress

#: Two letters that no postcode of the Post Office ends with.
_NO_POSTCODE = "CIKMOV"


class Inventor:
    """Invents in one language: the same seed gives the same again.

    Args:
        language: `lt` or `en`.
        seed: what chance begins with; nothing else draws from it.
    """

    def __init__(self, language: str, seed: int) -> None:
        self.language = language
        self.chance = random.Random(f"{language} {seed}")  # noqa: S311 the same again is the point

    def name(self) -> tuple[str, str]:
        """A given and a family name, both as a man or as a woman bears them."""
        sex = self.chance.randrange(2)
        return self.chance.choice(GIVEN[self.language][sex]), self.chance.choice(FAMILY[self.language])[sex]

    def companies(self) -> list[str]:
        """The names of all companies there are."""
        return self.chance.sample(COMPANIES[self.language], len(COMPANIES[self.language]))

    def mailbox(self) -> str:
        """What stands before the `@` of somebody's address."""
        return ".".join(self.chance.sample(MAILBOXES[self.language], 2))

    def phone(self) -> str:
        """A telephone number: no Lithuanian one begins with 2, and Ofcom keeps 07700 900 for plays."""
        if self.language == "lt":
            return f"+3702{self.chance.randrange(10**7):07d}"
        return f"+44 7700 900{self.chance.randrange(1000):03d}"

    def insurance_number(self) -> str:
        """A British national insurance number; none begins with Q."""
        return f"QQ {self.chance.randrange(10**6):06d} {self.chance.choice('ABCD')}"

    def address(self) -> Any:
        """A British postal address."""
        town, county, district = self.chance.choice(TOWNS)
        end = f"{self.chance.randrange(10)}{''.join(self.chance.choices(_NO_POSTCODE, k=2))}"
        return PostalAddress.Content(
            street=f"{self.chance.randint(1, 120)} {self.chance.choice(ROADS)}", city=town, region=county,
            postal_code=f"{district} {end}", country="United Kingdom",
        )  # fmt: skip
