"""What staff publish, and what the desk tells people on its own."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, false
from sqlalchemy.types import JSON

from bot.store.tables.columns import ID, UtcDateTime, key, metadata, person_key

edition = Table(  # of the agenda; 0, which is no row, is the one of the documents
    "edition",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("published", UtcDateTime, nullable=False),
    Column("by_id", ID),  # as in history
    Column("changes", JSON, nullable=False),  # what this one changes; those before it stay
    Column("resizes", JSON, nullable=False, server_default="[]"),  # of activities, that were made with it
)

broadcast = Table(
    "broadcast",
    metadata,
    key(),
    Column("created", UtcDateTime, nullable=False),
    Column("by_id", ID),  # as in history
    Column("text", Text, nullable=False),  # as its author wrote it; '' where it tells of an edition alone
    Column("language", String(8), nullable=False),
    Column("edition", Integer),  # of the agenda, that it tells of
    Column("bodies", JSON, nullable=False, server_default="{}"),  # the text in further languages, by language
    Column("state", String(16), nullable=False, server_default="sending"),  # handlers.broadcasts.State
    Column("plan", JSON, nullable=False, server_default="{}"),  # what was confirmed: whom it is for, when it starts
    Column("due", UtcDateTime, index=True),  # when it starts by itself; NULL: it waits for nobody, or has started
    Column("asks_reading", Boolean, nullable=False, server_default=false()),  # of its readers: have they read it?
    Column("approved_by_id", ID),  # as in history
    Column("corrects_id", ID, ForeignKey("broadcast.id", ondelete="SET NULL")),
)

attachment = Table(  # files that go with broadcasts; never changed, so what was shown is what is sent
    "attachment",
    metadata,
    key(),
    Column("created", UtcDateTime, nullable=False),
    Column("name", String(120), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("broadcast_id", ID, ForeignKey("broadcast.id", ondelete="SET NULL"), index=True),  # NULL: of a draft
    sqlite_autoincrement=True,  # the id of one that has gone never stands for another
)

notice = Table(
    "notice",
    metadata,
    key(),
    person_key(index=True),
    Column("address_id", ID, ForeignKey("address.id", ondelete="CASCADE")),  # where the person is to be told it; any
    Column("broadcast_id", ID, ForeignKey("broadcast.id", ondelete="CASCADE")),
    Column("kind", String(16), nullable=False),
    Column("told", JSON, nullable=False),  # what the message says; it is worded when it is sent
    Column("created", UtcDateTime, nullable=False),
    Column("sent", UtcDateTime),  # only with what the platform says it is:
    Column("message_id", String(64)),
    Column("due", UtcDateTime),  # not before; NULL: at once
    Column("leased", UtcDateTime),  # in the hands of a process until then; NULL: of none
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("done", Integer, nullable=False, server_default="0"),  # parts that have arrived, where there are several
    Column("is_repeated", Boolean, nullable=False, server_default=false()),  # it may have arrived more than once
    Column("failed", UtcDateTime),  # given up
    Column("why", String(200), nullable=False, server_default=""),  # what keeps, or has kept, it from arriving
    Column("is_held", Boolean, nullable=False, server_default=false()),  # until its broadcast starts, or goes on
    Column("cancelled", UtcDateTime),  # by staff, before it was sent
    Column("read", UtcDateTime),  # when its reader has said so
    Column("is_urgent", Boolean, nullable=False, server_default=false()),  # it is told at night too, and first
    Column("expires", UtcDateTime),  # from then on it is not worth telling
    Column("expired", UtcDateTime),  # it was not told in time
    Column("ready", UtcDateTime),  # when it may be claimed; NULL: where it goes is to be decided, from due on
    Column("channel", String(32)),  # by which it goes; '': by none that is known
    Column("goes_to_id", ID, ForeignKey("address.id", ondelete="SET NULL"), index=True),
    Column("rank", Integer, nullable=False, server_default="1"),  # 0 goes before 1; UNTIL_THEY_WRITE
)
UNTIL_THEY_WRITE = 2  # the rank of what waits until its person writes: it is not claimed
OPEN = notice.c.sent.is_(None) & notice.c.failed.is_(None) & notice.c.cancelled.is_(None) & notice.c.expired.is_(None)
_FREE = OPEN & notice.c.is_held.is_(False)
_NEW = _FREE & notice.c.ready.is_(None)
_MORTAL = OPEN & notice.c.expires.is_not(None)
_SENT = notice.c.sent.is_not(None)
_TURN = (notice.c.channel, notice.c.rank, notice.c.ready, notice.c.id)
Index("uq_notice_broadcast_id", notice.c.broadcast_id, notice.c.person_id, unique=True)  # nobody is told it twice
Index("ix_notice_sent", notice.c.sent, sqlite_where=_SENT, postgresql_where=_SENT)
Index("ix_notice_turn", *_TURN, sqlite_where=_FREE, postgresql_where=_FREE)
Index("ix_notice_new", notice.c.due, sqlite_where=_NEW, postgresql_where=_NEW)
Index("ix_notice_expires", notice.c.expires, sqlite_where=_MORTAL, postgresql_where=_MORTAL)

reminder = Table(  # what people have been reminded of: once, however many processes look, and anew after a move
    "reminder",
    metadata,
    person_key(primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("at", UtcDateTime, primary_key=True),  # when it was due
    Column("about", String(64), primary_key=True),  # an activity; '' for a whole day
)

pace = Table(  # how fast each channel speaks, in seconds since 1970: one row for all processes
    "pace",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("free", Float(53), nullable=False, server_default="0"),  # from when on no place is taken
    Column("told", Float(53), nullable=False, server_default="0"),  # until when what the desk says on its own has some
    Column("held", Float(53), nullable=False, server_default="0"),  # until when it says nothing: the platform's wish
)

event = Table(
    "event",
    metadata,
    Column("key", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)
