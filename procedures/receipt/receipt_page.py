"""A receipt as one page of HTML that loads nothing else and prints well."""

import html
import json
import tomllib
from pathlib import Path
from typing import Any, Final

from models import PERSONAL, Category, Purpose
from policies.policy import in_force
from procedures.receipt.receipt import CONFIRMED, STATES

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}"
    "h1{font-size:1.5rem}dl{display:grid;grid-template-columns:14rem 1fr;gap:.3rem 1rem}dt{color:#555}dd{margin:0;"
    "overflow-wrap:anywhere}footer{margin-top:2rem;color:#555;font-size:.85rem}@media print{body{margin:0}}"
)

_WORDS: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("labels.toml").read_text("utf-8"))


def _labels(language: str) -> dict[str, str]:
    """What the terms of a receipt are called in a language."""
    states = _WORDS[language].get("states", {})
    return {
        **{
            term: states.get(state.name, state.value.replace("_", " ").lower())
            for state, term in STATES.items()
        },
        **{model.declared.term: model.declared.word(language) for model in PERSONAL.values()},
        CONFIRMED: _WORDS[language]["confirmed"],
    }


def _language(of: str) -> str:
    """The language among those there are words in: English unless it is another of them."""
    return next((each for each in _WORDS if of.startswith(each)), "en")


def label(of: Purpose | Category, language: str) -> str:
    """The name of a purpose or a category in a language; in English where there is none in it."""
    if isinstance(of, Purpose):
        return in_force().declared.name(of, language)
    return PERSONAL[of].declared.word(_language(language))


def page(document: str) -> str:
    """A receipt as HTML, in the language of its notice where there are words in it, else in English."""
    receipt = json.loads(document)
    (processing,), (event,) = receipt["pii_processing"], receipt["events"]
    language = _language(processing["language"])
    names = _WORDS[language]
    lines = _lines(receipt, processing, event, _labels(language), names["nobody"])
    rows = "".join(
        f"<dt>{html.escape(names[name])}</dt><dd>{html.escape(value)}</dd>" for name, value in lines.items()
    )
    title = html.escape(names["title"])
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1><dl>{rows}</dl>"
        f"<footer>ISO/IEC TS 27560:2023, {html.escape(receipt['schema_version'])}</footer></body></html>"
    )


def _lines(
    receipt: dict[str, Any],
    processing: dict[str, Any],
    event: dict[str, Any],
    labels: dict[str, str],
    nobody: str,
) -> dict[str, str]:
    controller, authority = receipt["parties"]
    notice = processing["privacy_notice"]
    return {
        "state": labels[event["event_state"]],
        **({"method": labels[event["indication_method"]]} if "indication_method" in event else {}),
        "when": event["event_time"],
        "customer": receipt["pii_principal_id"],
        # By its name, which the notice's title begins with: several purposes may share a term.
        "purpose": in_force().declared.name(notice["title"].partition(", ")[0], processing["language"]),
        "data": ", ".join(labels[each["pii_type"]] for each in processing["pii_information"]),
        "valid": event["validity_duration"],
        "notice": f"{notice['title']}, {notice['version']} ({notice['@id']})",
        "controller": f"{controller['party_name']}, {controller['party_address']}",
        "contact": controller["party_contact"],
        "recipients": "; ".join(processing["recipient_third_parties"]) or nobody,
        "storage": ", ".join(place.removeprefix("loc:") for place in processing["storage_locations"]),
        "retention": processing["retention_period"],
        "withdrawal": processing["withdrawal_method"],
        "rights": processing["privacy_rights"],
        "authority": f"{authority['party_name']}, {authority['party_address']}, {authority['party_contact']}",
        "receipt": receipt["receipt_id"],
        "record": receipt["record_id"].removeprefix("urn:uuid:"),
    }
