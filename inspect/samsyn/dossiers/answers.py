"""What is read with a dossier and not kept in it: the findings, the words of check points, parts, facts.

Findings and facts never change: a change is a version of its own. What is said of parts changes until it is handed in.
So the reader's rows say at any time what they said when they were counted, and ``seen`` tells whether they are those.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

from samsyn.dossiers.statement import (
    DIGEST,
    FACT,
    HOUSE,
    KEY,
    SEEN,
    SEEN_FACTS,
    SEEN_FILES,
    SEEN_PARTS,
    SHARED,
    STEPS,
    WHOLE,
    columns,
)

_FINDING: Final = {
    "visit": "o.nth", "finding_id": "o.finding_id", "version": "o.version", "checklist_id": "o.checklist_id",
    "checklist_n": "o.checklist_n", "point": "o.check_point", "answer": "o.answer", "serious": "o.serious",
    "text": "o.text", "observed_at": "o.observed_at",
}  # fmt: skip
# What is read with a dossier, of the visits in ``scope``: the findings, the words of their check points, how many files
# they have, what was said of parts, the facts, and ``seen`` of all that.
_ANSWERS: Final = f"""
written AS MATERIALIZED (
  SELECT s.business_id, s.nth, f.finding_id, f.version, f.checklist_id, f.checklist_n, f.check_point, f.answer,
         f.serious, f.text, f.observed_at
    FROM scope s JOIN finding f ON f.visit_id = s.visit_id
   WHERE {SHARED.format(t="f")}
), newest AS MATERIALIZED (
  SELECT f.* FROM written f
   WHERE NOT EXISTS (SELECT FROM written l WHERE l.finding_id = f.finding_id AND l.version > f.version)
), files AS MATERIALIZED (
  SELECT s.business_id, e.finding_id, count(*) AS n, {SEEN_FILES} AS seen
    FROM scope s JOIN evidence e ON e.visit_id = s.visit_id
   WHERE e.redacts_id IS NULL AND {SHARED.format(t="e")}
   GROUP BY s.business_id, e.finding_id
), asked AS MATERIALIZED (
  SELECT f.business_id, json_agg(json_build_array(c.checklist_id, c.n, c.code, json_build_object(
           'position', c.position, 'sv', c.text_sv, 'en', c.text_en, 'law', c.law))) AS told
    FROM (SELECT DISTINCT business_id, checklist_id, checklist_n, check_point FROM newest) f
    JOIN check_point c ON c.checklist_id = f.checklist_id AND c.n = f.checklist_n AND c.code = f.check_point
   GROUP BY f.business_id
), found_there AS MATERIALIZED (
  SELECT o.business_id, {columns("o.nth", **_FINDING)} AS told
    FROM newest o GROUP BY o.business_id
), part AS MATERIALIZED (
  SELECT s.business_id, s.nth, p.unit_id, r.*
    FROM scope s
    JOIN part_answer r ON r.visit_id = s.visit_id AND r.accepted
    LEFT JOIN visit_part p ON p.id = r.part_id
   WHERE p.withdrawn_at IS NULL
), parts AS MATERIALIZED (
  SELECT r.business_id, {SEEN_PARTS} AS seen,
         json_agg(json_build_array(r.nth, json_build_object(
           'authority', a.name, 'unit', u.name, 'field', u.field, 'mine', r.authority_id = (SELECT me()),
           'summary', r.summary, 'handed_in', r.handed_in_at IS NOT NULL, 'nothing_to_report', r.nothing_to_report))
           ORDER BY r.nth, a.name, u.name, r.summary, r.handed_in_at IS NOT NULL,
                    r.nothing_to_report, r.part_id) AS told
    FROM part r
    JOIN authority a ON a.id = r.authority_id
    LEFT JOIN unit u ON u.id = r.unit_id
   GROUP BY r.business_id
), facts AS MATERIALIZED (
  SELECT s.business_id, {SEEN_FACTS} AS seen, {columns("s.nth, f.question, f.at, f.id", **FACT)} AS told
    FROM scope s
    JOIN visit_fact f ON f.visit_id = s.visit_id
    JOIN authority a ON a.id = f.authority_id
   GROUP BY s.business_id
), read_of AS MATERIALIZED (
  SELECT b.business_id,
         (coalesce(f.seen, 0) # coalesce(e.seen, 0) # coalesce(r.seen, 0) # coalesce(c.seen, 0))::text AS seen,
         json_build_object('findings', coalesce(o.told, '{{}}'), 'points', coalesce(p.told, '[]'),
                           'evidence', coalesce(e.told, '{{}}'), 'parts', coalesce(r.told, '[]'),
                           'facts', coalesce(c.told, '{{}}')) AS told
    FROM (SELECT DISTINCT business_id FROM scope) b
    LEFT JOIN (SELECT business_id, {SEEN} AS seen FROM written f GROUP BY business_id) f USING (business_id)
    LEFT JOIN (SELECT business_id, bit_xor(seen) AS seen, json_object_agg(finding_id, n) AS told
                 FROM files GROUP BY business_id) e USING (business_id)
    LEFT JOIN parts r USING (business_id)
    LEFT JOIN facts c USING (business_id)
    LEFT JOIN found_there o USING (business_id)
    LEFT JOIN asked p USING (business_id)
)"""  # noqa: S608  made of constants

READ: Final = text(f"""
WITH kept AS MATERIALIZED (
  SELECT id, business_id, compiled_at, digest, content FROM dossier WHERE business_id = ANY (CAST(:ids AS uuid[]))
), scope AS MATERIALIZED (
  SELECT k.business_id, v.id::uuid AS visit_id, v.nth::int - 1 AS nth
    FROM kept k, json_array_elements_text(k.content->'visits'->'visit_id') WITH ORDINALITY AS v (id, nth)
), {HOUSE}, {_ANSWERS}
SELECT k.id, k.business_id, k.compiled_at, k.digest, k.content, r.told AS answers,
       coalesce(k.content->>'seen' = coalesce(r.seen, '0'), false) AS fresh
  FROM kept k LEFT JOIN read_of r ON r.business_id = k.business_id""")  # noqa: S608  made of constants
"""Stored dossiers with what is read beside them, in one view of the data; whether it is what was compiled."""
LIVE: Final = text(f"""
WITH {STEPS}, {_ANSWERS}
SELECT {KEY} AS id, business_id, CAST(:now AS timestamptz) AS compiled_at, content, {DIGEST} AS digest,
       r.told AS answers
  FROM ({WHOLE}) whole LEFT JOIN read_of r USING (business_id) ORDER BY business_id""")  # noqa: S608  made of constants
"""What would be compiled if the viewer compiled it: without the visits that the viewer may not see."""
LIVE_COUNTS: Final = text(f"""
WITH {STEPS}
SELECT {KEY} AS id, business_id, content->'business'->>'name' AS name, content->'counts' AS counts, {DIGEST} AS digest
  FROM ({WHOLE}) whole ORDER BY business_id""")  # noqa: S608  made of constants; values are parameters
