"""Values that stand out are asked about, never refused. The figures are those of CBS (Iv3), as shares."""

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from benchmark import imports
from benchmark.imports.questions import Answer
from benchmark.models import Indicator, Measurement, QuestionAnswer
from tests.cast import municipality

from .checking import checksum, file_of

pytestmark = pytest.mark.django_db

HEAD = "gm_code,indicator,year,value\n"
# own capital / balance total, 2017-2024; Vlissingen's negative years are real
VLISSINGEN = (-0.434, -0.316, -0.268, -0.177, -0.088, 0.015, 0.132, 0.164)
EIJSDEN = (0.243, 0.233, 0.183, 0.181, 0.153, 0.171, 0.182)
OTHERS = (0.21, 0.25, 0.28, 0.31, 0.33, 0.35, 0.38, 0.4, 0.42)


@pytest.fixture
def solvability(ground) -> Indicator:
    """Nine ordinary municipalities in 2016, and the two that stand out."""
    municipality("GM0718", "Vlissingen")
    municipality("GM1903", "Eijsden-Margraten")
    for at in range(len(OTHERS)):
        municipality(f"GM200{at}", f"Gewoon {at}")
    found = Indicator.objects.get(code="saldo")
    found.name = "Solvabiliteit"
    found.save()
    rows = "".join(f"GM200{at},saldo,2017,{value}\n" for at, value in enumerate(OTHERS))
    imports.run(file_of(HEAD + rows))
    return found


def history(code: str, values: tuple[float, ...]) -> str:
    return HEAD + "".join(f"{code},saldo,{2017 + at},{value}\n" for at, value in enumerate(values))


def test_a_typing_error_is_held_against_the_own_history(solvability):
    imports.run(file_of(history("GM1903", EIJSDEN)))
    summary = imports.run(file_of(HEAD + "GM1903,saldo,2024,1.16\n"), dry_run=True)
    asked = summary.questions[0]
    assert (summary.question_count, asked["kind"], asked["row"], asked["value"]) == (1, "history", 2, 1.16)
    assert (asked["low"], asked["high"]) == (0.153, 0.182)
    assert asked["sentence"].startswith("Eijsden-Margraten, Solvabiliteit 2024: 1.16. In the years before it lay")
    assert "1 value is more than 50 % different from the years before. Is it right?" in summary.sentences()
    right = imports.run(file_of(HEAD + "GM1903,saldo,2024,0.162\n"), dry_run=True)
    assert right.questions == []


def test_a_real_negative_is_asked_once_against_the_others_and_then_has_its_own_history(solvability):
    summary = imports.run(file_of(history("GM0718", VLISSINGEN)))
    assert summary.created == len(VLISSINGEN)
    assert [(each["kind"], each["year"], each["value"]) for each in summary.questions] == [("peers", 2017, -0.434)]
    stored = Measurement.objects.filter(municipality__code="GM0718").order_by("year")
    assert tuple(stored.values_list("value", flat=True)) == VLISSINGEN


def test_nothing_comes_in_while_a_question_is_open(solvability):
    imports.run(file_of(history("GM1903", EIJSDEN)))
    before = checksum()
    with pytest.raises(imports.QuestionsOpen) as open_:
        imports.run(file_of(HEAD + "GM1903,saldo,2024,1.16\n"), stop_on_questions=True)
    assert [question.municipality for question in open_.value.questions] == ["GM1903"]
    assert checksum() == before


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        (Answer("right", note="zo is het"), 1.16),
        (Answer("correct", 0.16, "tikfout"), 0.16),
        (Answer("leave-out", note="wordt nagezocht"), None),
    ],
)
def test_an_answer_is_done_and_kept(solvability, answer, value):
    imports.run(file_of(history("GM1903", EIJSDEN)))
    text = HEAD + "GM1903,saldo,2024,1.16\nGM1903,saldo,2016,0.2\n"
    key = imports.run(file_of(text), dry_run=True).questions[0]["key"]
    imports.run(file_of(text), answers={key: answer}, stop_on_questions=True)
    found = Measurement.objects.filter(municipality__code="GM1903", year=2024).values_list("value", flat=True)
    assert list(found) == ([] if value is None else [value])
    kept = QuestionAnswer.objects.get()
    assert (kept.value, kept.choice, kept.correction, kept.note) == (1.16, answer.choice, answer.value, answer.note)


def test_what_was_said_to_be_right_is_not_asked_again(solvability):
    imports.run(file_of(history("GM1903", EIJSDEN)))
    said = Answer("right", note="eenmalige verkoop")
    imports.run(file_of(HEAD + "GM1903,saldo,2024,1.16\n"), answer_all=said, stop_on_questions=True)
    Measurement.objects.filter(year=2024).delete()
    again = imports.run(file_of(HEAD + "GM1903,saldo,2024,1.160\n"), stop_on_questions=True)
    assert (again.created, again.questions) == (1, [])


def test_a_correction_that_cannot_be_is_refused(ground):
    rows = "".join(f"GM0534,lev_binnen_termijn,{year},80\n" for year in range(2000, 2005))
    imports.run(file_of(HEAD + rows))
    text = HEAD + "GM0534,lev_binnen_termijn,2005,8\n"
    key = imports.run(file_of(text), dry_run=True).questions[0]["key"]
    with pytest.raises(imports.ImportRefused, match="A percentage lies between 0 and 100"):
        imports.run(file_of(text), answers={key: Answer("correct", 800.0)})
    assert not Measurement.objects.filter(year=2005).exists()


def test_a_small_change_of_a_small_share_is_no_question(ground):
    imports.run(file_of(HEAD + "GM0534,lev_binnen_termijn,2004,3\nGM0534,kto_balie,2004,7\n"))
    summary = imports.run(file_of(HEAD + "GM0534,lev_binnen_termijn,2005,6\nGM0534,kto_balie,2005,6\n"))
    assert summary.questions == []


def test_the_command_asks_stops_and_takes_an_answer(solvability, tmp_path):
    imports.run(file_of(history("GM1903", EIJSDEN)))
    path = tmp_path / "c.csv"
    path.write_text(HEAD + "GM1903,saldo,2024,1.16\n")
    with pytest.raises(CommandError, match=r"Eijsden-Margraten, Solvabiliteit 2024: 1\.16\."):
        call_command("import_measurements", str(path), "--stop-on-questions")
    assert not Measurement.objects.filter(year=2024).exists()
    told = io.StringIO()
    call_command("import_measurements", str(path), "--accept-questions", "nagevraagd", stdout=told)
    assert Measurement.objects.get(year=2024).value == 1.16
    assert QuestionAnswer.objects.get().note == "nagevraagd"
