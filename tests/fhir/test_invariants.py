"""FHIR's own invariants, such as that an allergy has a clinical state, worked out on every element that has one."""

import json
import warnings
from pathlib import Path

import pytest
from sample_cases import GOING_ALONG, NAMES, bundle_of

# Those of every element and resource are left to the validators; the library cannot work out the last one.
LEFT_OUT = ("ele-", "ext-", "txt-", "dom-", "bdl-10")


@pytest.fixture(scope="session")
def invariants(definitions):
    """Map each kind of resource to its invariants: where they hold, their key, and whether they do."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fhirpathpy = pytest.importorskip("fhirpathpy", reason="fhirpathpy is not installed")
        from fhirpathpy.models import models
    path = next(path for path in definitions if path.endswith("profiles-resources.json"))
    read = json.loads(Path(path).read_text("utf-8"))["entry"]
    kinds = {entry["resource"]["id"]: entry["resource"] for entry in read if "snapshot" in entry["resource"]}

    def compile_all(kind):
        return [
            (element["path"].split(".")[1:], rule["key"], fhirpathpy.compile(rule["expression"], models["r4"]))
            for element in kinds[kind]["snapshot"]["element"]
            for rule in element.get("constraint", ())
            if rule["severity"] == "error" and "expression" in rule and not rule["key"].startswith(LEFT_OUT)
        ]

    known: dict[str, list] = {}
    return lambda kind: known.get(kind) or known.setdefault(kind, compile_all(kind))


def find_broken(invariants, bundle) -> list[str]:
    resources = [bundle, *(entry["resource"] for entry in bundle["entry"])]
    return [
        f"{resource['resourceType']}: {key}"
        for resource in resources
        for path, key, holds in invariants(resource["resourceType"])
        for element in elements_at(resource, path)
        if holds(element, {"resource": resource, "rootResource": resource}) == [False]
    ]


def elements_at(resource, path):
    """Return the elements at a path such as section, entry; the elements of a list one by one."""
    found = [resource]
    for name in path:
        values = [element[name] for element in found if isinstance(element, dict) and name in element]
        found = [one for value in values for one in (value if isinstance(value, list) else [value])]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_invariant_holds(invariants, samples, name):
    assert find_broken(invariants, json.loads(json.dumps(bundle_of(samples[name], **GOING_ALONG)))) == []


@pytest.mark.parametrize(
    ("key", "spoil"),
    [
        ("ait-1", lambda r: r["AllergyIntolerance"].pop("clinicalStatus")),
        ("cmp-2", lambda r: r["Composition"]["section"][-1].update(emptyReason={"text": "not asked"})),
        ("obs-6", lambda r: r["Observation"].update(dataAbsentReason={"text": "not known"})),
        ("bdl-9", lambda r: r["Bundle"].pop("identifier")),
    ],
)
def test_a_broken_invariant_is_found(invariants, full, key, spoil):
    spoilt = json.loads(json.dumps(full))
    spoil({e["resource"]["resourceType"]: e["resource"] for e in reversed(spoilt["entry"])} | {"Bundle": spoilt})
    assert key in " ".join(find_broken(invariants, spoilt))
