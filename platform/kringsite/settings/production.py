"""Production: everything comes from the environment, and what is missing is named in one list."""

from environs import Env

from .base import *  # noqa: F403

env = Env(eager=False)

SECRET_KEY = env.str("SECRET_KEY")
BASE_URL = env.str("BASE_URL")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
DATABASE_URL = env.str("DATABASE_URL")
REDIS_URL = env.str("REDIS_URL")
EMAIL_URL = env.str("EMAIL_URL")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL")
env.seal()
