"""Intake for spine clinics: questions, rules, letter and window."""

__version__ = "0.1.0"
