from site_agent.lecture.figures import Reading, ScreenFigures
from wire.ids import ScreenState, SessionId

SESSION = SessionId("session-a")


def playing(until_s: float, fps: int = 15, start_s: float = 0.0) -> ScreenFigures:
    """Figures of a lecture that has been read each second."""
    figures = ScreenFigures()
    figures.lecture(SESSION, start_s)
    second = start_s
    while second <= until_s:
        figures.read(Reading(int((second - start_s) * fps) + 1, 1280, 720, -20.0, 3, 1.5), second)
        second += 1
    return figures


def test_without_a_lecture_the_screen_is_idle_whatever_it_decodes() -> None:
    figures = ScreenFigures()
    figures.read(Reading(100), 1.0)
    assert figures.health(1.0).state is ScreenState.IDLE
    assert figures.health(1.0).session is None


def test_a_picture_that_moves_is_playing() -> None:
    health = playing(5.0).health(5.0)
    assert (health.state, health.fps, health.width, health.height) == (ScreenState.PLAYING, 15.0, 1280, 720)
    assert (health.audio_dbfs, health.packets_lost, health.jitter_ms) == (-20.0, 3, 1.5)
    assert health.session == SESSION


def test_a_picture_that_stands_still_is_stalled_and_then_dark() -> None:
    figures = playing(5.0)
    assert figures.state(6.9) is ScreenState.PLAYING
    assert figures.state(7.0) is ScreenState.STALLED
    assert figures.state(14.9) is ScreenState.STALLED
    assert figures.state(15.0) is ScreenState.DARK


def test_reports_that_do_not_grow_do_not_keep_a_screen_playing() -> None:
    figures = playing(5.0)
    for second in range(6, 20):
        figures.read(Reading(76, 1280, 720), second)
    assert figures.state(19.0) is ScreenState.DARK


def test_sound_of_a_silent_screen_is_not_told() -> None:
    assert playing(5.0).health(8.0).audio_dbfs is None


def test_a_lecture_that_never_shows_goes_from_stalled_to_dark() -> None:
    figures = ScreenFigures()
    figures.lecture(SESSION, 0.0)
    assert figures.state(0.5) is ScreenState.STALLED
    assert figures.state(10.0) is ScreenState.DARK


def test_counters_of_a_page_that_began_anew_go_on() -> None:
    figures = playing(2.0)
    before = figures.health(2.0)
    figures.read(Reading(4, 1280, 720, packets_lost=1), 3.0)
    after = figures.health(3.0)
    assert after.frames_decoded == before.frames_decoded + 4
    assert after.packets_lost == before.packets_lost + 1


def test_a_new_token_for_the_same_session_does_not_hide_a_dark_screen() -> None:
    figures = playing(5.0)
    figures.lecture(SESSION, 16.0)
    assert figures.state(16.0) is ScreenState.DARK


def test_another_session_gets_its_own_grace() -> None:
    figures = playing(5.0)
    figures.lecture(SessionId("session-b"), 30.0)
    assert figures.state(30.5) is ScreenState.STALLED


def test_a_room_that_telephones_by_order_is_neither_playing_nor_dark_and_begins_anew_afterwards() -> None:
    figures = playing(5.0)
    figures.lecture(SESSION, 5.0, by_phone=True)
    health = figures.health(60.0)
    assert (health.state, health.session) == (ScreenState.IDLE, SESSION)
    assert (health.rung, health.rung_why, health.audio_dbfs) == ("phone", "ordered", None)
    figures.lecture(SESSION, 60.0)
    assert figures.state(61.0) is ScreenState.STALLED
    figures.read(Reading(200, 1280, 720, -20.0), 61.5)
    assert figures.health(61.5).state is ScreenState.PLAYING
