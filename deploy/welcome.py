"""Say where the site is and who can log in, just before it starts."""

import os
from urllib.parse import urlsplit

PEOPLE = [
    ("deelnemer@hillegom.example", "participant of Hillegom, in Kring C"),
    ("begeleider@kringen.example", "facilitator of Kring C"),
    ("redacteur@beverwijk.example", "editor of Beverwijk"),
    ("validator@kringen.example", "validator"),
    ("bureau@kringen.example", "programme office"),
    ("stuurgroep@kringen.example", "steering group"),
    ("beheer@kringen.example", "administrator"),
    ("deelnemer@delft.example", "participant of Delft, in another kring"),
]


def main() -> None:
    """Print the address, the demo logins and how to stop."""
    database = os.environ.get("DATABASE_URL", "")
    where = f"PostgreSQL on {urlsplit(database).hostname}" if database else os.environ.get("KRINGEN_VAR", "var")
    print(f"\nKringen is starting on http://127.0.0.1:{os.environ.get('PORT', '8000')}   (data: {where})")
    if os.environ.get("DEMO", "1") != "0":
        print("\nDemo people, all with the password kringen:")
        for email, role in PEOPLE:
            print(f"  {email:30} {role}")
    else:
        print("\nNo demo content. Make the first administrator with: .venv/bin/python manage.py createsuperuser")
    print("\nCtrl-C stops it; what was entered stays.\n", flush=True)


if __name__ == "__main__":
    main()
