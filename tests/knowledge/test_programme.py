from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.clocktimes import NO_TIMES, Times, clock_times
from knowledge.documents import Block, Document, Paragraph, Section, Table, read_document
from knowledge.programme import (
    Certainty,
    Programme,
    ProgrammeReport,
    Route,
    Session,
    read_programme,
    report_on,
)
from tests.knowledge.conftest import DATA

CELLS = st.one_of(
    st.sampled_from(["", "·", "· a\n· b", "09:00", "25:61", "10:00-9:00", "(x)", "()", "X: a, (b, c", "Day 2", "\n"]),
    st.text(max_size=30),
)


def paper(*sections: Section) -> Document:
    return Document(stem="paper", title="Paper", meta={}, sections=sections, digest="")


def day(number: int, *rows: tuple[str, ...]) -> Section:
    return Section(f"Day {number}", "", (Table(rows),))


def programme_of(*sections: Section) -> Programme:
    return read_programme(paper(*sections))


def report_of(*rows: tuple[str, str]) -> ProgrammeReport:
    document = paper(day(1, *rows))
    return report_on(read_programme(document), document)


@pytest.mark.parametrize(
    ("cell", "times"),
    [
        ("09:00", Times(time(9))),
        ("10:30-10:45", Times(time(10, 30), time(10, 45))),
        ("9.30 – 10.15", Times(time(9, 30), time(10, 15))),
        ("9h30", Times(time(9, 30))),
        ("9h-10h30", Times(time(9), time(10, 30))),
        ("10：30～12：00", Times(time(10, 30), time(12))),
        ("9:00 to 9:45 am", Times(time(9), time(9, 45))),
        ("2-3:30 pm", Times(time(14), time(15, 30))),
        ("10 am - 1 pm", Times(time(10), time(13))),
        ("10-1 p.m.", Times(time(10), time(13))),
        ("12:30 am", Times(time(0, 30))),
        ("from 18:00", Times(time(18))),
        ("18:00-", Times(time(18))),
        ("18:00-25:00", Times(time(18))),
        ("2026-09-15 09:30", Times(time(9, 30))),
        ("24:30", NO_TIMES),
        ("15 September", NO_TIMES),
        ("Morning", NO_TIMES),
        ("", NO_TIMES),
    ],
)
def test_times_of_a_cell_are_read(cell: str, times: Times) -> None:
    assert clock_times(cell) == times


@given(st.times(), st.times(), st.sampled_from("-–—~至"), st.sampled_from(":."), st.sampled_from(["", " "]))
def test_written_spans_are_read_back(start: time, end: time, dash: str, mark: str, blank: str) -> None:
    start, end = (moment.replace(second=0, microsecond=0, tzinfo=None) for moment in (start, end))
    written = f"{start:%H{mark}%M}{blank}{dash}{blank}{end:%H{mark}%M}"

    assert clock_times(written) == Times(start, end)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_times(text: str) -> None:
    assert isinstance(clock_times(text), Times)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4).map(tuple), max_size=6))
def test_odd_cells_break_neither_programme_nor_report(rows: list[tuple[str, ...]]) -> None:
    document = paper(day(1, *rows), Section("Day 2", "", (Paragraph("Trip"), Table(()))))

    programme = read_programme(document)

    assert len({session.key for session in programme.sessions}) == len(programme.sessions)
    assert isinstance(report_on(programme, document), ProgrammeReport)


def test_document_without_agenda_has_no_sessions() -> None:
    table = Table((("Hotel", "Street"), ("Reed", "Mill Lane")))

    programme = programme_of(Section("Hotels", "1", (table,)), Section("Day 1", "", (Paragraph("Rest"),)))

    assert programme == Programme((), (), Certainty.NOT_STATED)


def test_session_holds_all_that_its_row_states() -> None:
    session = Session(
        key="day-2-0930-opening-of-the-events",
        day=2,
        start=time(9, 30),
        end=time(10),
        title="Opening of the Events",
        items=("Speeches", "Music"),
        routes=(),
        note="Hall B",
        certainty=Certainty.CONFIRMED,
    )

    programme = programme_of(day(2, ("9.30–10.00", "Opening of the Events\n· Speeches\n· Music\n(Hall B)")))

    assert programme == Programme((session,), (2,), Certainty.CONFIRMED)


def test_row_after_a_page_break_continues_the_timed_row() -> None:
    programme = programme_of(day(1, ("09:00", "Opening\n· Feast of the Lake"), ("", "League\n· Songs")))

    assert [(s.title, s.items) for s in programme.sessions] == [("Opening", ("Feast of the Lake League", "Songs"))]


