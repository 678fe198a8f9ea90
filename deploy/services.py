"""Say in one sentence which service does not answer, before a suite fails a thousand times on it."""

import os
import sys
from urllib.parse import urlsplit


def lack_of_postgresql(url: str) -> str | None:
    """Return a sentence when the PostgreSQL server at `url` does not let us make a database, or nothing."""
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            row = connection.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = user").fetchone()
    except psycopg.OperationalError as error:
        where = urlsplit(url)
        return f"PostgreSQL does not answer on {where.hostname}:{where.port or 5432} (DATABASE_URL): {error}".strip()
    return None if row and row[0] else f"The user of {url} may not make databases, and the tests make their own."


def lack_of_redis(url: str) -> str | None:
    """Return a sentence when the Redis at `url` does not answer, or nothing."""
    import redis

    try:
        redis.Redis.from_url(url, socket_timeout=5).ping()
    except redis.RedisError as error:
        return f"Redis does not answer on {url} (REDIS_URL): {error}"
    return None


def main() -> None:
    """Check both services and end with 1 when one is missing."""
    lacks = [lack_of_postgresql(os.environ["DATABASE_URL"]), lack_of_redis(os.environ["REDIS_URL"])]
    for lack in filter(None, lacks):
        print(lack, file=sys.stderr)
    sys.exit(1 if any(lacks) else 0)


if __name__ == "__main__":
    main()
