-- A hundred people of one authority, and two tables like booking: one free of the constraint, one for who asks first.
INSERT INTO person (id, shown_name, language) SELECT p, 'Person ' || p, 'sv' FROM unnest(:people) p;
INSERT INTO staff (id, person_id, authority_id, unit_id, shown_name, shown_as, roles, from_on)
  SELECT gen_random_uuid(), p, :authority, :unit, 'Person ' || p, 'name', '["inspector"]', '2026-01-01' FROM unnest(:people) p;
CREATE TABLE booking_free (
  LIKE booking INCLUDING ALL EXCLUDING INDEXES, PRIMARY KEY (id), UNIQUE (id, person_id, authority_id),
  FOREIGN KEY (person_id, authority_id) REFERENCES staff (person_id, authority_id));
CREATE INDEX ON booking_free (authority_id);
CREATE TABLE booking_asked (
  LIKE booking_free INCLUDING ALL,
  FOREIGN KEY (person_id, authority_id) REFERENCES staff (person_id, authority_id));
CREATE INDEX ON booking_asked (person_id)
