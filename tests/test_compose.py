"""The Compose file is one that Docker Compose takes, and starts the desk with settings that there are."""

import json
import re
from importlib.resources import files

import jsonschema
import pytest
import yaml

from bot.settings import Settings
from tests.figures import ROOT

FILE = ROOT / "docker-compose.yml"
SCHEMA = files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"


@pytest.fixture
def compose():
    return yaml.safe_load(FILE.read_text("utf-8"))


@pytest.fixture
def validator():
    schema = json.loads(SCHEMA.read_text("utf-8"))
    return jsonschema.validators.validator_for(schema)(schema)


def test_it_is_as_the_compose_specification_has_it(compose, validator):
    assert [error.message for error in validator.iter_errors(compose)] == []


def test_the_schema_refuses_what_compose_would_refuse(compose, validator):
    compose["services"]["desk"]["volume"] = compose["services"]["desk"].pop("volumes")

    assert [error for error in validator.iter_errors(compose) if "volume" in error.message]


def test_every_volume_is_declared_and_every_one_declared_is_mounted(compose):
    mounted = {volume.partition(":")[0] for service in compose["services"].values() for volume in service["volumes"]}

    assert mounted == set(compose["volumes"])


def test_only_the_desk_starts_without_a_profile(compose):
    assert [name for name, service in compose["services"].items() if "profiles" not in service] == ["desk"]


def test_what_the_file_and_the_image_set_are_settings():
    told = "".join((ROOT / name).read_text("utf-8") for name in ("docker-compose.yml", "Dockerfile"))

    assert set(re.findall(r"\bDESK_[A-Z_]+\b", told)) <= {f"DESK_{name.upper()}" for name in Settings.model_fields}


def test_what_the_image_copies_is_there():
    copied = re.findall(r"^COPY (.+) \S+$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)

    assert [name for names in copied for name in names.split() if not (ROOT / name).exists()] == []
