import pytest

from bot.app import Desk
from bot.settings import Settings
from handlers.model import Address, Incoming
from knowledge.shelf import NothingIngested

ANA = Address("console", "ana")


async def test_the_desk_that_is_built_from_settings_answers(home):
    desk = Desk(Settings(home=home, _env_file=None))
    concierge = await desk.concierge()

    reply = await concierge.respond(Incoming(ANA, "When is the opening?"))

    assert (reply.is_answer, reply.sources) == (True, ("wuhan-2026-invitation",))
    assert "09:30" in reply.text
    await desk.close()


async def test_a_desk_without_documents_says_what_to_do(tmp_path):
    with pytest.raises(NothingIngested, match="run `desk ingest`"):
        await Desk(Settings(home=tmp_path, _env_file=None)).concierge()


async def test_a_desk_without_an_agenda_says_what_to_do(tmp_path):
    (tmp_path / "paper.md").write_text("# Ferries\n\n## Boats\n\nThe ferry leaves at noon on every day of the week.\n")
    desk = Desk(Settings(home=tmp_path, _env_file=None))
    desk.shelf.ingest([tmp_path / "paper.md"])

    with pytest.raises(NothingIngested, match="no document holds an agenda"):
        await desk.concierge()


def test_without_a_chat_model_there_is_no_rewording(tmp_path):
    assert Desk(Settings(home=tmp_path, _env_file=None)).rewording() is None
