"""Roles, and what tasks ask for: the skills, functions and competences of the tables ``roles`` and ``competences``."""

from __future__ import annotations

from twin.scenario import model
from twin.sources import Numbers
from twin.vocabulary import TASKS

TABLE, TASK_TABLE = "roles", "competences"
NOTHING = "none"


def names(numbers: Numbers) -> tuple[str, ...]:
    """The roles of the table."""
    return numbers.subjects(TABLE, "skills")


def words(numbers: Numbers, key: str) -> tuple[str, ...]:
    """The words of a row; ``none`` is no word."""
    return tuple(word for word in numbers.text(key).split() if word != NOTHING)


def role_skills(numbers: Numbers, role: str) -> tuple[str, ...]:
    """What a role may do by default; nothing if it is not in the table."""
    key = f"{TABLE}.{role}.skills"
    return words(numbers, key) if numbers.has(key) else ()


def skills_of(staff: model.Staff, numbers: Numbers) -> tuple[str, ...]:
    """The skills given, else those of the role; none for a role without."""
    return role_skills(numbers, staff.role) if staff.skills is None else staff.skills


def seed_tasks() -> dict[str, int]:
    """The thirteen tasks of Dillenseger et al. 2020 with their numbers."""
    return {name: number for name, (_, number) in TASKS.items() if number is not None}


def able(numbers: Numbers, task: str) -> tuple[str, ...]:
    """The roles whose default skills are all that a task asks for."""
    needed = set(words(numbers, f"{TASK_TABLE}.{task}.skills"))
    return tuple(role for role in names(numbers) if needed <= set(role_skills(numbers, role)))
