from datetime import time

import pytest

from knowledge.announcements import change_told
from knowledge.places_told import places_told
from knowledge.programme import Certainty, Session

CRUISE = Session("cruise", 2, time(19), time(20, 30), "Night Cruise", (), (), "", Certainty.CONFIRMED)


@pytest.mark.parametrize(
    "text",
    [
        "night cruise 120 places",
        "night cruise 19:30, 120 places",
        "capacity of the cruise from 100 to 120",
        "the cruise from 100 to 120 places",
        "Flussfahrt 120 Plätze",
        "Kapazität der Flussfahrt: 120",
        "crucero 120 plazas",
        "croisière 120 places",
        "crociera 120 posti",
        "ナイトクルーズの定員を100名から120名に",
        "야간 크루즈 120석으로",
        "avondvaart 120 plaatsen",
        "rejs 120 miejsc",
        "cruzeiro 120 lugares",
        "круиз 120 мест",
        "ล่องเรือ 120 ที่นั่ง",
        "gece turu 120 kişilik",
        "夜游名额从100个改为120个",
        "夜遊 120個名額",
        "الرحلة النهرية ١٢٠ مقعدًا",
    ],
)
def test_a_number_of_places_is_read_in_every_language(text):
    assert places_told(text) == 120


@pytest.mark.parametrize(
    "text",
    [
        "night cruise 19:30",
        "cruise, meeting place: Pier 3",
        "on day 2",
        "2 people",
        "12:30 @ Pier 120",
        "places of route 1 = 48",
        "places de la croisière à 19h30",
    ],
)
def test_no_other_number_is_one_of_places(text):
    assert places_told(text) is None


def test_a_number_of_places_is_no_time_and_no_part_of_a_meeting_point():
    assert change_told("cruise to 19:30 with 20 places", "en", CRUISE) == {"start": "19:30", "end": "21:00"}
    assert change_told("cruise with 20 places", "en", CRUISE) == {}
    assert change_told("cruise @ Pier 3, 20 places", "en", CRUISE) == {"place": "Pier 3"}
