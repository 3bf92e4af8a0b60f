-- One week of four authorities: operations of four visits, all four asked, two people of each; hours, leave, invitations.
-- Every id is the md5 of a name. A person goes once a day, so :people is at least twice the operations of a day.
CREATE TEMP TABLE a (id uuid, unit uuid, n int);
INSERT INTO a SELECT authority_id, id, row_number() OVER (ORDER BY id) - 1 FROM unit WHERE authority_id IN (:offices);
CREATE TEMP TABLE who AS
  SELECT md5('w' || a.n || '-' || k)::uuid AS person_id, a.id AS authority_id, a.unit, a.n, k
    FROM a, generate_series(0, :people - 1) k;
INSERT INTO person (id, shown_name, language) SELECT person_id, 'Person ' || k, 'sv' FROM who;
INSERT INTO staff (id, person_id, authority_id, unit_id, shown_name, shown_as, roles, from_on)
  SELECT md5('s' || person_id)::uuid, person_id, authority_id, unit, 'Person ' || n || k, 'name', '["inspector"]', '2020-01-01'
    FROM who;
INSERT INTO competence (staff_id, code, authority_id) SELECT md5('s' || person_id)::uuid, 'tobacco', authority_id FROM who;
INSERT INTO unavailable (id, person_id, authority_id, during, state, as_of)
  SELECT md5('x' || person_id || d)::uuid, person_id, authority_id,
         tstzrange(timestamptz :monday + d * interval '1 day' + interval '17 hours',
                   timestamptz :monday + d * interval '1 day' + interval '31 hours'), 'busy', now()
    FROM who, generate_series(0, 4) d;
INSERT INTO leave (id, person_id, authority_id, during, leave_kind)
  SELECT md5('l' || person_id)::uuid, person_id, authority_id,
         tstzrange(timestamptz :monday + interval '4 days', timestamptz :monday + interval '5 days'), 'training'
    FROM who WHERE k % 20 = 0;
CREATE TEMP TABLE b AS SELECT md5('b' || n)::uuid AS id, md5('m' || n)::uuid AS premises, n FROM generate_series(0, 59) n;
INSERT INTO operator (id, collaboration_id, form, name, number, match_key)
  SELECT md5('o' || n)::uuid, :c, 'company', 'Bolag ' || n, '5599990006', 'wo' || n FROM b;
INSERT INTO premises (id, collaboration_id, name, address, postcode, town, match_key, sort_key, version)
  SELECT premises, :c, 'Kiosk nummer ' || n, 'Nygatan ' || n, '732 31', 'Arboga', 'wp' || n, 'kiosk', 1 FROM b;
INSERT INTO business (id, collaboration_id, operator_id, premises_id, trades, sni, during)
  SELECT id, :c, md5('o' || n)::uuid, premises, '["kiosk"]', '[]', daterange('2020-01-01', NULL) FROM b;
INSERT INTO opening_hours (business_id, weekday, opens, closes, collaboration_id)
  SELECT id, d, 540, 1140, :c FROM b, generate_series(1, 6) d;
CREATE TEMP TABLE o AS
  SELECT md5('n' || n)::uuid AS id, n, n % 5 AS day, n / 5 AS turn,
         timestamptz :monday + n % 5 * interval '1 day' + (8 + n / 5 % 7) * interval '1 hour' AS at
    FROM generate_series(0, :visits / 4 - 1) n;
INSERT INTO operation (id, lead_id, collaboration_id, code_word, state, ad_hoc, in_danger, starts_at, ends_at, changed_at, version)
  SELECT id, :lead, :c, 'Vecka ' || n, (ARRAY['preparing', 'invited', 'confirmed'])[1 + n % 3], false, n % 11 = 0, at,
         at + interval '2 hours', at, 1 FROM o;
INSERT INTO operation_order (operation_id, lead_id, title, open_at, version)
  SELECT id, :lead, 'Runda nummer ' || n, at, 1 FROM o WHERE n % 2 = 0;
INSERT INTO participation (operation_id, authority_id, lead_id, required, minimum)
  SELECT o.id, a.id, :lead, true, 1 FROM o, a;
CREATE TEMP TABLE v AS
  SELECT md5('v' || n || '-' || k)::uuid AS id, o.id AS operation_id, n, k, at + k * interval '30 minutes' AS at
    FROM o, generate_series(0, 3) k;
INSERT INTO visit (id, operation_id, lead_id, starts_at, ends_at, state, version)
  SELECT id, operation_id, :lead, at, at + interval '30 minutes', 'planned', 1 FROM v;
INSERT INTO visit_target (visit_id, operation_id, lead_id, business_id, premises_id, name, address, announced, open_at)
  SELECT v.id, operation_id, :lead, b.id, b.premises, 'Kiosk nummer ' || b.n, 'Nygatan ' || b.n, false, at
    FROM v JOIN b ON b.n = (v.n * 4 + v.k) % 60;
INSERT INTO visit_part (id, visit_id, operation_id, lead_id, authority_id, unit_id, people)
  SELECT md5('q' || v.id || a.n)::uuid, v.id, operation_id, :lead, a.id, a.unit, 2 FROM v, a;
INSERT INTO part_answer (part_id, visit_id, operation_id, authority_id, written_by_id, accepted, nothing_to_report, summary, version)
  SELECT id, visit_id, operation_id, authority_id, authority_id, true, false, 'pending', 1 FROM visit_part
   WHERE operation_id IN (SELECT id FROM o WHERE n % 4 > 0);
CREATE TEMP TABLE g AS
  SELECT o.id AS operation_id, o.n, o.at, who.person_id, who.authority_id, md5('k' || o.n || '-' || who.person_id)::uuid AS id
    FROM o JOIN who ON who.k IN ((o.turn * 2) % :people, (o.turn * 2 + 1) % :people);
INSERT INTO booking (id, person_id, authority_id, during, state)
  SELECT id, person_id, authority_id, tstzrange(at, at + interval '2 hours'),
         CASE WHEN n % 5 = 0 THEN 'asked' ELSE 'accepted' END FROM g;
INSERT INTO assignment (id, operation_id, lead_id, authority_id, person_id, booking_id, role, state, starts_at, ends_at, uid,
                        changed_at, version)
  SELECT md5('t' || id)::uuid, operation_id, :lead, authority_id, person_id, id, 'inspector',
         CASE WHEN n % 5 = 0 THEN 'asked' ELSE 'accepted' END, at, at + interval '2 hours', id || '@samsyn.example', at, 1
    FROM g;
INSERT INTO delivery (id, operation_id, from_id, to_id, person_id, assignment_id, uid, method, whole, time_moved, sequence,
                      code_word, meeting_place, starts_at, ends_at, asks, role, authorities, written_at)
  SELECT md5('d' || s.id)::uuid, operation_id, s.lead_id, authority_id, person_id, s.id, uid, 'request', true, false, 0, 'Ord', '',
         s.starts_at, s.ends_at, 'Myndighet', 'inspector', '[]', s.changed_at
    FROM assignment s WHERE operation_id IN (SELECT id FROM o);
INSERT INTO delivery_attempt (id, delivery_id, operation_id, to_id, attempt, happened, at)
  SELECT md5('e' || d.id || w)::uuid, d.id, operation_id, to_id, 1, w, written_at
    FROM delivery d, unnest(ARRAY['begin', 'accepted']) w WHERE operation_id IN (SELECT id FROM o);
DROP TABLE a, who, b, o, v, g
