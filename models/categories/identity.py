"""Names: who a customer is, and which company the customer acts for."""

from models.declaration import Given, Personal, sealed
from models.records import folded
from models.values import RowEmpty, named


class Identity(
    Personal,
    table="identities",
    many=False,
    written_by_customers=True,
    in_intake=True,
    term="pd:Name",
    words={"lt": "tapatybė"},
):
    """A customer's name, and the company that the customer acts for."""

    given_name: str | None = sealed(
        "The given names, as the customer writes them.", named(200), found_by=folded
    )
    family_name: str | None = sealed(
        "The family name, as the customer writes it.", named(200), found_by=folded
    )
    company_name: str | None = sealed(
        "The name of the company that the customer acts for.",
        named(200),
        customers=False,
        found_by=folded,
    )

    @classmethod
    def judge(cls, given: Given) -> None:
        """Refuse an identity without any name."""
        if not any(given.row.get(name) for name in ("given_name", "family_name", "company_name")):
            raise RowEmpty("A name is missing. Enter one.", given.at("family_name"))
