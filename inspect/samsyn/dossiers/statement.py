"""The one statement that compiles: set-based, for the authority that looks, limited by row-level security alone."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

# json_*, never jsonb_*: the result only leaves as text, and building jsonb costs 3.6 times as much.
# ``scope`` comes first and every later step starts from it, so that one business costs its own rows and no scan.
# A dossier is stored in columns: each thing's name once, and an array of what all visits say there. ``stored.unfold``
# reads it.
# Of the findings it holds which deficiencies are open. They lie where they were written, never to change, and are read
# with the dossier (``_ANSWERS``); ``seen`` says which ones were counted: an exclusive or over keys and versions, the
# same in any order. So are words of check points, files, parts and facts.
# What a visit gathers is MATERIALIZED: the planner expects one row and would gather it again for every visit.
# An operation is looked up once (``over``), not once for each of its visits, each time under its policy.
# Each table is named as seldom as may be: a policy costs planning time per mention, half of what one business costs.
_SCOPE: Final = """
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
)"""
# Also of whom the policies would let read more: what a unit keeps to itself is in no document of the authority (R1).
SHARED: Final = "NOT {t}.unit_only AND ({t}.unit_id IS NULL OR NOT (SELECT spanning FROM house))"
HOUSE: Final = "house AS MATERIALIZED (SELECT spanning FROM authority WHERE id = (SELECT me()))"
SEEN: Final = "bit_xor(uuid_hash_extended(f.finding_id, f.version))"
# Whether a part was handed in and nothing is to report makes the seed, and so does its summary, of which there are few.
SEEN_PARTS: Final = """bit_xor(uuid_hash_extended(r.part_id, hashtextextended(r.summary, CASE
                   WHEN r.handed_in_at IS NULL THEN 0 ELSE 1 END + CASE WHEN r.nothing_to_report THEN 2 ELSE 0 END)))"""
SEEN_FACTS: Final = "bit_xor(uuid_hash_extended(f.id, 0))"
SEEN_FILES: Final = "bit_xor(uuid_hash_extended(e.id, 0))"
ALL_OR: Final = "CAST(:ids AS uuid[]) IS NULL OR "
ALL_OR_SCOPE: Final = f"AND ({ALL_OR}{{t}}.visit_id IN (SELECT visit_id FROM scope))"  # noqa: S608  constants
# Findings are counted visit by visit before their business is known: they lie together as they were written, and a
# group of its own for each check point of each business took twice the time. Nor are they joined with the few that an
# inspector changed later (``later``): each has one first version, and what a visit found in order is looked at again
# only where a newest version says something else (``undone``).
_OWN: Final = f"""
{HOUSE}, later AS MATERIALIZED (
  SELECT DISTINCT ON (f.finding_id)
         f.finding_id, f.version, f.visit_id, f.checklist_id, f.check_point, f.answer
    FROM scope s JOIN finding f ON f.visit_id = s.visit_id
   WHERE f.version > 1 AND {SHARED.format(t="f")}
   ORDER BY f.finding_id, f.version DESC
), undone AS MATERIALIZED (
  SELECT visit_id, checklist_id, array_agg(check_point) AS points
    FROM later WHERE answer <> 'ok' GROUP BY visit_id, checklist_id
), answered AS MATERIALIZED (
  SELECT s.business_id, s.starts_at, v.*, u.points AS undone
    FROM scope s
    JOIN (SELECT f.visit_id, f.checklist_id, count(*) FILTER (WHERE f.version = 1) AS n, {SEEN} AS seen,
                 array_agg(f.check_point) FILTER (WHERE f.answer = 'ok') AS ok
            FROM finding f
           WHERE {SHARED.format(t="f")} {ALL_OR_SCOPE.format(t="f")}
           GROUP BY f.visit_id, f.checklist_id) v ON v.visit_id = s.visit_id
    LEFT JOIN undone u ON u.visit_id = v.visit_id AND u.checklist_id = v.checklist_id
), counted AS (
  SELECT business_id, sum(n) AS n, bit_xor(seen) AS seen FROM answered GROUP BY business_id
), filed AS (
  SELECT s.business_id, {SEEN_FILES} AS seen
    FROM scope s JOIN evidence e ON e.visit_id = s.visit_id
   WHERE e.redacts_id IS NULL AND {SHARED.format(t="e")}
   GROUP BY s.business_id
), noted AS MATERIALIZED (
  SELECT s.business_id, s.starts_at, f.finding_id, f.checklist_id, f.check_point, f.serious
    FROM scope s
    JOIN finding f ON f.visit_id = s.visit_id
    LEFT JOIN later l ON l.finding_id = f.finding_id
   WHERE f.answer = 'deficiency' AND {SHARED.format(t="f")}
     AND (l.version IS NULL OR l.version = f.version)
), still_open AS (
  SELECT o.business_id, count(*) AS n, count(*) FILTER (WHERE o.serious) AS serious,
         array_agg(o.finding_id ORDER BY o.finding_id) AS told
    FROM noted o
   WHERE NOT EXISTS (SELECT FROM answered a
                      WHERE a.business_id = o.business_id AND a.checklist_id = o.checklist_id
                        AND a.starts_at > o.starts_at AND o.check_point = ANY (a.ok)
                        AND (a.undone IS NULL OR o.check_point <> ALL (a.undone)
                             OR EXISTS (SELECT FROM finding f LEFT JOIN later l ON l.finding_id = f.finding_id
                                         WHERE f.visit_id = a.visit_id AND f.checklist_id = a.checklist_id
                                           AND f.check_point = o.check_point AND f.answer = 'ok'
                                           AND {SHARED.format(t="f")} AND f.version = coalesce(l.version, 1))))
   GROUP BY o.business_id
), found AS (
  SELECT business_id, count(*) AS deficiencies FROM noted GROUP BY business_id
)"""  # noqa: S608  made of constants
# What was said of parts is read with the dossier too, and so are the facts; which ones they were is in ``seen``. They
# are counted visit by visit before their business is known, as findings are. Two authorities are told apart by a
# number of each: there is no least key. Hardly any part is withdrawn, and only those are looked for among the plan's.
_COMMON: Final = f"""
withdrawn AS MATERIALIZED (
  SELECT p.id FROM scope s JOIN visit_part p ON p.visit_id = s.visit_id WHERE p.withdrawn_at IS NOT NULL
), together AS (
  SELECT s.business_id, count(*) FILTER (WHERE r.joint) AS joint, bit_xor(r.seen) AS seen
    FROM scope s
    JOIN (SELECT r.visit_id, {SEEN_PARTS} AS seen,
                 min(uuid_hash_extended(r.authority_id, 0)) <> max(uuid_hash_extended(r.authority_id, 0)) AS joint
            FROM (SELECT r.* FROM part_answer r
                   WHERE r.accepted AND r.part_id NOT IN (SELECT id FROM withdrawn) {ALL_OR_SCOPE.format(t="r")}
                  OFFSET 0) r
           GROUP BY r.visit_id) r USING (visit_id)
   GROUP BY s.business_id
), learnt AS (
  SELECT s.business_id, {SEEN_FACTS} AS seen
    FROM scope s JOIN visit_fact f ON f.visit_id = s.visit_id GROUP BY s.business_id
), words AS MATERIALIZED (
  SELECT DISTINCT ON (c.operation_id) c.operation_id, c.text
    FROM over o JOIN common_part c ON c.operation_id = o.id
   ORDER BY c.operation_id, c.version DESC
), history AS (
  SELECT s.business_id, max(s.name) AS name, max(s.address) AS address, count(*) AS n, {{visits_told}} AS told
    FROM scope s
    LEFT JOIN words w ON w.operation_id = s.operation_id
   GROUP BY s.business_id
)"""  # noqa: S608  made of constants


def columns(order: str, **named: str) -> str:
    """Return what gathers columns, all in one order: PostgreSQL then sorts once for all of them."""
    told = ", ".join(f"'{name}', array_agg({value} ORDER BY {order})" for name, value in named.items())
    return f"json_build_object({told})"


_VISIT: Final = {
    "visit_id": "s.visit_id", "operation_id": "s.operation_id", "code_word": "s.code_word",
    "starts_at": "s.starts_at", "ends_at": "s.ends_at", "ended_at": "s.ended_at", "state": "s.state",
    "place": "s.name", "address": "s.address", "announced": "s.announced", "common_text": "w.text",
}  # fmt: skip
FACT: Final = {"visit": "s.nth", "question": "f.question", "answer": "f.answer", "authority": "a.name"}
# A business that was asked for by its id and never visited has an empty history. OFFSET 0 keeps the sub-select whole,
# so that the content is built once and not again for its digest. ``who`` is a plain column: by an expression over both
# its sides the registry was read whole, for one business.
WHOLE: Final = """
  SELECT who.id AS business_id,
         json_build_object(
           'business', json_build_object(
             'id', who.id, 'name', coalesce(m.name, h.name), 'operator', r.name,
             'form', r.form, 'number', CASE WHEN r.form <> 'sole_trader' THEN r.number END,
             'address', coalesce(m.address, h.address), 'postcode', m.postcode, 'town', m.town, 'trades', b.trades),
           'counts', json_build_object(
             'open', coalesce(d.n, 0), 'serious', coalesce(d.serious, 0), 'visits', coalesce(h.n, 0),
             'joint_visits', coalesce(g.joint, 0), 'findings', coalesce(t.n, 0),
             'deficiencies', coalesce(f.deficiencies, 0)),
           'seen', (coalesce(t.seen, 0) # coalesce(e.seen, 0) # coalesce(g.seen, 0) # coalesce(l.seen, 0))::text,
           'visits', coalesce(h.told, '{}'), 'open', coalesce(d.told, '{}')) AS content
    FROM (SELECT business_id AS id FROM history UNION SELECT unnest(CAST(:ids AS uuid[]))) who
    LEFT JOIN history h ON h.business_id = who.id
    LEFT JOIN together g ON g.business_id = who.id
    LEFT JOIN learnt l ON l.business_id = who.id
    LEFT JOIN found f ON f.business_id = who.id
    LEFT JOIN still_open d ON d.business_id = who.id
    LEFT JOIN counted t ON t.business_id = who.id
    LEFT JOIN filed e ON e.business_id = who.id
    LEFT JOIN business b ON b.id = who.id
    LEFT JOIN operator r ON r.id = b.operator_id
    LEFT JOIN premises m ON m.id = b.premises_id
   WHERE h.business_id IS NOT NULL OR b.id IS NOT NULL
  OFFSET 0"""
STEPS: Final = f"{_SCOPE},{_OWN},{_COMMON}".format(visits_told=columns("s.nth", **_VISIT))
# The same person's key for the same business, always: a reader from whom the row is kept (jäv) knows it all the same.
KEY: Final = "md5('dossier ' || (SELECT me())::text || business_id::text)::uuid"
# Cut to the length of a SHA-256, and made in half of its time.
DIGEST: Final = "left(encode(sha512(convert_to(content::text, 'UTF8')), 'hex'), 64)"
# The visits that a dossier tells of, however it is stored: a list of them, or a column of their keys.
_VISITS_OF: Final = """ARRAY(
         SELECT CASE WHEN json_typeof(v.said) = 'object' THEN v.said->>'visit_id' ELSE v.said#>>'{{}}' END
           FROM json_array_elements(CASE WHEN json_typeof({d}.content->'visits') = 'array' THEN {d}.content->'visits'
                                         ELSE coalesce({d}.content->'visits'->'visit_id', '[]') END) v (said)
          ORDER BY 1)"""
# Counted anew, stored in another way, and of the same visits: who read it before has read it.
_SAME: Final = f"""dossier.digest = '' AND (dossier.content->'counts')::jsonb = (excluded.content->'counts')::jsonb
         AND {_VISITS_OF.format(d="dossier")} = {_VISITS_OF.format(d="excluded")}"""
# The row in the way is the reader's own and visible to it, so ON CONFLICT may update it under the policy.
COMPILE: Final = text(f"""
WITH {STEPS}
INSERT INTO dossier (id, reader_id, business_id, compiled_at, content, digest)
SELECT {KEY}, (SELECT me()), business_id, :now, content,
       {DIGEST}
  FROM ({WHOLE}) whole
    ON CONFLICT (reader_id, business_id) DO UPDATE
   SET compiled_at = excluded.compiled_at, content = excluded.content, digest = excluded.digest,
       formerly = CASE WHEN {_SAME} THEN dossier.formerly END
 WHERE dossier.digest <> excluded.digest""")  # noqa: S608  made of constants; values are parameters
# Of some businesses it is run again and again, and planning it anew cost more than the run: no "or all of them" stands
# in it, so that one plan fits every list of keys, and a prepared statement keeps that plan (``READY_FOR_SOME``). Its
# targets are looked up business by business: for a list of unknown length the planner would first gather every
# operation that the reader ever took part in, so that the policy of targets is asked once (1.1 of 4 ms).
_ANY: Final = "AND (CAST(:ids AS uuid[]) IS NULL OR t.business_id = ANY (CAST(:ids AS uuid[])))"
_EACH: Final = "JOIN unnest(CAST(:ids AS uuid[])) AS one (id) ON one.id = t.business_id"
COMPILE_SOME: Final = text(
    COMPILE.text.replace(_ANY, "")
    .replace("FROM visit_target t\n", f"FROM visit_target t\n    {_EACH}\n")
    .replace(f"({ALL_OR}", "(")
)
# Of most businesses of the house each finding was looked up among the visits of those, for hardly any that falls away:
# what is counted of others finds no visit to be joined with.
COMPILE_MOST: Final = text(COMPILE.text.replace(ALL_OR_SCOPE.format(t="f"), "").replace(ALL_OR_SCOPE.format(t="r"), ""))
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
         set_config('work_mem', '128MB', true), set_config('jit', 'off', true),
         set_config('enable_mergejoin', large, true), set_config('enable_nestloop', large, true),
         set_config('enable_sort', large, true)
    FROM (SELECT CASE WHEN 8 * many >= house THEN 'off' ELSE 'on' END AS large
            FROM (SELECT CASE WHEN CAST(:ids AS uuid[]) IS NULL
                              THEN (SELECT count(*) FROM participation WHERE authority_id = (SELECT me()))
                              ELSE cardinality(CAST(:ids AS uuid[])) END AS many,
                         (SELECT reltuples FROM pg_class
                           WHERE oid = CASE WHEN CAST(:ids AS uuid[]) IS NULL THEN 'operation'::regclass
                                            ELSE 'business'::regclass END) AS house) counted) said""")  # noqa: S608  made of constants; values are parameters
"""The same for many businesses: they are read by how much of the house they are, which its last word says."""
LARGE: Final = "off"
"""The last word of ``READY_FOR_MANY`` where they are a large part of the house."""
READY_FOR_SOME: Final = text(f"""
  {READY.text},
         set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)""")
"""The same for a few: a prepared statement keeps its plan, and reads no table whole, until the transaction ends."""
