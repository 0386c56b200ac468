"""What people have asked, and what organizers have answered to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.scopes import Event
from bot.store import tables as t
from bot.store.database import Clock, Database, Rows
from bot.store.rows import key_of
from bot.store.webhooks import announce, is_anybody_told
from handlers import texts
from handlers.errors import Refusal
from handlers.model import ANSWER_HOLDS, Address, OpenQuestion, Reply
from knowledge.embeddings import Vectors

ALIKE = 0.82  # cosine similarity: of the catalogue's samples that are so near, nine in ten pairs are of one topic
_LISTED = 50

Embed = Callable[[list[str]], Vectors]


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """What organizers have answered to a question, who has, and until when it is told."""

    id: int
    question: str
    answer: str
    language: str
    owner: str
    expires: datetime


class SqlQuestions:
    """Keep questions, and answers that organizers gave."""

    def __init__(self, database: Database, embed: Embed, now: Clock) -> None:
        """embed: texts to unit vectors, one a row."""
        self._database = database
        self._embed = embed
        self._now = now

    async def log(self, sender: Address, text: str, reply: Reply, topics: Sequence[str]) -> None:
        """Keep a question of sender, who is known or remembered in the same turn, and how it was answered."""
        row = {
            "channel": sender.channel,
            "channel_id": sender.id,
            "text": text,
            "language": reply.language,
            "is_answered": reply.is_answer,
            "certainty": reply.certainty,
            "topics": list(topics),
            "asked": self._now(),
        }
        await self._database.keep(_write, sender, row)

    async def hand_over(self, sender: Address) -> bool:
        """Mark the last question of sender as one for the organizers; return whether there is one."""
        at = (t.address.c.channel == sender.channel, t.address.c.channel_id == sender.id)
        async with self._database.writing() as connection:
            of_sender = select(t.question).join(t.address).where(*at).order_by(t.question.c.id.desc()).limit(1)
            last = (await connection.execute(of_sender)).one_or_none()
            if last is None:
                return False
            changed = update(t.question).where(t.question.c.id == last.id).values(is_answered=False, certainty=_ASKED)
            await connection.execute(changed)
            if last.is_answered or last.certainty not in (_NOT_STATED, _ASKED):  # else it was told before
                await _announce(connection, last.id, last.language, last.asked)
        return True

    async def open(self) -> Sequence[OpenQuestion]:
        """Return the questions that wait for an answer, newest first."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(t.question).where(*OPEN_QUESTION).order_by(*_NEWEST).limit(_LISTED))
            return [OpenQuestion(row.id, row.text, row.language, row.asked) for row in rows]

    async def all(self) -> Sequence[Any]:
        """Return every question as a row, oldest first."""
        async with self._database.reading() as connection:
            return (await connection.execute(select(t.question).order_by(t.question.c.id))).all()

    async def answer(self, question: int, text: str, *, by: int) -> int:
        """Keep the organizers' answer as a FAQ entry and queue it for all who asked; return how many are told.

        Raises:
            Refusal: there is no such question, or it has been answered.
        """
        async with self._database.writing() as connection:
            wanted = select(t.question).where(t.question.c.id == question, *OPEN_QUESTION)
            asked = (await connection.execute(wanted)).one_or_none()
            if asked is None:
                raise Refusal(texts.NO_SUCH_QUESTION, number=question)
            entry = {"question": asked.text, "answer": text, "language": asked.language, "owner_id": by}
            moment = self._now()
            times = {"created": moment, "expires": moment + ANSWER_HOLDS}
            made = await connection.execute(insert(t.faq).values(**entry, **times))
            waiting = await connection.execute(
                select(t.question, t.address.c.person_id, t.address.c.id.label("at"))
                .outerjoin(t.address)
                .where(*OPEN_QUESTION)
            )
            alike = self._alike(asked.text, waiting.all())
            ids = [row.id for row in alike]
            answered = update(t.question).where(t.question.c.id.in_(ids)).values(faq_id=key_of(made))
            await connection.execute(answered)
            told = {row.at: row for row in alike if row.at is not None}
            for row in told.values():
                said = {"question": row.text, "answer": text}
                values = {"person_id": row.person_id, "address_id": row.at, "kind": "answer", "told": said}
                await connection.execute(insert(t.notice).values(**values, created=moment))
        return len(told)

    async def alike(self) -> Sequence[Sequence[OpenQuestion]]:
        """Return the questions that wait for an answer, those that mean the same together: one answer settles them."""
        left = list(await self.open())
        groups = []
        while left:
            ids = {row.id for row in self._alike(left[0].text, left)} | {left[0].id}
            groups.append([one for one in left if one.id in ids])
            left = [one for one in left if one.id not in ids]
        return groups

    async def entries(self) -> Sequence[FaqEntry]:
        """Return what organizers have answered, while it is valid; what expires first comes first."""
        rows = select(t.faq, t.person.c.name.label("owner")).outerjoin(t.person, t.person.c.id == t.faq.c.owner_id)
        rows = rows.where(t.faq.c.expires > self._now()).order_by(t.faq.c.expires, t.faq.c.id)
        async with self._database.reading() as connection:
            return [
                FaqEntry(row.id, row.question, row.answer, row.language, row.owner or "", row.expires)
                for row in await connection.execute(rows)
            ]

    async def set_expiry(self, entry: int, *, is_kept: bool) -> bool:
        """Let an entry hold as long as a new one from now on, or no longer; return whether there is such an entry."""
        until = self._now() + (ANSWER_HOLDS if is_kept else timedelta())
        changed = update(t.faq).where(t.faq.c.id == entry, t.faq.c.expires > self._now()).values(expires=until)
        async with self._database.writing() as connection:
            return (await connection.execute(changed)).rowcount > 0

    async def known(self, text: str) -> str | None:
        """Return what organizers have answered to a question that means the same, while it is valid."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(t.faq).where(t.faq.c.expires > self._now()))).all()
        alike = self._alike(text, rows, by="question")
        return alike[-1].answer if alike else None

    def _alike(self, text: str, rows: Sequence[Any], *, by: str = "text") -> list[Any]:
        """Return the rows whose question means the same as text."""
        if not rows:
            return []
        vectors = self._embed([text, *(getattr(row, by) for row in rows)])
        near = np.flatnonzero(vectors[1:] @ vectors[0] >= ALIKE)
        return [rows[int(place)] for place in near]


async def _write(connection: AsyncConnection, rows: Rows) -> None:
    at = select(t.address.c.id).where(
        t.address.c.channel == bindparam("channel"), t.address.c.channel_id == bindparam("channel_id")
    )
    logged = insert(t.question).values(address_id=at.scalar_subquery())
    told: list[dict[str, Any]] = []
    together: list[dict[str, Any]] = []
    for _, row in rows:
        (told if row["certainty"] == _NOT_STATED and not row["is_answered"] else together).append(dict(row))
    if told and not await is_anybody_told(connection, Event.QUESTION_UNANSWERED):
        told, together = [], [*together, *told]
    if together:
        await connection.execute(logged, together)
    for row in told:
        number = (await connection.execute(logged.returning(t.question.c.id), row)).scalar_one()
        await _announce(connection, number, row["language"], row["asked"])


async def _announce(connection: AsyncConnection, number: int, language: str, asked: datetime) -> None:
    told = {"id": number, "language": language, "asked": asked.isoformat(timespec="seconds")}
    await announce(connection, Event.QUESTION_UNANSWERED, told, asked)


_NOT_STATED = "not_stated"
_ASKED = "asked"  # a question that its asker has sent on to the organizers
OPEN_QUESTION = (
    ~t.question.c.is_answered,
    t.question.c.faq_id.is_(None),
    t.question.c.certainty.in_((_NOT_STATED, _ASKED)),
)
_NEWEST = (t.question.c.certainty != _ASKED, t.question.c.id.desc())
