"""Two validators that know nothing of each other look at every bundle: structure, cardinality, types and codes.

pyrofile takes the official definitions of FHIR R4, which are fetched once into the folder of this interpreter by npm;
without npm or a network it is skipped. fhir.resources has the next release that is compatible, R4B, built in.
"""

import json
import re
import warnings

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sample_cases import GOING_ALONG, NAMES, bundle_of
from strategies import cases

# What pyrofile 0.3.0 says wrongly: inside an element it knows no `text` and no `language`, since a whole resource has
# them too, and it knows only the first statuses of a report. fhir.resources looks at both.
FALSE_ALARMS = re.compile(
    r"Unknown element \w+\.\S+\.(text|language)$|Code 'unknown' is not in required ValueSet _r4b_status"
)
FAULTS = {
    "an unknown element": lambda r: r["Patient"].update(nickname="Mo"),
    "a missing status": lambda r: r["Observation"].pop("status"),
    "a status that does not exist": lambda r: r["Procedure"].update(status="done"),
    "a date that is none": lambda r: r["Patient"].update(birthDate="3 May 1958"),
    "two values": lambda r: r["Observation"].update(valueString="x"),
    "an answer to no question": lambda r: r["QuestionnaireResponse"]["item"][0].update(linkId="nose"),
    "a copy to nobody of no state": lambda r: r["CommunicationRequest"].pop("status"),
    "an enclosure that is no document": lambda r: r["DocumentReference"]["content"][0].update(pages=2),
    "a script in a narrative": lambda r: r["QuestionnaireResponse"]["text"].update(
        div='<div xmlns="http://www.w3.org/1999/xhtml"><script>1</script></div>'
    ),
}
BUILT_IN = (
    "an unknown element",
    "a missing status",
    "a date that is none",
    "two values",
    "an enclosure that is no document",
)


@pytest.fixture(scope="session")
def pyrofile(definitions):
    """Return a function from a bundle to the errors that pyrofile finds in it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        validation = pytest.importorskip("pyrofile_validator", reason="pyrofile-validator is not installed")
        from pyrofile_validator.config import ValidatorConfig

        validator = validation.Validator(ValidatorConfig(local_package_paths=definitions))

    def find_errors(bundle):
        report = validator.validate_resource(json.loads(json.dumps(bundle)))
        said = [f"{issue.path}: {issue.message}" for issue in report.issues if issue.severity.value == "error"]
        return [sentence for sentence in said if not FALSE_ALARMS.search(sentence)]

    return find_errors


@pytest.fixture(scope="session")
def built_in():
    """Return a function from a bundle to the errors that fhir.resources finds in it."""
    pytest.importorskip("fhir.resources", reason="fhir.resources is not installed")
    from fhir.resources.R4B.bundle import Bundle

    def find_errors(bundle):
        try:
            Bundle.model_validate(json.loads(json.dumps(bundle)))
        except ValueError as error:
            return [str(error)]
        return []

    return find_errors


@pytest.mark.parametrize("name", NAMES)
def test_pyrofile_finds_no_error(pyrofile, samples, name):
    assert pyrofile(bundle_of(samples[name], **GOING_ALONG)) == []


@pytest.mark.parametrize("name", NAMES)
def test_fhir_resources_finds_no_error(built_in, samples, name):
    assert built_in(bundle_of(samples[name], signed_by="Dr P. Hale", **GOING_ALONG)) == []


@pytest.mark.parametrize("what", FAULTS)
def test_pyrofile_finds_a_fault(pyrofile, samples, what):
    assert pyrofile(_spoil(bundle_of(samples["full_case"], **GOING_ALONG), what)) != []


@pytest.mark.parametrize("what", BUILT_IN)
def test_fhir_resources_finds_a_fault(built_in, samples, what):
    assert built_in(_spoil(bundle_of(samples["full_case"], **GOING_ALONG), what)) != []


def _spoil(bundle, what):
    spoilt = json.loads(json.dumps(bundle))
    first = {entry["resource"]["resourceType"]: entry["resource"] for entry in reversed(spoilt["entry"])}
    FAULTS[what](first)
    return spoilt


@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_pyrofile_finds_no_error_whatever_was_answered(pyrofile, questionnaire, data):
    assert pyrofile(bundle_of(data.draw(cases(questionnaire, printable=False)))) == []


@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_fhir_resources_finds_no_error_whatever_was_answered(built_in, questionnaire, data):
    assert built_in(bundle_of(data.draw(cases(questionnaire, printable=False)))) == []
