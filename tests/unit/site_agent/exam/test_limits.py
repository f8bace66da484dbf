from site_agent.exam.limits import Bucket, Failures


def test_a_bucket_lets_a_burst_through_and_then_a_trickle() -> None:
    bucket = Bucket(burst=3, per_s=1)
    assert [bucket.allows(10.0) for _ in range(4)] == [True, True, True, False]
    assert bucket.allows(11.0)
    assert not bucket.allows(11.0)


def test_a_key_that_failed_too_often_waits_and_others_do_not() -> None:
    failures = Failures(allowed=3, forgets_per_s=0.1)
    for _ in range(3):
        assert failures.wait_s("SBD001", 0.0) == 0
        failures.count("SBD001", 0.0)
    assert failures.wait_s("SBD001", 0.0) == 10
    assert failures.wait_s("SBD001", 10.0) == 0
    assert failures.wait_s("SBD002", 0.0) == 0


def test_a_right_attempt_forgives_the_wrong_ones() -> None:
    failures = Failures(allowed=2, forgets_per_s=0.1)
    failures.count("SBD001", 0.0)
    failures.count("SBD001", 0.0)
    failures.forgive("SBD001")
    assert failures.wait_s("SBD001", 0.0) == 0


def test_only_so_many_keys_are_remembered() -> None:
    failures = Failures(allowed=1, forgets_per_s=0.1, remembered=2)
    for key in ("a", "b", "c"):
        failures.count(key, 0.0)
    assert failures.wait_s("a", 0.0) == 0
    assert failures.wait_s("c", 0.0) > 0