def test_cell_pushed_to_the_next_row_belongs_to_its_time() -> None:
    assert [s.title for s in programme_of(day(1, ("09:00", ""), ("", "Opening"))).sessions] == ["Opening"]


def test_rows_without_time_before_any_timed_row_are_untimed_sessions() -> None:
    programme = programme_of(day(1, ("Time", "Session"), ("", "Arrival"), ("", "Badges"), ("19:00", "Dinner")))

    assert [(s.key, s.start) for s in programme.sessions] == [
        ("day-1-arrival", None),
        ("day-1-badges", None),
        ("day-1-1900-dinner", time(19)),
    ]


def test_bullets_without_a_title_are_parallel_sessions() -> None:
    report = report_of(("14:00-15:00", "· Press talks\n· Fair"))

    assert [tuple(session.title for session in pair) for pair in report.parallel] == [("Press talks", "Fair")]
    assert report.overlaps == ()


def test_subject_line_below_a_title_is_the_first_item() -> None:
    session = programme_of(day(1, ("10:00", "Panel 1\nClean Shores: Lakes\n· Questions"))).sessions[0]

    assert (session.title, session.items) == ("Panel 1", ("Clean Shores: Lakes", "Questions"))


def test_routes_of_an_untimed_visit_are_read() -> None:
    crafts = "Crafts: the Two Shops (Glass House, and Rope Walk)"
    nature = "Nature: Pond (North) Park, Reed (A, B)"

    session = programme_of(day(1, ("Time", "Session"), ("", f"Tours\n· {crafts}\n· {nature}\n· Tea"))).sessions[0]

    assert (session.items, session.routes) == (
        ("Tea",),
        (
            Route("Crafts", ("Glass House", "Rope Walk"), "the Two Shops"),
            Route("Nature", ("Pond (North) Park", "Reed (A, B)"), ""),
        ),
    )


def test_other_columns_and_words_for_a_time_go_into_the_note() -> None:
    rows = (("Time", "Place", "Session"), ("Morning", "Pier", "Boat trip"), ("14:00", "", "Talks"))

    sessions = programme_of(day(1, *rows)).sessions

    assert [(s.title, s.note) for s in sessions] == [("Boat trip", "Morning; Place: Pier"), ("Talks", "")]


@pytest.mark.parametrize("heading", ["Draft Agenda", "Tentative programme", "Provisional Schedule"])
def test_days_below_a_draft_agenda_are_drafts(heading: str) -> None:
    programme = programme_of(Section(heading, "VI", ()), day(1, ("09:00", "Opening")))

    assert (programme.certainty, programme.sessions[0].certainty) == (Certainty.DRAFT, Certainty.DRAFT)


def test_draft_of_another_section_leaves_the_agenda_confirmed() -> None:
    programme = programme_of(
        Section("Draft letter", "V", ()), Section("Agenda", "VI", ()), day(1, ("09:00", "Opening"))
    )

    assert programme.certainty is Certainty.CONFIRMED


def test_session_that_says_so_is_to_be_confirmed() -> None:
    programme = programme_of(day(1, ("09:00", "Opening (speaker TBC)"), ("10:00", "Tea")))

    assert [s.certainty for s in programme.sessions] == [Certainty.TO_BE_CONFIRMED, Certainty.CONFIRMED]


def test_agenda_of_one_day_needs_no_day_heading() -> None:
    programme = programme_of(Section("Agenda", "2", (Table((("09:00", "Opening"), ("10:00", "Tea"))),)))

    assert [s.key for s in programme.sessions] == ["day-1-0900-opening", "day-1-1000-tea"]


def test_weekday_and_date_headings_are_days_in_order() -> None:
    blocks: tuple[Block, ...] = (Table((("09:00", "Talks"),)),)

    programme = programme_of(
        Section("Monday, 5 May 2031", "", blocks), Section("Day 2", "", ()), Section("6 May", "", blocks)
    )

    assert programme.days == (1, 2)


def test_day_without_table_next_to_days_with_one_is_read() -> None:
    programme = programme_of(day(1, ("09:00", "Talks")), Section("Day 2", "", (Paragraph("Departure"),)))

    assert [s.key for s in programme.sessions] == ["day-1-0900-talks", "day-2-departure"]


