"""Every page of the dashboard, and who may ask for it: the one table that the guard goes by."""

from typing import Final

from bot.dashboard import briefings as d
from bot.dashboard import broadcasts as b
from bot.dashboard import programme as p
from bot.dashboard import questions as q
from bot.dashboard.activity import activities_file, activity, people_file, resize, resized, set_open, show_opening
from bot.dashboard.asking import ALL, ORGANIZERS, STAFF, Route
from bot.dashboard.confirming import confirm
from bot.dashboard.delegations import delegations, delegations_file, set_deadline, set_delegation
from bot.dashboard.invitations import chat, invite
from bot.dashboard.oversight import health, log, log_file, sign_out
from bot.dashboard.overview import overview

ROUTES: Final = (
    Route("GET", "", ALL, overview),
    Route("GET", "/activities.{form}", STAFF, activities_file),
    Route("GET", "/activities/{key}", ALL, activity),
    Route("GET", "/activities/{key}/people.{form}", STAFF, people_file),
    Route("POST", "/activities/{key}/resize", STAFF, resize),
    Route("POST", "/activities/{key}/resized", STAFF, resized),
    Route("POST", "/activities/{key}/open", STAFF, show_opening),
    Route("POST", "/activities/{key}/opened", STAFF, set_open),
    Route("GET", "/programme", ALL, p.programme),
    Route("GET", "/programme.{form}", STAFF, p.programme_file),
    Route("POST", "/programme/change", STAFF, p.change),
    Route("POST", "/programme/dates", STAFF, p.dates),
    Route("POST", "/programme/{number}/undo", STAFF, p.undo),
    Route("POST", "/confirm", STAFF, confirm),
    Route("GET", "/broadcasts", STAFF, b.broadcasts),
    Route("GET", "/broadcasts.{form}", STAFF, b.broadcasts_file),
    Route("GET", "/broadcasts/new", STAFF, b.compose),
    Route("POST", "/broadcasts/preview", STAFF, b.preview),
    Route("GET", "/broadcasts/{number}", STAFF, b.broadcast),
    Route("GET", "/broadcasts/{number}/receipts.{form}", STAFF, b.receipts_file),
    Route("GET", "/broadcasts/{number}/calls.{form}", STAFF, b.calls_file),
    Route("POST", "/broadcasts/{number}/do", STAFF, b.do, "looked after a broadcast"),
    Route("GET", "/questions", STAFF, q.questions),
    Route("GET", "/questions.{form}", STAFF, q.questions_file),
    Route("POST", "/questions/{number}/answer", STAFF, q.answer, "answered a question"),
    Route("POST", "/questions/entries/{number}", STAFF, q.set_expiry, "set how long an answer is told"),
    Route("GET", "/briefings", ALL, d.briefings),
    Route("GET", "/briefings.{form}", STAFF, d.briefings_file),
    Route("POST", "/briefings/upload", STAFF, d.upload),
    Route("POST", "/briefings/take", STAFF, d.take),
    Route("GET", "/delegations", ALL, delegations),
    Route("GET", "/delegations.{form}", STAFF, delegations_file),
    Route("POST", "/delegations/set", STAFF, set_delegation),
    Route("POST", "/delegations/deadline", STAFF, set_deadline),
    Route("POST", "/delegations/invite", STAFF, invite, "invited somebody"),
    Route("GET", "/chat", ALL, chat),
    Route("GET", "/health", ORGANIZERS, health),
    Route("GET", "/log", ORGANIZERS, log),
    Route("GET", "/log.{form}", ORGANIZERS, log_file),
    Route("POST", "/log/{digest}/sign-out", ORGANIZERS, sign_out, "signed somebody out"),
)
