"""The one statement that compiles: set-based, for the authority that looks, limited by row-level security alone."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

# json_*, never jsonb_*: the result only leaves as text, and building jsonb costs 3.6 times as much.
# ``scope`` comes first and every later step starts from it, so that one business costs its own rows and no scan.
# A dossier is stored in columns: each thing's name once, an array of what all visits, parts, facts and findings say
# there, and ``visit`` for the place of the visit in the history; what hardly any finding has stands under the findings
# that have it. As an object per finding the same took twice the bytes to build, hash and write, and three times the
# time; ``stored.unfold`` reads it. A check point's words stand once (``points``), as does an open deficiency.
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
  SELECT v.*, o.code_word,
         row_number() OVER (PARTITION BY v.business_id ORDER BY v.starts_at DESC, v.visit_id)::int - 1 AS nth
    FROM visited v JOIN over o ON o.id = v.operation_id
), written AS MATERIALIZED (
  SELECT s.business_id, s.nth, s.starts_at, f.finding_id, f.version, f.checklist_id, f.checklist_n,
         f.check_point, f.answer, f.serious, f.text, f.observed_at
    FROM scope s
    JOIN finding f ON f.visit_id = s.visit_id AND NOT f.unit_only
), point AS MATERIALIZED (
  SELECT c.checklist_id, c.n, c.code, c.position, c.text_sv, c.text_en, c.law,
         c.code || '/' || c.n || '/' || right(c.checklist_id::text, 12) AS key
    FROM check_point c
   WHERE (c.checklist_id, c.n) IN (SELECT DISTINCT checklist_id, checklist_n FROM written)
), more AS (
  SELECT finding_id, max(version) AS version, sum(files)::int AS files
    FROM (SELECT finding_id, version, 0 AS files FROM written WHERE version > 1
          UNION ALL
          SELECT e.finding_id, 1, 1
            FROM scope s JOIN evidence e ON e.visit_id = s.visit_id
           WHERE e.redacts_id IS NULL) few
   GROUP BY finding_id
), own AS MATERIALIZED (
  SELECT w.business_id, w.nth, w.starts_at, w.finding_id, w.version, w.checklist_id, w.check_point, w.answer,
         w.serious, w.text, w.observed_at, c.position, c.key, coalesce(m.files, 0) AS evidence
    FROM written w
    LEFT JOIN more m ON m.finding_id = w.finding_id
    LEFT JOIN point c ON c.checklist_id = w.checklist_id AND c.n = w.checklist_n AND c.code = w.check_point
   WHERE w.version = coalesce(m.version, w.version)
), of_point AS MATERIALIZED (
  SELECT business_id, checklist_id, check_point, key, max(starts_at) FILTER (WHERE answer = 'ok') AS at
    FROM own WHERE check_point IS NOT NULL
   GROUP BY business_id, checklist_id, check_point, key
), asked AS (
  SELECT o.business_id,
         json_object_agg(c.key, json_build_object('code', c.code, 'sv', c.text_sv, 'en', c.text_en, 'law', c.law)
                         ORDER BY c.key) AS told
    FROM of_point o JOIN point c ON c.key = o.key
   GROUP BY o.business_id
), put_right AS (
  SELECT business_id, checklist_id, check_point, max(at) AS at
    FROM of_point GROUP BY business_id, checklist_id, check_point
), still_open AS (
  SELECT o.business_id, count(*) AS n, count(*) FILTER (WHERE o.serious) AS serious,
         array_agg(o.finding_id ORDER BY o.serious DESC, o.starts_at DESC, o.position, o.finding_id) AS told
    FROM own o
    LEFT JOIN put_right r USING (business_id, checklist_id, check_point)
   WHERE o.answer = 'deficiency' AND (r.at IS NULL OR r.at <= o.starts_at)
   GROUP BY o.business_id
), found AS MATERIALIZED (
  SELECT o.business_id, count(*) AS n, count(*) FILTER (WHERE o.answer = 'deficiency') AS deficiencies,
         json_build_object(
           'visit', array_agg(o.nth {findings}), 'finding_id', array_agg(o.finding_id {findings}),
           'asked', array_agg(coalesce(o.key, o.check_point) {findings}), 'answer', array_agg(o.answer {findings}),
           'text', array_agg(o.text {findings}), 'observed_at', array_agg(o.observed_at {findings}),
           'serious', array_agg(o.finding_id {findings}) FILTER (WHERE o.serious),
           'version', json_object_agg(o.finding_id, o.version {findings}) FILTER (WHERE o.version > 1),
           'evidence', json_object_agg(o.finding_id, o.evidence {findings}) FILTER (WHERE o.evidence > 0)) AS told
    FROM own o GROUP BY o.business_id
)"""
_COMMON: Final = """
part AS MATERIALIZED (
  SELECT s.business_id, s.nth, p.id, p.authority_id, p.unit_id, r.summary, r.handed_in_at IS NOT NULL AS handed_in,
         r.nothing_to_report
    FROM scope s
    JOIN visit_part p ON p.visit_id = s.visit_id AND p.withdrawn_at IS NULL
    JOIN part_answer r ON r.part_id = p.id AND r.accepted
), joint AS (
  SELECT business_id, count(*) AS n
    FROM (SELECT business_id, nth FROM part GROUP BY business_id, nth
          HAVING min(authority_id::text) <> max(authority_id::text)) visits
   GROUP BY business_id
), parts AS (
  SELECT p.business_id,
         json_build_object(
           'visit', array_agg(p.nth {parts}), 'authority', array_agg(a.name {parts}),
           'unit', array_agg(u.name {parts}), 'field', array_agg(u.field {parts}),
           'mine', array_agg(p.authority_id = (SELECT me()) {parts}), 'summary', array_agg(p.summary {parts}),
           'handed_in', array_agg(p.handed_in {parts}),
           'nothing_to_report', array_agg(p.nothing_to_report {parts})) AS told
    FROM part p
    JOIN authority a ON a.id = p.authority_id
    LEFT JOIN unit u ON u.id = p.unit_id
   GROUP BY p.business_id
), facts AS (
  SELECT s.business_id,
         json_build_object(
           'visit', array_agg(s.nth {facts}), 'question', array_agg(f.question {facts}),
           'answer', array_agg(f.answer {facts}), 'authority', array_agg(a.name {facts})) AS told
    FROM scope s
    JOIN visit_fact f ON f.visit_id = s.visit_id
    JOIN authority a ON a.id = f.authority_id
   GROUP BY s.business_id
), words AS MATERIALIZED (
  SELECT DISTINCT ON (c.operation_id) c.operation_id, c.text
    FROM (SELECT DISTINCT operation_id FROM scope) s
    JOIN common_part c ON c.operation_id = s.operation_id
   ORDER BY c.operation_id, c.version DESC
), history AS (
  SELECT s.business_id, max(s.name) AS name, max(s.address) AS address, count(*) AS n,
         json_build_object(
           'visit_id', array_agg(s.visit_id {visits}), 'operation_id', array_agg(s.operation_id {visits}),
           'code_word', array_agg(s.code_word {visits}), 'starts_at', array_agg(s.starts_at {visits}),
           'ends_at', array_agg(s.ends_at {visits}), 'ended_at', array_agg(s.ended_at {visits}),
           'state', array_agg(s.state {visits}), 'place', array_agg(s.name {visits}),
           'address', array_agg(s.address {visits}), 'announced', array_agg(s.announced {visits}),
           'common_text', array_agg(w.text {visits})) AS told
    FROM scope s
    LEFT JOIN words w ON w.operation_id = s.operation_id
   GROUP BY s.business_id
)"""
# A business that was asked for by its id and never visited has an empty history. OFFSET 0 keeps the sub-select whole,
# so that the content is built once and not again for its digest. ``who`` is a plain column: by an expression over both
# its sides the registry was read whole, for one business.
_WHOLE: Final = """
  SELECT who.id AS business_id,
         json_build_object(
           'business', json_build_object(
             'id', who.id, 'name', coalesce(m.name, h.name), 'operator', r.name,
             'form', r.form, 'number', CASE WHEN r.form <> 'sole_trader' THEN r.number END,
             'address', coalesce(m.address, h.address), 'postcode', m.postcode, 'town', m.town, 'trades', b.trades),
           'counts', json_build_object(
             'open', coalesce(d.n, 0), 'serious', coalesce(d.serious, 0), 'visits', coalesce(h.n, 0),
             'joint_visits', coalesce(j.n, 0), 'findings', coalesce(f.n, 0),
             'deficiencies', coalesce(f.deficiencies, 0)),
           'points', coalesce(a.told, '{}'), 'visits', coalesce(h.told, '{}'), 'parts', coalesce(p.told, '{}'),
           'facts', coalesce(c.told, '{}'), 'findings', coalesce(f.told, '{}'),
           'open', coalesce(d.told, '{}')) AS content
    FROM (SELECT business_id AS id FROM history UNION SELECT unnest(CAST(:ids AS uuid[]))) who
    LEFT JOIN history h ON h.business_id = who.id
    LEFT JOIN joint j ON j.business_id = who.id
    LEFT JOIN parts p ON p.business_id = who.id
    LEFT JOIN facts c ON c.business_id = who.id
    LEFT JOIN found f ON f.business_id = who.id
    LEFT JOIN still_open d ON d.business_id = who.id
    LEFT JOIN asked a ON a.business_id = who.id
    LEFT JOIN business b ON b.id = who.id
    LEFT JOIN operator r ON r.id = b.operator_id
    LEFT JOIN premises m ON m.id = b.premises_id
   WHERE h.business_id IS NOT NULL OR b.id IS NOT NULL
  OFFSET 0"""
