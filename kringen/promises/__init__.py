"""Promises and what comes of them: actions, reminders, goals that turned."""
