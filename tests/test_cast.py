"""The cast itself: who sits where."""


def test_the_stranger_shares_no_kring_with_the_participant(cast):
    assert list(cast.kring_c.memberships.values_list("municipality__code", flat=True)) == ["GM0375", "GM0534", "GM0473"]
    assert not cast.kring_c.roles.filter(user=cast.stranger).exists()
