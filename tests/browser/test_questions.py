"""Predictions, quick checks and exercises answer on the page, by keyboard and by pointer."""

import pytest

from tests.browser.watch import Watched

PAGE = "book/linear_collapse"  # it has options, a number and exercises of both kinds


@pytest.fixture
def page(browser, address, request):
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    watched = Watched(context, PAGE).open(f"{address}/{PAGE}.html")
    yield watched.page
    assert not watched.problems, watched.problems
    context.close()


SIZES = pytest.mark.parametrize("page", [1280, 390], indirect=True)


def veiled(page):
    return page.locator(".bend-veiled").count()


@SIZES
@pytest.mark.parametrize("by", ["pointer", "keyboard"])
def test_a_wrong_choice_meets_its_reason_and_lifts_the_veil(page, by):
    box = page.locator(".admonition.predict:has(.bend-chip)").first
    before = veiled(page)
    chip = box.get_by_role("button", name="something with curved sides")
    chip.click() if by == "pointer" else chip.press("Enter")
    reply = box.locator(".bend-reply").inner_text()
    assert "Not quite" in reply and "nothing here bends a line" in reply
    assert "a parallelogram" in reply
    assert veiled(page) < before


@SIZES
def test_a_right_choice_is_told_so(page):
    box = page.locator(".admonition.predict:has(.bend-chip)").first
    box.get_by_role("button", name="a parallelogram").click()
    assert box.locator(".bend-reply").inner_text().startswith("Right.")


@SIZES
def test_a_number_is_predicted(page):
    box = page.locator(".admonition.predict:has(.bend-field)").first
    field = box.locator("input")
    for typed, says in (("five", "Please type a number"), ("1,5", "1.5"), ("4", "Not quite")):
        field.fill(typed)
        field.press("Enter")
        assert says in box.locator(".bend-reply").inner_text(), typed
    field.fill("5")
    box.get_by_role("button", name="Check").click()
    assert "Right." in box.locator(".bend-reply").inner_text()


@SIZES
def test_the_veil_can_be_lifted_without_guessing(page):
    before = veiled(page)
    assert before
    page.locator(".bend-unveil").first.press("Enter")
    assert veiled(page) < before


@SIZES
def test_the_quick_check_explains_a_wrong_choice(page):
    box = page.locator(".admonition.quiz").first
    box.get_by_role("button", name="curved borders").click()
    assert "would have to bend" in box.locator(".bend-reply").inner_text()


@SIZES
def test_an_exercise_is_judged(page):
    place = page.locator(".bend-exercise[data-entry]").first
    for typed, says in (
        ("abc", "Please type"),
        ("5", "wide layer after a narrow one"),
        ("2", "Right."),
    ):
        place.locator("input").fill(typed)
        place.locator("input").press("Enter")
        assert says in place.locator(".bend-reply").inner_text(), typed
    assert (
        not place.locator("xpath=ancestor::*[contains(@class,'cell_output')]")
        .get_by_text("nothing to check yet")
        .first.is_visible()
    )


@SIZES
def test_an_exercise_in_code_offers_the_notebook(page):
    place = page.locator(".bend-exercise[data-code]").first
    assert "asks for code" in place.inner_text()
    run, *_, download = place.locator("a").all()
    assert run.inner_text() == "Run in your browser"
    assert run.get_attribute("download") is None, "a click would save the page that starts Python"
    assert download.get_attribute("href").endswith(".ipynb")
    assert download.get_attribute("download") is not None


def test_without_javascript_everything_is_there(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/{PAGE}.html")
    box = page.locator(".admonition.predict").nth(1)
    assert box.locator("li").first.is_visible() and not page.locator(".bend-veiled").count()
    context.close()
