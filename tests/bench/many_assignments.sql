-- A year of one person: operations of one lead, each of four hours and accepted: how many, and how far apart, is said. md5 of a name is the key.
INSERT INTO operation (id, lead_id, collaboration_id, code_word, state, ad_hoc, in_danger, starts_at, ends_at, meeting_place,
                       changed_at, version)
  SELECT md5(:mark || 'n' || n)::uuid, :lead, :c, 'Gullviva ' || :mark || n, 'scheduled', false, false, at, at + interval '4 hours',
         'Räddningsgården, sal 2; infart från Ringleden', date_trunc('second', now()), 1
    FROM (SELECT n, date_trunc('hour', now()) + n * interval :apart AS at FROM generate_series(1, :events) n) x;
INSERT INTO participation (operation_id, authority_id, lead_id, required, minimum)
  SELECT md5(:mark || 'n' || n)::uuid, a, :lead, true, 1
    FROM generate_series(1, :events) n, unnest(ARRAY[:lead, :me]::uuid[]) a;
INSERT INTO booking (id, person_id, authority_id, during, state)
  SELECT md5(:mark || 'b' || n)::uuid, :person, :me, tstzrange(o.starts_at, o.ends_at), 'accepted'
    FROM generate_series(1, :events) n JOIN operation o ON o.id = md5(:mark || 'n' || n)::uuid;
INSERT INTO assignment (id, operation_id, lead_id, authority_id, person_id, booking_id, role, state, starts_at, ends_at, uid,
                        changed_at, version)
  SELECT md5(:mark || 'a' || n)::uuid, o.id, :lead, :me, :person, md5(:mark || 'b' || n)::uuid, 'inspector', 'accepted', o.starts_at, o.ends_at,
         md5(:mark || 'u' || n) || '@samsyn.example', o.changed_at, 1
    FROM generate_series(1, :events) n JOIN operation o ON o.id = md5(:mark || 'n' || n)::uuid;
INSERT INTO delivery (id, operation_id, from_id, to_id, person_id, assignment_id, uid, method, whole, time_moved, sequence,
                      code_word, meeting_place, starts_at, ends_at, asks, role, authorities, written_at)
  SELECT md5('d' || a.id)::uuid, a.operation_id, :lead, :me, :person, a.id, a.uid, 'request', true, false, 0, 'Gullviva', '',
         a.starts_at, a.ends_at, 'Polisen', 'inspector', '[]', now()
    FROM assignment a WHERE a.person_id = :person
