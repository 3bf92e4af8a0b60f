-- Five collaborations, as many authorities in each; four visits an operation, three authorities at each. md5 of a name is the key.
CREATE TEMP TABLE a AS SELECT md5('a' || n)::uuid AS id, n, md5('c' || n % 5)::uuid AS c FROM generate_series(0, :authorities - 1) n;
INSERT INTO authority (id, name, authority_kind, spanning) SELECT id, 'Myndighet ' || n, 'board', false FROM a;
INSERT INTO unit (id, authority_id, field, name) SELECT md5('u' || n)::uuid, id, 'environment', 'Enhet ' || n FROM a;
INSERT INTO collaboration (id, name, municipality, founded_by_id) SELECT c, 'Samverkan ' || n, 'Arboga', id FROM a WHERE n < 5;
INSERT INTO collaboration_member (collaboration_id, authority_id, joined_on) SELECT c, id, '2020-01-01' FROM a;
INSERT INTO person (id, shown_name, language)
  SELECT md5('p' || n || '-' || k)::uuid, 'Person ' || k, 'sv' FROM a, generate_series(1, 10) k;
INSERT INTO staff (id, person_id, authority_id, unit_id, shown_name, shown_as, roles, from_on)
  SELECT md5('s' || n || '-' || k)::uuid, md5('p' || n || '-' || k)::uuid, id, md5('u' || n)::uuid, 'Person ' || k, 'name',
         '["inspector", "planner"]', '2020-01-01' FROM a, generate_series(1, 10) k;
INSERT INTO competence (staff_id, code, authority_id)
  SELECT md5('s' || n || '-' || k)::uuid, 'environment', id FROM a, generate_series(1, 10) k;
INSERT INTO operator (id, collaboration_id, form, name, number, match_key)
  SELECT md5('o' || n)::uuid, c, 'limited_company', 'Bolag ' || n, '5599990006', 'o' || n FROM a WHERE n < 5;
INSERT INTO premises (id, collaboration_id, name, address, postcode, town, match_key, sort_key, version)
  SELECT md5('m' || n || '-' || k)::uuid, c, 'Kiosk ' || k, 'Nygatan ' || k, '732 31', 'Arboga', 'p' || n || '-' || k, 'kiosk', 1
    FROM a, generate_series(0, :businesses - 1) k WHERE n < 5;
INSERT INTO business (id, collaboration_id, operator_id, premises_id, trades, sni, during)
  SELECT md5('b' || n || '-' || k)::uuid, c, md5('o' || n)::uuid, md5('m' || n || '-' || k)::uuid, '["kiosk"]', '[]',
         daterange('2020-01-01', NULL)
    FROM a, generate_series(0, :businesses - 1) k WHERE n < 5;
CREATE TEMP TABLE o AS
  SELECT md5('n' || n)::uuid AS id, n, n % 5 AS c, md5('a' || n % :authorities)::uuid AS lead,
         timestamptz '2024-01-01 08:00Z' + n / 10 * interval '1 day' AS at FROM generate_series(0, :visits / 4 - 1) n;
INSERT INTO operation (id, lead_id, collaboration_id, code_word, state, ad_hoc, in_danger, starts_at, ends_at, changed_at, version)
  SELECT id, lead, md5('c' || c)::uuid, 'Ord ' || n, :state, false, false, at, at + interval '8 hours', at, 1 FROM o;
CREATE TEMP TABLE p AS
  SELECT o.id AS operation_id, o.lead, o.n, a.id AS authority_id, a.n AS an
    FROM o JOIN a ON a.n % 5 = o.c AND (a.n / 5 - o.n % :authorities / 5 + :authorities / 5) % (:authorities / 5) < 3;
INSERT INTO participation (operation_id, authority_id, lead_id, required, minimum)
  SELECT operation_id, authority_id, lead, true, 1 FROM p;
CREATE TEMP TABLE v AS
  SELECT md5('v' || n || '-' || k)::uuid AS id, id AS operation_id, n, k, c, lead, at + k * interval '1 hour' AS at
    FROM o, generate_series(1, 4) k;
INSERT INTO visit (id, operation_id, lead_id, starts_at, ends_at, state, ended_at, version)
  SELECT id, operation_id, lead, at, at + interval '50 minutes', :visit, CASE WHEN :visit = 'planned' THEN NULL ELSE at END, 1
    FROM v;
INSERT INTO visit_target (visit_id, operation_id, lead_id, business_id, premises_id, name, address, announced, open_at)
  SELECT id, operation_id, lead, md5('b' || c || '-' || (4 * (n / 5) + k) % :businesses)::uuid,
         md5('m' || c || '-' || (4 * (n / 5) + k) % :businesses)::uuid, 'Kiosk', 'Nygatan', false, at FROM v;
INSERT INTO visit_part (id, visit_id, operation_id, lead_id, authority_id, people)
  SELECT md5('q' || v.id || p.an)::uuid, v.id, v.operation_id, v.lead, p.authority_id, 1 FROM v JOIN p USING (operation_id);
INSERT INTO part_answer (part_id, visit_id, operation_id, authority_id, written_by_id, accepted, legal_basis, announced,
                         no_notice_reason, nothing_to_report, summary, version)
  SELECT id, visit_id, operation_id, authority_id, authority_id, true, 'MB 28:1', false, 'annars', false, 'pending', 1
    FROM visit_part;
INSERT INTO booking (id, person_id, authority_id, during, state)
  SELECT md5('k' || n || '-' || an)::uuid, md5('p' || an || '-' || 1 + n / 5 % 10)::uuid, authority_id,
         tstzrange(timestamptz '2024-01-01Z' + n * interval '9 hours', timestamptz '2024-01-01Z' + n * interval '9 hours' + interval '8 hours'),
         'accepted' FROM p;
INSERT INTO assignment (id, operation_id, lead_id, authority_id, person_id, booking_id, role, state, starts_at, ends_at, uid,
                        changed_at, version)
  SELECT md5('t' || b.id)::uuid, p.operation_id, p.lead, p.authority_id, b.person_id, b.id, 'inspector', 'accepted',
         lower(b.during), upper(b.during), b.id || '@samsyn.example', lower(b.during), 1
    FROM p JOIN booking b ON b.id = md5('k' || p.n || '-' || p.an)::uuid;
INSERT INTO delivery (id, operation_id, from_id, to_id, person_id, assignment_id, uid, method, whole, time_moved, sequence,
                      code_word, meeting_place, starts_at, ends_at, asks, role, authorities, written_at)
  SELECT md5('d' || id)::uuid, operation_id, lead_id, authority_id, person_id, id, uid, 'request', true, false, 0, 'Ord', '',
         starts_at, ends_at, 'Myndighet', 'inspector', '[]', changed_at FROM assignment;
INSERT INTO delivery_attempt (id, delivery_id, operation_id, to_id, attempt, happened, at)
  SELECT md5('e' || id)::uuid, id, operation_id, to_id, 1, 'accepted', written_at FROM delivery;
DROP TABLE a, o, p, v
