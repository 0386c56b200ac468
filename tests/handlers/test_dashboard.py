import re

import pytest

from handlers.dashboard import Dashboard
from handlers.model import Person, Role
from handlers.speech import Speech
from knowledge import LANGUAGES


class Links:
    async def offer(self, person):
        return f"secret-of-{person}"


def dashboard():
    return Dashboard(Links(), lambda secret: f"https://desk.example.org/dashboard/sign-in/{secret}")


@pytest.mark.parametrize("role", [Role.STAFF, Role.ORGANIZER, Role.VIEWER])
@pytest.mark.parametrize("language", LANGUAGES)
async def test_people_of_the_organizer_get_a_link_of_their_own(role, language):
    reply = await dashboard().link(Person(7, "Li", role=role, is_verified=True), Speech(language))

    assert re.findall(r"https://\S+", reply.text) == ["https://desk.example.org/dashboard/sign-in/secret-of-7"]
    assert "10" in reply.text


@pytest.mark.parametrize(
    "person", [None, Person(7, role=Role.DELEGATE, is_verified=True), Person(7, role=Role.STAFF, is_verified=False)]
)
async def test_others_are_told_what_they_can_do_here(person):
    reply = await dashboard().link(person, Speech("en"))

    assert "http" not in reply.text
    assert "you can ask me anything" in reply.text
