"""What people have asked, and what organizers have answered to it."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
from sqlalchemy import insert, select, update

from bot.store import tables as t
from bot.store.addresses import address_id
from bot.store.database import Clock, Database
from bot.store.rows import key_of
from handlers import texts
from handlers.errors import Refusal
from handlers.model import Address, OpenQuestion, Reply
from knowledge.embeddings import Vectors

FAQ_HOLDS = timedelta(days=60)  # an answer is asked for again after it
ALIKE = 0.82  # cosine similarity: of the catalogue's samples that are so near, nine in ten pairs are of one topic
_LISTED = 50

Embed = Callable[[list[str]], Vectors]


class SqlQuestions:
    """Keep questions, and answers that organizers gave."""

    def __init__(self, database: Database, embed: Embed, now: Clock) -> None:
        """embed: texts to unit vectors, one a row."""
        self._database = database
        self._embed = embed
        self._now = now

    async def log(self, sender: Address, text: str, reply: Reply, topics: Sequence[str]) -> int:
        """Keep a question and how it was answered; return its id."""
        async with self._database.writing() as connection:
            at = await address_id(connection, sender, self._now)
            made = await connection.execute(
                insert(t.question).values(
                    address_id=at,
                    text=text,
                    language=reply.language,
                    is_answered=reply.is_answer,
                    certainty=reply.certainty,
                    topics=list(topics),
                    asked=self._now(),
                )
            )
        return key_of(made)

    async def hand_over(self, sender: Address) -> bool:
        """Mark the last question of sender as one for the organizers; return whether there is one."""
        at = (t.address.c.channel == sender.channel, t.address.c.channel_id == sender.id)
        async with self._database.writing() as connection:
            of_sender = select(t.question.c.id).join(t.address).where(*at).order_by(t.question.c.id.desc()).limit(1)
            last = await connection.scalar(of_sender)
            if last is not None:
                changed = update(t.question).where(t.question.c.id == last).values(is_answered=False, certainty=_ASKED)
                await connection.execute(changed)
        return last is not None

    async def open(self) -> Sequence[OpenQuestion]:
        """Return the questions that wait for an answer, newest first."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(t.question).where(*_OPEN).order_by(*_NEWEST).limit(_LISTED))
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
            wanted = select(t.question).where(t.question.c.id == question, *_OPEN)
            asked = (await connection.execute(wanted)).one_or_none()
            if asked is None:
                raise Refusal(texts.NO_SUCH_QUESTION, number=question)
            entry = {"question": asked.text, "answer": text, "language": asked.language, "owner_id": by}
            moment = self._now()
            made = await connection.execute(insert(t.faq).values(**entry, created=moment, expires=moment + FAQ_HOLDS))
            waiting = await connection.execute(
                select(t.question, t.address.c.person_id, t.address.c.id.label("at")).outerjoin(t.address).where(*_OPEN)
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


_ASKED = "asked"  # a question that its asker has sent on to the organizers
_OPEN = (
    ~t.question.c.is_answered,
    t.question.c.faq_id.is_(None),
    t.question.c.certainty.in_(("not_stated", _ASKED)),
)
_NEWEST = (t.question.c.certainty != _ASKED, t.question.c.id.desc())
