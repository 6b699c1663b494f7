"""What is taken in at once: judged whole before anything is kept, then laid on the consents given with it."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from models import (
    Category,
    CollectionMethod,
    Consent,
    ContactContent,
    ContactKind,
    ContactPoint,
    Identity,
    IdentityContent,
    IntakeAddress,
    IntakeContent,
    IntakePoint,
    Personal,
    PersonalCode,
    PersonalCodeContent,
    PostalAddress,
    Purpose,
)
from models.event import Event
from policies.asker import Asker
from procedures import consent as consents
from procedures.errors import Unfit
from procedures.ledger import record
from procedures.own import attested
from procedures.values import checks

#: How many contact points, addresses or codes one intake holds at most.
MOST: Final = 20


class ConsentRequired(Unfit):
    """There are data of a category that is not consented to together with them."""

    def __init__(self) -> None:
        super().__init__(
            "There are data of a category without a consent to it. Give the consent with them, or leave them out.",
            "consents",
            code="CONSENT_REQUIRED",
        )


class AttestationRequired(Unfit):
    """Nobody has said that the data are right."""

    def __init__(self) -> None:
        super().__init__(
            "Confirm that what was entered is right: set `attested`.", "attested", code="ATTESTATION_REQUIRED"
        )


def checked(content: IntakeContent) -> IntakeContent:
    """What is to be taken in, each value in its one spelling.

    Raises:
        Unfit: a value that cannot be kept; a code for each kind, and the field's name.
        ConsentRequired: data of a category without a consent to it.
    """
    for some in (content.contact_points, content.postal_addresses, content.personal_codes, content.consents):
        if len(some) > MOST:
            raise Unfit(f"Give at most {MOST} of a kind at once.")
    sound = IntakeContent(
        consents=content.consents,
        given_name=_name(content.given_name, "givenName"),
        family_name=_name(content.family_name, "familyName"),
        contact_points=tuple(dict.fromkeys(map(_point, content.contact_points))),
        postal_addresses=tuple(map(_address, content.postal_addresses)),
        personal_codes=tuple(map(_code, content.personal_codes)),
    )
    wanted = {row.category for row in rows(sound)}
    if not wanted:
        raise Unfit("There is nothing to take in. Enter something.")
    if not wanted <= {Category(consent.category) for consent in content.consents}:
        raise ConsentRequired
    if len({code.country for code in sound.personal_codes}) < len(sound.personal_codes):
        raise Unfit("There are two personal codes of one country. Enter one.", "personalCodes")
    return sound


async def lay(
    customer_id: UUID,
    content: IntakeContent,
    *,
    by: Asker,
    source: str,
    evidence: str,
    method: CollectionMethod | None = None,
) -> list[Personal]:
    """Keep what was taken in, with its consents, in the transaction under way.

    Args:
        customer_id: whose data they are.
        content: as `checked` left it.
        by: who brings them in, and says that they are right.
        source: where they come from.
        evidence: a reference by which the consents can be demonstrated.
        method: how the consents reached us, where that is not by the asker.

    Raises:
        Refused: the asker may not record consents of this customer.
        NotFound, NoticeMismatch: a notice is not there, or speaks of another purpose.
    """
    given: dict[Category, Consent] = {}
    for each in content.consents:
        category, notice = Category(each.category), UUID(each.notice_id)
        consent = await consents.give(
            customer_id, category, Purpose(each.purpose), notice, by=by, evidence=evidence, method=method
        )
        given.setdefault(category, consent)
    laid = list(rows(content))
    for row in laid:
        row.customer_id, row.consent_id = customer_id, given[row.category].id
        row.source, row.collected_by, row.collected_at = source, by.actor_id, by.now
        await row.save()
        await attested(row, by)
    record(Event.ACCURACY_ATTESTED, by, customer=customer_id, rows=[row.id for row in laid])
    return laid


def rows(content: IntakeContent) -> Iterator[Personal]:
    """The rows that data become, with everything but whose they are and where they come from."""
    if content.given_name or content.family_name:
        identity = Identity(content=IdentityContent(content.given_name, content.family_name))
        # Assigned, because what is given when a row is made is taken for what the database holds.
        identity.given_name_index = content.given_name
        identity.family_name_index = content.family_name
        yield identity
    for point in content.contact_points:
        made = ContactPoint(kind=ContactKind(point.kind), content=ContactContent(point.value))
        made.value_index = point.value
        yield made
    for each in content.postal_addresses:
        yield PostalAddress(kind=each.kind, content=each.address)
    for code in content.personal_codes:
        kept = PersonalCode(content=code)
        kept.code_index, kept.country_digest = code.code, code.country
        yield kept


def _name(text: str | None, field: str) -> str | None:
    return None if text is None else checks.name(text, field)


def _point(point: IntakePoint) -> IntakePoint:
    kind = ContactKind(point.kind)
    return IntakePoint(kind, checks.contact(kind, point.value, "contactPoints.value"))


def _address(each: IntakeAddress) -> IntakeAddress:
    return IntakeAddress(each.kind, checks.address(each.address, "postalAddresses."))


def _code(given: PersonalCodeContent) -> PersonalCodeContent:
    country = checks.country(given.country, "personalCodes.country")
    return PersonalCodeContent(checks.personal_code(given.code, country, "personalCodes.code"), country)
