"""The visits of a unit's year, one row each with what is true of it: counted, listed, or grouped by week."""

from __future__ import annotations

from typing import Final

from sqlalchemy import TextClause, text

from samsyn.pledges.yearly.fields import CONDITIONS, SALE_PERMITS, SALE_TRADES, SELF_CHECK, SERVING_TRADES, SMOKE, STAFF


def listed(words: tuple[str, ...]) -> str:
    """Return constants of ours as an SQL list."""
    return ", ".join(f"'{word}'" for word in words)


# An authority with one unit asks no unit by name. A cancelled operation's visits never were; an aborted one's that were
# done before it broke off were. A correction is the first later visit where it is ok; voluntary where no decision that
# binds stood then on that point at that business, whichever of its visits and years the decision rests on, as it was
# first decided: changed or withdrawn afterwards, it had been there.
# A day is the day in Sweden on which the visit stands now, moved or not.
_SEEN: Final = f"""
WITH asked AS MATERIALIZED (
  SELECT p.id AS part_id, v.id AS visit_id, v.operation_id, o.code_word, v.state, v.starts_at,
         (v.starts_at AT TIME ZONE 'Europe/Stockholm')::date AS day, r.announced,
         t.business_id, t.premises_id, t.name
    FROM visit_part p
    JOIN part_answer r ON r.part_id = p.id AND r.accepted
    JOIN visit v ON v.id = p.visit_id AND v.state <> 'planned'
    JOIN operation o ON o.id = v.operation_id AND o.state <> 'cancelled'
    LEFT JOIN visit_target t ON t.visit_id = v.id
   WHERE p.authority_id = (SELECT me()) AND p.withdrawn_at IS NULL
     AND v.starts_at >= :first AND v.starts_at < :after
     AND (p.unit_id = CAST(:unit AS uuid)
          OR (p.unit_id IS NULL AND 1 = (SELECT count(*) FROM unit u WHERE u.authority_id = (SELECT me()))))
), written AS MATERIALIZED (
  SELECT DISTINCT ON (f.finding_id) f.finding_id, f.part_id, f.checklist_id, f.check_point, f.answer
    FROM asked a JOIN finding f ON f.part_id = a.part_id
   ORDER BY f.finding_id, f.version DESC
), later AS MATERIALIZED (
  SELECT w.finding_id, min(n.starts_at) AS at
    FROM (SELECT DISTINCT ON (f.finding_id) t.business_id, f.checklist_id, f.check_point, f.answer, v.starts_at
            FROM (SELECT DISTINCT business_id FROM asked) b
            JOIN visit_target t ON t.business_id = b.business_id
            JOIN visit v ON v.id = t.visit_id
            JOIN finding f ON f.visit_id = t.visit_id AND f.check_point IS NOT NULL
           ORDER BY f.finding_id, f.version DESC) n
    JOIN asked a ON a.business_id = n.business_id AND a.starts_at < n.starts_at
    JOIN written w ON w.part_id = a.part_id AND w.checklist_id = n.checklist_id AND w.check_point = n.check_point
   WHERE n.answer = 'ok' AND w.answer = 'deficiency'
   GROUP BY w.finding_id
), decided AS MATERIALIZED (
  SELECT d.outcome_id, (min(ARRAY[d.version, d.decided_on - DATE '2000-01-01']))[2] + DATE '2000-01-01' AS decided_on,
         min(d.version) AS version
    FROM (SELECT DISTINCT business_id FROM asked) b
    JOIN visit_target t ON t.business_id = b.business_id
    JOIN outcome d ON d.visit_id = t.visit_id
   WHERE d.state = 'decided' AND d.tool = ANY (CAST(:binding AS text[]))
   GROUP BY d.outcome_id
), bound AS MATERIALIZED (
  SELECT t.business_id, f.checklist_id, f.check_point, n.decided_on,
         (SELECT min((x.written_at AT TIME ZONE 'Europe/Stockholm')::date) FROM outcome x
           WHERE x.outcome_id = n.outcome_id AND x.state = 'withdrawn') AS withdrawn_on
    FROM decided n
    JOIN outcome_finding g ON g.outcome_id = n.outcome_id AND g.version = n.version
    JOIN finding f ON f.finding_id = g.finding_id AND f.version = g.finding_version
    JOIN visit_target t ON t.visit_id = g.visit_id
), said AS MATERIALIZED (
  SELECT w.part_id, bool_or(w.answer = 'deficiency') AS deficiency,
         bool_or(l.at IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM bound b
            WHERE b.business_id = a.business_id AND b.checklist_id = w.checklist_id
              AND b.check_point = w.check_point AND b.decided_on <= (l.at AT TIME ZONE 'Europe/Stockholm')::date
              AND (b.withdrawn_on IS NULL OR b.withdrawn_on > (l.at AT TIME ZONE 'Europe/Stockholm')::date)
         )) AS correction,
         bool_or(w.check_point = '{SELF_CHECK}' AND w.answer = 'ok') AS self_check,
         bool_or(w.check_point = '{STAFF}' AND w.answer = 'ok') AS staff,
         bool_or(w.check_point = '{SMOKE}' AND w.answer IN ('ok', 'deficiency')) AS smoke
    FROM written w
    JOIN asked a ON a.part_id = w.part_id
    LEFT JOIN later l ON l.finding_id = w.finding_id
   GROUP BY w.part_id
), others AS MATERIALIZED (
  SELECT p.visit_id, bool_or(p.authority_id <> (SELECT me())) AS joint,
         bool_or(r.police_role = 'assistance') AS police_help
    FROM (SELECT DISTINCT visit_id FROM asked) a
    JOIN visit_part p ON p.visit_id = a.visit_id AND p.withdrawn_at IS NULL
    JOIN part_answer r ON r.part_id = p.id AND r.accepted
   GROUP BY p.visit_id
), helped AS MATERIALIZED (
  SELECT a.part_id, bool_or(w.what = 'given') AS given
    FROM asked a
    JOIN help_request h ON h.part_id = a.part_id
    LEFT JOIN help_answer w ON w.request_id = h.id
   GROUP BY a.part_id
), letter AS MATERIALIZED (
  SELECT DISTINCT ON (l.part_id) l.part_id, l.sent_on
    FROM asked a JOIN result_letter l ON l.part_id = a.part_id
   ORDER BY l.part_id, l.version DESC
), trade AS MATERIALIZED (
  SELECT b.id AS business_id,
         b.trades ?| ARRAY[{listed(SALE_TRADES)}] OR EXISTS (SELECT 1 FROM permit q WHERE q.business_id = b.id
                   AND q.permit_kind IN ({listed(SALE_PERMITS)})) AS sale,
         b.trades ?| ARRAY[{listed(SERVING_TRADES)}] AS serving
    FROM (SELECT DISTINCT business_id FROM asked) a JOIN business b ON b.id = a.business_id
), seen AS MATERIALIZED (
  SELECT a.visit_id, a.operation_id, a.code_word, a.state, a.state = 'done' AS done, a.starts_at, a.day,
         a.business_id, a.premises_id, a.name,
         coalesce(bool_or(t.sale), false) AS sale, coalesce(bool_or(t.serving), false) AS serving,
         bool_or(EXISTS (SELECT 1 FROM part_checklist c WHERE c.part_id = a.part_id)) AS protocol,
         coalesce(bool_or(l.sent_on = a.day), false) AS feedback,
         coalesce(bool_or(s.deficiency), false) AS deficiency, coalesce(bool_or(s.correction), false) AS correction,
         coalesce(bool_or(s.self_check), false) AS self_check, coalesce(bool_or(s.staff), false) AS staff,
         coalesce(bool_or(s.smoke), false) AS smoke,
         coalesce(bool_or(o.joint), false) AS joint,
         coalesce(bool_or(o.police_help OR h.given), false) AS police_help,
         coalesce(bool_or(o.police_help), false) OR bool_or(h.part_id IS NOT NULL) AS help_asked,
         coalesce(bool_or(a.announced = false), false) AS unannounced
    FROM asked a
    LEFT JOIN trade t ON t.business_id = a.business_id
    LEFT JOIN letter l ON l.part_id = a.part_id
    LEFT JOIN said s ON s.part_id = a.part_id
    LEFT JOIN others o ON o.visit_id = a.visit_id
    LEFT JOIN helped h ON h.part_id = a.part_id
   GROUP BY a.visit_id, a.operation_id, a.code_word, a.state, a.starts_at, a.day, a.business_id, a.premises_id, a.name
)"""  # noqa: S608  made of constants; values are parameters
_NUMBERS: Final = ", ".join(f"count(*) FILTER (WHERE {that}) AS {what}" for what, that in CONDITIONS.items())
COUNT: Final = text(
    f"{_SEEN} SELECT {_NUMBERS}, count(DISTINCT premises_id) FILTER (WHERE done) AS places FROM seen"  # noqa: S608
)
WEEKS: Final = text(
    f"{_SEEN} SELECT extract(isoyear FROM day)::int AS year, extract(week FROM day)::int AS week, count(*) AS n"  # noqa: S608
    " FROM seen WHERE done GROUP BY 1, 2 ORDER BY 1, 2"
)
ROWS: Final[dict[str, TextClause]] = {
    what: text(
        f"{_SEEN} SELECT visit_id, operation_id, code_word, state, starts_at, business_id, name FROM seen"  # noqa: S608
        f" WHERE {that} ORDER BY starts_at DESC, visit_id LIMIT :most"
    )
    for what, that in CONDITIONS.items()
}
# Parts of an authority with several units that name none: nobody can tell whose work they are.
NO_UNIT: Final = text("""
  SELECT count(DISTINCT p.visit_id)
    FROM visit_part p
    JOIN part_answer r ON r.part_id = p.id AND r.accepted
    JOIN visit v ON v.id = p.visit_id AND v.state = 'done'
    JOIN operation o ON o.id = v.operation_id AND o.state <> 'cancelled'
   WHERE p.authority_id = (SELECT me()) AND p.withdrawn_at IS NULL AND p.unit_id IS NULL
     AND v.starts_at >= :first AND v.starts_at < :after
     AND 1 < (SELECT count(*) FROM unit u WHERE u.authority_id = (SELECT me()))""")
