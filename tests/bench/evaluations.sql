-- Ten collaborations of four authorities; of each two thousand visits of 2025 by two of them, five hundred operations, a pledge.
SET session_replication_role = replica;
CREATE TEMP TABLE c AS SELECT md5('c' || n)::uuid AS id, n FROM generate_series(0, :collaborations - 1) n;
CREATE TEMP TABLE a AS SELECT md5('a' || c.n || '-' || k)::uuid AS id, c.id AS c, c.n, k FROM c, generate_series(0, 3) k;
INSERT INTO authority (id, name, authority_kind, spanning) SELECT id, 'Myndighet ' || n || '-' || k, 'board', false FROM a;
INSERT INTO unit (id, authority_id, field, name) SELECT md5('u' || id)::uuid, id, 'tobacco', 'Enhet' FROM a;
INSERT INTO collaboration (id, name, municipality, founded_by_id) SELECT c, 'Samverkan ' || n, 'Arboga', id FROM a WHERE k = 0;
INSERT INTO collaboration_member (collaboration_id, authority_id, joined_on) SELECT c, id, '2020-01-01' FROM a;
INSERT INTO person (id, shown_name, language) SELECT md5('p' || id)::uuid, 'Person', 'sv' FROM a;
INSERT INTO staff (id, person_id, authority_id, unit_id, shown_name, shown_as, roles, from_on)
  SELECT md5('s' || id)::uuid, md5('p' || id)::uuid, id, md5('u' || id)::uuid, 'Person', 'name', '["planner", "decider"]', '2020-01-01' FROM a;
INSERT INTO operator (id, collaboration_id, form, name, number, match_key)
  SELECT md5('o' || n)::uuid, id, 'limited_company', 'Bolag ' || n, '5599990006', 'o' || n FROM c;
INSERT INTO premises (id, collaboration_id, name, address, postcode, town, match_key, sort_key, version)
  SELECT md5('m' || n || '-' || k)::uuid, id, 'Kiosk ' || k, 'Nygatan ' || k, '732 31', 'Arboga', 'p' || n || '-' || k, 'kiosk', 1
    FROM c, generate_series(0, 299) k;
INSERT INTO business (id, collaboration_id, operator_id, premises_id, trades, sni, during)
  SELECT md5('b' || n || '-' || k)::uuid, id, md5('o' || n)::uuid, md5('m' || n || '-' || k)::uuid, '["kiosk"]', '[]', daterange('2020-01-01', NULL)
    FROM c, generate_series(0, 299) k;
INSERT INTO permit (id, business_id, collaboration_id, permit_kind)
  SELECT md5('t' || n || '-' || k)::uuid, md5('b' || n || '-' || k)::uuid, id, 'tobacco' FROM c, generate_series(0, 199) k;
INSERT INTO visit_trace (authority_id, collaboration_id, premises_id, on_date, visit_id, done, joint_with, shared_before, fields)
  SELECT a.id, a.c, md5('m' || a.n || '-' || v % 300)::uuid, date '2025-01-01' + v % 365, md5('v' || a.n || '-' || v)::uuid, true, 2, false,
         '{tobacco}' FROM a, generate_series(1, :visits) v WHERE (a.k + v) % 4 < 2;
INSERT INTO activity (id, collaboration_id, authority_id, focus_area_id, activity_kind, state, on_date, operation_id, title, authorities,
                      fields, guests, guest_led, visits, counted_at, version)
  SELECT md5('y' || c.n || '-' || k)::uuid, c.id, md5('a' || c.n || '-' || k % 4)::uuid, NULL, 'operation', 'done', date '2025-01-01' + k % 365,
         md5('x' || c.n || '-' || k)::uuid, '', ARRAY[md5('a' || c.n || '-' || k % 4)::uuid, md5('a' || c.n || '-' || (k + 1) % 4)::uuid],
         '{tobacco,police}', 0, false, 4, now(), 1 FROM c, generate_series(1, :visits / 4) k;
INSERT INTO tally (authority_id, collaboration_id, quarter, measure, dimension, n)
  SELECT authority_id, collaboration_id, '2025-Q' || extract(quarter FROM on_date), m, '', count(*)
    FROM visit_trace, unnest(ARRAY['visits', 'joint_visits']) m GROUP BY 1, 2, 3, 4;
INSERT INTO pledge (id, collaboration_id, year, name, state, signed_on, place, parties, signatories, version)
  SELECT md5('l' || n)::uuid, id, 2025, 'Löfte', 'in_force', '2025-02-16', 'Rådhuset', ARRAY[md5('a' || n || '-0')::uuid, md5('a' || n || '-1')::uuid], '[]', 1 FROM c;
INSERT INTO focus_area (id, pledge_id, collaboration_id, name, picture, position)
  SELECT md5('f' || n)::uuid, md5('l' || n)::uuid, id, 'Centrum', '', 1 FROM c;
INSERT INTO commitment (id, focus_area_id, collaboration_id, form, text, target, counts, fields, least, not_led_by, permit_kind, whole, serious, position, version)
  SELECT md5('h' || c.n || '-' || f)::uuid, md5('f' || c.n)::uuid, c.id, f, 'Löfte ' || f, CASE WHEN f = 'coverage' THEN NULL ELSE 50 END, 'operation',
         CASE WHEN f = 'coverage' THEN '{tobacco}' ELSE '{}' END::text[], CASE WHEN f = 'occasions' THEN 2 ELSE 1 END,
         CASE WHEN f = 'share' THEN md5('a' || c.n || '-0')::uuid END, CASE WHEN f = 'coverage' THEN 'tobacco' END, f <> 'coverage', false, 1, 1
    FROM c, unnest(ARRAY['occasions', 'coverage', 'share']) f;
SET session_replication_role = DEFAULT;
