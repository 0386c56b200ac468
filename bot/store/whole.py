"""All that the desk remembers, a part for each noun."""

from bot.quiet import QuietHours
from bot.store.activities import SqlActivities
from bot.store.addresses import SqlConversations
from bot.store.attachments import SqlAttachments
from bot.store.broadcasts import SqlBroadcasts
from bot.store.database import Clock, Database
from bot.store.delegations import SqlDelegations
from bot.store.digests import SqlDigests
from bot.store.editions import SqlEditions
from bot.store.facts import SqlFacts
from bot.store.figures import SqlFigures
from bot.store.inbox import SqlEntries
from bot.store.invites import SqlInvites
from bot.store.log import SqlLog
from bot.store.notices import SqlNotices
from bot.store.openings import SqlOpenings
from bot.store.people import SqlPeople
from bot.store.platforms import SqlAccess, SqlNonces, SqlShown, SqlWindows
from bot.store.questions import Embed, SqlQuestions
from bot.store.receipts import SqlReceipts
from bot.store.reminders import SqlReminders
from bot.store.rsvps import SqlRsvps
from bot.store.seen import SqlSeen
from bot.store.sign_ins import SqlSignIns
from bot.store.standing import SqlStanding
from bot.store.tokens import SqlTokens
from bot.store.web_lines import SqlWebLines
from bot.store.webhooks import SqlWebhooks


class Store:
    """What the desk remembers."""

    def __init__(self, database: Database, embed: Embed, now: Clock, quiet: QuietHours | None = None) -> None:
        self.database = database
        self.rsvps = SqlRsvps(database, now)
        self.activities = SqlActivities(database, self.rsvps, now)
        self.nonces = SqlNonces(database, now)
        self.shown = SqlShown(database)
        self.windows = SqlWindows(database, now)
        self.access = SqlAccess(database, now)
        self.people = SqlPeople(database, self.rsvps, now)
        self.conversations = SqlConversations(database, now)
        self.questions = SqlQuestions(database, embed, now)
        self.standing = SqlStanding(database, now)
        self.notices = SqlNotices(database, now, quiet)
        self.seen = SqlSeen(database, now)
        self.delegations = SqlDelegations(database, now)
        self.invites = SqlInvites(database, now)
        self.inbox = SqlEntries(database, now)
        self.facts = SqlFacts(database)
        self.reminders = SqlReminders(database, self.activities, now)
        self.digests = SqlDigests(database, now)
        self.editions = SqlEditions(database, now)
        self.openings = SqlOpenings(database, self.editions)
        self.broadcasts = SqlBroadcasts(database, now)
        self.attachments = SqlAttachments(database, now)
        self.receipts = SqlReceipts(database, now)
        self.figures = SqlFigures(database, now)
        self.web_lines = SqlWebLines(database, now)
        self.tokens = SqlTokens(database, now)
        self.webhooks = SqlWebhooks(database, now)
        self.log = SqlLog(database, now)
        self.sign_ins = SqlSignIns(database, now)
        self.now = now

    async def look_at_the_clock(self) -> None:
        """End offers that nobody has taken in time, and write the reminders and reports that are due."""
        await self.rsvps.expire()
        await self.reminders.make_due()
        await self.digests.make_due()
