"""The baseline of calendars: every event built with the icalendar library, property by property, at every request."""

from __future__ import annotations

from dataclasses import dataclass

from icalendar import Calendar, Component, Event
from icalendar.prop import vDDDTypes

Fact = tuple[str, object, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Facts:
    """A calendar as plain Python values: what a program that knows nothing of stored bytes would hold."""

    head: list[Fact]
    events: list[list[Fact]]


def facts_of(body: bytes) -> Facts:
    """Read a calendar back into values."""
    calendar = Calendar.from_ical(body)
    assert isinstance(calendar, Calendar)
    return Facts(values(calendar), [values(event) for event in calendar.walk("VEVENT")])


def values(component: Component) -> list[Fact]:
    found: list[Fact] = []
    for name, value in component.items():
        native = value.dt if isinstance(value, vDDDTypes) else int(value) if isinstance(value, int) else str(value)
        found.append((name, native, dict(sorted(getattr(value, "params", {}).items()))))
    return found


def render(facts: Facts) -> bytes:
    """Build the calendar and write it."""
    calendar = Calendar()
    put(calendar, facts.head)
    for event_facts in facts.events:
        event = Event()
        put(event, event_facts)
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def put(component: Component, facts: list[Fact]) -> None:
    for name, value, parameters in facts:
        component.add(name, value, parameters=parameters)


def same(one: bytes, other: bytes) -> bool:
    """Say whether two calendars hold the same properties, in whatever order."""
    a, b = facts_of(one), facts_of(other)
    return in_order(a.head) == in_order(b.head) and [in_order(e) for e in a.events] == [in_order(e) for e in b.events]


def in_order(facts: list[Fact]) -> list[str]:
    return sorted(repr(fact) for fact in facts)
