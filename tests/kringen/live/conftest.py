"""A real server for the tests of the socket: Channels' communicator cannot show what these are about."""

from collections.abc import Iterator

import pytest

from tests.faults.rooms_site import Rooms, Template, running_rooms


@pytest.fixture(scope="session")
def live(room_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    """One server that the tests of this folder share."""
    with running_rooms(room_template, tmp_path_factory.mktemp("live")) as rooms:
        yield rooms
