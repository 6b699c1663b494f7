"""Who a customer is."""

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
    """Who a customer is, and for whom the customer speaks."""

    given_name: str | None = sealed("Given names, as the customer writes them.", named(200), found_by=folded)
    family_name: str | None = sealed("Family name, as the customer writes it.", named(200), found_by=folded)
    company_name: str | None = sealed("The company the customer speaks for.", named(200), customers=False)
    company_id: str | None = sealed("Which record that company is.", secret=True)

    @classmethod
    def judge(cls, given: Given) -> None:
        """A name is there."""
        if not any(given.row.get(name) for name in ("given_name", "family_name", "company_name")):
            raise RowEmpty("A name is missing. Enter one.", given.at("family_name"))
