from quarterdeck.core.problems import Conflict, Invalid


def test_a_problem_says_what_happened_what_was_not_done_and_what_to_do():
    problem = Conflict("Someone else saved this draft.", next_step="Compare the two texts.")
    assert problem.as_json() == {
        "type": "about:blank#conflict",
        "title": "Someone else saved this draft.",
        "status": 409,
        "detail": "Nothing was changed. Compare the two texts.",
    }


def test_fields_carry_their_own_sentence():
    body = Invalid("The form has a mistake.", fields={"name": "A name is needed."}).as_json()
    assert body["errors"] == [{"field": "name", "detail": "A name is needed."}]
    assert body["status"] == 422