# One order for all columns of a table: PostgreSQL then sorts once for all of them.
_STEPS: Final = (_OWN + "," + _COMMON).format(
    findings="ORDER BY o.nth, o.position, o.observed_at, o.finding_id",
    parts="ORDER BY p.nth, a.name, u.name, p.id",
    facts="ORDER BY s.nth, f.question, f.at, f.id",
    visits="ORDER BY s.nth",
)
# The same person's key for the same business, always: a reader from whom the row is kept (jäv) knows it all the same.
_KEY: Final = "md5('dossier ' || (SELECT me())::text || business_id::text)::uuid"
# The row in the way is the reader's own and visible to it, so ON CONFLICT may update it under the policy.
COMPILE: Final = text(f"""
WITH {_STEPS}
INSERT INTO dossier (id, reader_id, business_id, compiled_at, content, digest)
SELECT {_KEY}, (SELECT me()), business_id, :now, content,
       encode(sha256(convert_to(content::text, 'UTF8')), 'hex')
  FROM ({_WHOLE}) whole
    ON CONFLICT (reader_id, business_id) DO UPDATE
   SET compiled_at = excluded.compiled_at, content = excluded.content, digest = excluded.digest
 WHERE dossier.digest <> excluded.digest""")  # noqa: S608  made of constants; values are parameters
