"""The one statement that compiles: set-based, for the authority that looks, limited by row-level security alone."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

# json_*, never jsonb_*: the result only leaves as text, and building jsonb costs 3.6 times as much.
# ``scope`` comes first and every later step starts from it, so that one business costs its own rows and no scan.
# A check point's words stand once in a dossier (``points``), a third less to write, hash and compress.
# Rows stay narrow until the last moment: what is sorted and spilled are columns, not finished JSON.
# What a visit gathers is MATERIALIZED: the planner expects one row and would gather it again for every visit.
# Names join what was gathered (``part``) by themselves: beside the policies' costs the planner takes a loop over all
# names for as cheap as a hash, within its one percent, and compares each part with each name (100 of 550 ms).
# An operation is looked up once (``over``), not once for each of its visits, each time under its policy.
# Each table is named as seldom as may be: a policy costs planning time per mention, half of what one business costs.
_OWN: Final = """
visited AS MATERIALIZED (
  SELECT t.business_id, v.id AS visit_id, v.operation_id, v.starts_at, v.ends_at, v.ended_at, v.state,
         t.name, t.address, t.announced
    FROM visit_target t
    JOIN visit v ON v.id = t.visit_id
   WHERE v.state <> 'planned'
     AND (CAST(:ids AS uuid[]) IS NULL OR t.business_id = ANY (CAST(:ids AS uuid[])))
), over AS MATERIALIZED (
  SELECT o.id, o.code_word
    FROM (SELECT DISTINCT operation_id FROM visited) v JOIN operation o ON o.id = v.operation_id
   WHERE o.state IN ('done', 'reported', 'compiled', 'closed')
), scope AS MATERIALIZED (
  SELECT v.*, o.code_word FROM visited v JOIN over o ON o.id = v.operation_id
), written AS MATERIALIZED (
  SELECT s.business_id, s.visit_id, s.starts_at, f.finding_id, f.version, f.checklist_id, f.checklist_n,
         f.check_point, f.answer, f.serious, f.text, f.observed_at
    FROM scope s
    JOIN finding f ON f.visit_id = s.visit_id AND NOT f.unit_only
), point AS MATERIALIZED (
  SELECT c.checklist_id, c.n, c.code, c.position, c.text_sv, c.text_en, c.law,
         c.code || '/' || c.n || '/' || right(c.checklist_id::text, 12) AS key
    FROM check_point c
   WHERE (c.checklist_id, c.n) IN (SELECT DISTINCT checklist_id, checklist_n FROM written)
), newest AS (
  SELECT finding_id, max(version) AS version FROM written WHERE version > 1 GROUP BY finding_id
), files AS (
  SELECT e.finding_id, count(*) AS n
    FROM scope s JOIN evidence e ON e.visit_id = s.visit_id
   WHERE e.redacts_id IS NULL
   GROUP BY e.finding_id
), own AS MATERIALIZED (
  SELECT w.*, c.position, c.key, coalesce(e.n, 0) AS evidence
    FROM written w
    LEFT JOIN newest n ON n.finding_id = w.finding_id
    LEFT JOIN files e ON e.finding_id = w.finding_id
    LEFT JOIN point c ON c.checklist_id = w.checklist_id AND c.n = w.checklist_n AND c.code = w.check_point
   WHERE w.version = coalesce(n.version, w.version)
), asked AS (
  SELECT o.business_id,
         json_object_agg(c.key, json_build_object('sv', c.text_sv, 'en', c.text_en, 'law', c.law)
                         ORDER BY c.key) AS told
    FROM (SELECT DISTINCT business_id, key FROM own WHERE key IS NOT NULL) o JOIN point c ON c.key = o.key
   GROUP BY o.business_id
), put_right AS (
  SELECT business_id, checklist_id, check_point, max(starts_at) AS at
    FROM own WHERE answer = 'ok' AND check_point IS NOT NULL
   GROUP BY business_id, checklist_id, check_point
), still_open AS (
  SELECT o.business_id, count(*) AS n, count(*) FILTER (WHERE o.serious) AS serious,
         json_agg(json_build_object('visit_id', o.visit_id, 'visited_at', o.starts_at, 'finding', {finding})
                  ORDER BY o.serious DESC, o.starts_at DESC, o.position, o.finding_id) AS told
    FROM own o
    LEFT JOIN put_right r USING (business_id, checklist_id, check_point)
   WHERE o.answer = 'deficiency' AND (r.at IS NULL OR r.at <= o.starts_at)
   GROUP BY o.business_id
), found AS MATERIALIZED (
  SELECT o.visit_id, count(*) AS n, count(*) FILTER (WHERE o.answer = 'deficiency') AS deficiencies,
         json_agg({finding} ORDER BY o.position, o.observed_at, o.finding_id) AS told
    FROM own o GROUP BY o.visit_id
)"""
_FINDING: Final = """json_build_object(
           'finding_id', o.finding_id, 'version', o.version, 'point', o.check_point, 'asked', o.key,
           'answer', o.answer, 'serious', o.serious, 'text', o.text, 'observed_at', o.observed_at,
           'evidence', o.evidence)"""
_COMMON: Final = """
part AS MATERIALIZED (
  SELECT p.visit_id, p.id, p.authority_id, p.unit_id, r.summary, r.handed_in_at IS NOT NULL AS handed_in,
         r.nothing_to_report
    FROM scope s
    JOIN visit_part p ON p.visit_id = s.visit_id AND p.withdrawn_at IS NULL
    JOIN part_answer r ON r.part_id = p.id AND r.accepted
), parts AS MATERIALIZED (
  SELECT p.visit_id, count(DISTINCT p.authority_id) AS authorities,
         json_agg(json_build_object(
           'authority', a.name, 'unit', u.name, 'field', u.field, 'mine', p.authority_id = (SELECT me()),
           'summary', p.summary, 'handed_in', p.handed_in, 'nothing_to_report', p.nothing_to_report)
           ORDER BY a.name, u.name, p.id) AS told
    FROM part p
    JOIN authority a ON a.id = p.authority_id
    LEFT JOIN unit u ON u.id = p.unit_id
   GROUP BY p.visit_id
), facts AS MATERIALIZED (
  SELECT f.visit_id,
         json_agg(json_build_object('question', f.question, 'answer', f.answer, 'authority', a.name)
                  ORDER BY f.question, f.at, f.id) AS told
    FROM scope s
    JOIN visit_fact f ON f.visit_id = s.visit_id
    JOIN authority a ON a.id = f.authority_id
   GROUP BY f.visit_id
), words AS MATERIALIZED (
  SELECT DISTINCT ON (c.operation_id) c.operation_id, c.text
    FROM (SELECT DISTINCT operation_id FROM scope) s
    JOIN common_part c ON c.operation_id = s.operation_id
   ORDER BY c.operation_id, c.version DESC
), history AS (
  SELECT s.business_id, max(s.name) AS name, max(s.address) AS address, count(*) AS n,
         count(*) FILTER (WHERE p.authorities > 1) AS joint,
         coalesce(sum(f.n), 0)::int AS findings, coalesce(sum(f.deficiencies), 0)::int AS deficiencies,
         json_agg(json_build_object(
           'visit_id', s.visit_id, 'operation_id', s.operation_id, 'code_word', s.code_word,
           'date', (s.starts_at AT TIME ZONE 'Europe/Stockholm')::date, 'starts_at', s.starts_at,
           'ends_at', s.ends_at, 'ended_at', s.ended_at, 'state', s.state, 'place', s.name, 'address', s.address,
           'announced', s.announced, 'parts', coalesce(p.told, '[]'), 'facts', coalesce(c.told, '[]'),
           'common_text', w.text, 'findings', coalesce(f.told, '[]')) ORDER BY s.starts_at DESC, s.visit_id) AS told
    FROM scope s
    LEFT JOIN parts p ON p.visit_id = s.visit_id
    LEFT JOIN facts c ON c.visit_id = s.visit_id
    LEFT JOIN words w ON w.operation_id = s.operation_id
    LEFT JOIN found f ON f.visit_id = s.visit_id
   GROUP BY s.business_id
)"""
# A business that was asked for by its id and never visited has an empty history. OFFSET 0 keeps the sub-select whole,
# so that the content is built once and not again for its digest.
_WHOLE: Final = """
  SELECT coalesce(h.business_id, by_name.id) AS business_id,
         json_build_object(
           'business', json_build_object(
             'id', coalesce(h.business_id, by_name.id), 'name', coalesce(m.name, h.name), 'operator', r.name,
             'form', r.form, 'number', CASE WHEN r.form <> 'sole_trader' THEN r.number END,
             'address', coalesce(m.address, h.address), 'postcode', m.postcode, 'town', m.town, 'trades', b.trades),
           'counts', json_build_object(
             'open', coalesce(d.n, 0), 'serious', coalesce(d.serious, 0), 'visits', coalesce(h.n, 0),
             'joint_visits', coalesce(h.joint, 0), 'findings', coalesce(h.findings, 0),
             'deficiencies', coalesce(h.deficiencies, 0)),
           'points', coalesce(a.told, '{}'), 'open_deficiencies', coalesce(d.told, '[]'),
           'visits', coalesce(h.told, '[]')) AS content
    FROM history h
    FULL JOIN unnest(CAST(:ids AS uuid[])) AS by_name (id) ON by_name.id = h.business_id
    LEFT JOIN still_open d ON d.business_id = h.business_id
    LEFT JOIN asked a ON a.business_id = h.business_id
    LEFT JOIN business b ON b.id = coalesce(h.business_id, by_name.id)
    LEFT JOIN operator r ON r.id = b.operator_id
    LEFT JOIN premises m ON m.id = b.premises_id
   WHERE h.business_id IS NOT NULL OR b.id IS NOT NULL
  OFFSET 0"""
# The same person's key for the same business, always: a reader from whom the row is kept (jäv) knows it all the same.
_KEY: Final = "md5('dossier ' || (SELECT me())::text || business_id::text)::uuid"
# The row in the way is the reader's own and visible to it, so ON CONFLICT may update it under the policy.
COMPILE: Final = text(f"""
WITH {_OWN.format(finding=_FINDING)}, {_COMMON}
INSERT INTO dossier (id, reader_id, business_id, compiled_at, content, digest)
SELECT {_KEY}, (SELECT me()), business_id, :now, content,
       encode(sha256(convert_to(content::text, 'UTF8')), 'hex')
  FROM ({_WHOLE}) whole
    ON CONFLICT (reader_id, business_id) DO UPDATE
   SET compiled_at = excluded.compiled_at, content = excluded.content, digest = excluded.digest
 WHERE dossier.digest <> excluded.digest""")  # noqa: S608  made of constants; values are parameters
# Of some businesses it is run again and again, and planning it anew cost more than the run: no "or all of them" stands
# in it, so that one plan fits every list of keys, and a prepared statement keeps that plan (``READY_FOR_SOME``).
COMPILE_SOME: Final = text(COMPILE.text.replace("CAST(:ids AS uuid[]) IS NULL OR ", ""))
LIVE: Final = text(f"""
WITH {_OWN.format(finding=_FINDING)}, {_COMMON}
SELECT {_KEY} AS id, business_id, CAST(:now AS timestamptz) AS compiled_at, content,
       encode(sha256(convert_to(content::text, 'UTF8')), 'hex') AS digest
  FROM ({_WHOLE}) whole ORDER BY business_id""")  # noqa: S608  made of constants; values are parameters
"""What would be compiled if the viewer compiled it: without the visits that the viewer may not see."""
LIVE_COUNTS: Final = text(f"""
WITH {_OWN.format(finding=_FINDING)}, {_COMMON}
SELECT {_KEY} AS id, business_id, content->'business'->>'name' AS name, content->'counts' AS counts,
       encode(sha256(convert_to(content::text, 'UTF8')), 'hex') AS digest
  FROM ({_WHOLE}) whole ORDER BY business_id""")  # noqa: S608  made of constants; values are parameters
VISITED: Final = text("""
  SELECT business_id, count(*) OVER () AS total
    FROM (SELECT DISTINCT t.business_id
            FROM visit_target t JOIN visit v ON v.id = t.visit_id JOIN operation o ON o.id = t.operation_id
           WHERE v.state <> 'planned' AND o.state IN ('done', 'reported', 'compiled', 'closed')) visited
   ORDER BY business_id OFFSET :done LIMIT :most""")
"""A slice of the businesses that the reader's operations visited, in a stable order, and how many there are."""
# One compiling at a time per reader: of two at once the one with the older view could write last. The lock is taken in
# a statement of its own, so that the compiling after it sees all that was committed before. Times are written in UTC.
READY: Final = text("""
  SELECT set_config('TimeZone', 'UTC', true),
         pg_advisory_xact_lock(hashtextextended('dossier ' || (SELECT me())::text, 0))""")
READY_FOR_SOME: Final = text(f"{READY.text}, set_config('plan_cache_mode', 'force_generic_plan', true)")
"""The same, and the plan of a prepared statement is kept, until the transaction ends."""
