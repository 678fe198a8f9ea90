"""Meetings from plan to minutes: agendas, answers, the live meeting, what it leaves behind, calendars."""