# Of some businesses it is run again and again, and planning it anew cost more than the run: no "or all of them" stands
# in it, so that one plan fits every list of keys, and a prepared statement keeps that plan (``READY_FOR_SOME``). Its
# targets are looked up business by business: for a list of unknown length the planner would first gather every
# operation that the reader ever took part in, so that the policy of targets is asked once (1.1 of 4 ms).
_ANY: Final = "AND (CAST(:ids AS uuid[]) IS NULL OR t.business_id = ANY (CAST(:ids AS uuid[])))"
_EACH: Final = "JOIN unnest(CAST(:ids AS uuid[])) AS one (id) ON one.id = t.business_id"
COMPILE_SOME: Final = text(
    COMPILE.text.replace(_ANY, "").replace("FROM visit_target t\n", f"FROM visit_target t\n    {_EACH}\n")
)
LIVE: Final = text(f"""
WITH {_STEPS}
SELECT {_KEY} AS id, business_id, CAST(:now AS timestamptz) AS compiled_at, content,
       encode(sha256(convert_to(content::text, 'UTF8')), 'hex') AS digest
  FROM ({_WHOLE}) whole ORDER BY business_id""")  # noqa: S608  made of constants; values are parameters
"""What would be compiled if the viewer compiled it: without the visits that the viewer may not see."""
LIVE_COUNTS: Final = text(f"""
WITH {_STEPS}
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
# What is a large part of the house is read from the tables as they lie, and what an index would find row by row is not:
# the policies hide from the planner how much that is. Memory is bounded by ``work_mem`` a step, and more goes to files.
READY_FOR_MANY: Final = text(f"""
  {READY.text},
         set_config('work_mem', '64MB', true), set_config('jit', 'off', true),
         set_config('enable_mergejoin', large, true), set_config('enable_nestloop', large, true)
    FROM (SELECT CASE WHEN 8 * many >= house THEN 'off' ELSE 'on' END AS large
            FROM (SELECT CASE WHEN CAST(:ids AS uuid[]) IS NULL
                              THEN (SELECT count(*) FROM participation WHERE authority_id = (SELECT me()))
                              ELSE cardinality(CAST(:ids AS uuid[])) END AS many,
                         (SELECT reltuples FROM pg_class
                           WHERE oid = CASE WHEN CAST(:ids AS uuid[]) IS NULL THEN 'operation'::regclass
                                            ELSE 'business'::regclass END) AS house) counted) said""")  # noqa: S608  made of constants; values are parameters
"""The same for many businesses: how they are read depends on how much of the house they are."""
READY_FOR_SOME: Final = text(f"""
  {READY.text},
         set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)""")
"""The same for a few: a prepared statement keeps its plan, and reads no table whole, until the transaction ends."""
