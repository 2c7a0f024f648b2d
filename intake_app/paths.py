"""Where data, logs and resources are."""

import os
from pathlib import Path

import platformdirs

APP_NAME = "spine-intake"


def resources() -> Path:
    """Return the folder of questions, sources, fonts and icons: inside the wheel, or beside the source."""
    here = Path(__file__).parent
    inside = here / "resources"
    return inside if inside.is_dir() else here.parent / "resources"


def data_folder() -> Path:
    """Return the folder that holds the clinic's records; INTAKE_DATA overrides it. It may not exist yet."""
    override = os.environ.get("INTAKE_DATA")
    return Path(override) if override else platformdirs.user_data_path(APP_NAME, appauthor=False)
