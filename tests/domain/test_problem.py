import pickle

from app.domain.problem import problem


def test_a_problem_survives_the_way_back_from_a_child_process() -> None:
    refused = problem("money.format", "金额“{value}”不对。", "请写成 {example}。", value="x{y}", example="12.34")
    back = pickle.loads(pickle.dumps(refused))
    assert (back.code, back.text, back.hint) == ("money.format", "金额“x{y}”不对。", "请写成 12.34。")
    assert str(back) == back.text