def test_equal_titles_at_equal_times_get_keys_of_their_own() -> None:
    programme = programme_of(day(1, ("09:00", "Tea"), ("09:00", "Tea")))

    assert [s.key for s in programme.sessions] == ["day-1-0900-tea", "day-1-0900-tea-2"]


def test_rows_that_share_time_overlap() -> None:
    report = report_of(("10:30-10:45", "Tea"), ("10:30-12:00", "Panel"), ("12:00-13:00", "Lunch"))

    assert [tuple(session.title for session in pair) for pair in report.overlaps] == [("Tea", "Panel")]


def test_unlisted_time_between_sessions_is_a_gap() -> None:
    report = report_of(("09:00", "Talks"), ("10:00-11:00", "Tea"), ("10:15-11:30", "Panel"), ("12:00", "Walk"))

    assert report.gaps == ((1, time(11, 30), time(12)),)
    assert [session.title for session in report.open_ended] == ["Talks", "Walk"]


def test_session_past_midnight_leaves_no_gap_and_no_false_overlap() -> None:
    report = report_of(("20:00-22:00", "Dinner"), ("22:00-01:00", "Dance"))

    assert (report.overlaps, report.gaps) == ((), ())


def test_statements_that_something_is_open_are_reported_once() -> None:
    document = paper(
        Section("When", "I", (Paragraph("We meet in May. The day is to be confirmed."),)),
        Section("Draft Agenda", "II", (Table((("09:00", "Opening\n· Speaker TBC"),)),)),
    )

    assert report_on(read_programme(document), document).to_be_confirmed == (
        "The day is to be confirmed.",
        "Draft Agenda",
        "Speaker TBC",
    )


def test_messy_invitation_gives_its_programme() -> None:
    programme = read_programme(read_document(DATA / "lindmoor-invitation.txt"))

    assert [(s.day, s.start, s.end, s.title) for s in programme.sessions] == [
        (1, None, None, "Arrival and badges"),
        (2, time(8, 45), None, "Opening of the Round Table"),
        (2, time(9, 45), time(10), "Tea"),
        (2, time(9, 45), time(11, 15), "Panel on Topic 1"),
        (2, time(11, 30), time(12, 30), "Lunch"),
        (2, time(14), time(15), "Talks with the press"),
        (2, time(14), time(15), "Market of ideas for schools and companies"),
        (2, time(20), None, "Lantern Walk"),
        (3, None, None, "See Lindmoor Tours"),
        (4, None, None, "Departure"),
    ]


@pytest.fixture
def invitation(real_documents: Path) -> Document:
    return read_document(real_documents / "wuhan-2026-invitation.txt")


def test_real_invitation_gives_every_session_with_its_times(invitation: Document) -> None:
    programme = read_programme(invitation)

    assert programme.certainty is Certainty.DRAFT
    assert [(s.day, s.start and f"{s.start:%H%M}", s.end and f"{s.end:%H%M}") for s in programme.sessions] == [
        (1, None, None),
        (2, "0900", None),
        (2, "0920", None),
        (2, "0930", None),
        (2, "1030", "1045"),
        (2, "1030", "1200"),
        (2, "1215", "1330"),
        (2, "1330", "1430"),
        (2, "1430", "1530"),
        (2, "1530", "1545"),
        (2, "1545", "1700"),
        (2, "1545", "1700"),
        (2, "1900", None),
        (3, None, None),
        (4, None, None),
    ]


def test_real_opening_keeps_its_five_bullets_without_markup(invitation: Document) -> None:
    opening = read_programme(invitation).sessions[3]

    assert opening.key == "day-2-0930-opening-of-the-events"
    assert len(opening.items) == 5
    assert not [item for item in opening.items if "<" in item or "·" in item]


def test_real_visits_have_three_routes_with_their_stops(invitation: Document) -> None:
    visits = read_programme(invitation).sessions[13]

    assert [(len(route.stops), bool(route.detail)) for route in visits.routes] == [
        (5, True),
        (2, False),
        (3, False),
    ]
    assert visits.note


def test_real_report_names_the_contradiction_the_parallel_sessions_and_the_gaps(invitation: Document) -> None:
    report = report_on(read_programme(invitation), invitation)

    assert [[s.start for s in pair] for pair in report.overlaps] == [[time(10, 30), time(10, 30)]]
    assert [[s.start for s in pair] for pair in report.parallel] == [[time(15, 45), time(15, 45)]]
    assert report.gaps == ((2, time(12), time(12, 15)), (2, time(17), time(19)))
    assert (len(report.untimed), len(report.open_ended), len(report.to_be_confirmed)) == (3, 4, 3)
