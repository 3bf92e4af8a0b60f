-- Some weeks of people of four authorities: shifts by day, something in the own calendar, bookings; told at one moment.
-- Every id is the md5 of a name.
CREATE TEMP TABLE a (id uuid, unit uuid, n int);
INSERT INTO a SELECT authority_id, id, row_number() OVER (ORDER BY id) - 1 FROM unit WHERE authority_id IN (:offices);
CREATE TEMP TABLE who AS
  SELECT md5('w' || a.n || '-' || k)::uuid AS person_id, a.id AS authority_id, a.unit, a.n, k
    FROM a, generate_series(0, :people - 1) k;
INSERT INTO person (id, shown_name, language) SELECT person_id, 'Person ' || k, 'sv' FROM who;
INSERT INTO staff (id, person_id, authority_id, unit_id, shown_name, shown_as, roles, from_on)
  SELECT md5('s' || person_id)::uuid, person_id, authority_id, unit, 'Person ' || n || k, 'name', '["inspector"]', '2020-01-01'
    FROM who;
INSERT INTO unavailable (id, person_id, authority_id, during, state, as_of)
  SELECT md5('x' || person_id || d)::uuid, person_id, authority_id,
         tstzrange(timestamptz :monday + d * interval '1 day' - interval '9 hours',
                   timestamptz :monday + d * interval '1 day' + interval '7 hours'), 'busy', now()
    FROM who, generate_series(0, :days) d;
INSERT INTO unavailable (id, person_id, authority_id, during, state, as_of)
  SELECT md5('y' || person_id || d)::uuid, person_id, authority_id,
         tstzrange(timestamptz :monday + d * interval '1 day' + interval '9 hours',
                   timestamptz :monday + d * interval '1 day' + interval '11 hours'), 'busy', now()
    FROM who, generate_series(0, :days) d WHERE (k + n + d) % 3 = 0;
INSERT INTO booking (id, person_id, authority_id, during, state)
  SELECT md5('b' || person_id || d)::uuid, person_id, authority_id,
         tstzrange(timestamptz :monday + d * interval '1 day' + interval '12 hours',
                   timestamptz :monday + d * interval '1 day' + interval '14 hours'), 'accepted'
    FROM who, generate_series(0, :days) d WHERE (k + d) % 4 = 0;
DROP TABLE a, who
