-- md5 of a name is the key: rows find each other without being read back. town_of_findings.py fills in the values.
INSERT INTO authority (id, name, authority_kind, spanning)
  SELECT a, 'Myndighet ' || a, 'board', false FROM unnest(CAST(:others AS uuid[]) || CAST(:me AS uuid)) a;
INSERT INTO collaboration (id, name, municipality, founded_by_id) VALUES (:c, 'Samverkan ' || :c, 'Arboga', :me);
INSERT INTO collaboration_member (collaboration_id, authority_id, joined_on)
  SELECT :c, a, '2020-01-01' FROM unnest(CAST(:others AS uuid[]) || CAST(:me AS uuid)) a;
INSERT INTO checklist (id, authority_id, code, field, title_sv, title_en)
  VALUES (:c, NULL, 'bench-' || :c, 'environment', 'Miljö', 'Environment');
INSERT INTO checklist_version (checklist_id, n, authority_id, digest, published_at) VALUES (:c, 1, NULL, '', now());
INSERT INTO check_point (checklist_id, n, code, authority_id, position, text_sv, text_en, law, verified, unit_only, outcomes)
  SELECT :c, 1, 'MIL-' || n, NULL, n, 'Finns farligt avfall uppmärkt och under tak, punkt ' || n || '?',
         'Is hazardous waste labelled and under cover, point ' || n || '?', 'MB 15 kap. 11 §', 'memory', false, '[]'
    FROM generate_series(1, :points) n;
INSERT INTO operator (id, collaboration_id, form, name, number, match_key)
  SELECT md5(:mark || 'o' || b)::uuid, :c, 'limited_company', 'Bolag ' || b || ' AB', '5599990006', 'o' || b
    FROM generate_series(1, :businesses) b;
INSERT INTO premises (id, collaboration_id, name, address, postcode, town, match_key, sort_key, version)
  SELECT md5(:mark || 'p' || b)::uuid, :c, 'Kiosk ' || b, 'Nygatan ' || b, '732 31', 'Arboga', 'p' || b, 'kiosk', 1
    FROM generate_series(1, :businesses) b;
INSERT INTO business (id, collaboration_id, operator_id, premises_id, trades, sni, during)
  SELECT md5(:mark || 'b' || b)::uuid, :c, md5(:mark || 'o' || b)::uuid, md5(:mark || 'p' || b)::uuid, '["kiosk"]', '[]',
         daterange('2020-01-01', NULL)
    FROM generate_series(1, :businesses) b;
INSERT INTO operation (id, lead_id, collaboration_id, code_word, state, ad_hoc, in_danger, starts_at, ends_at, changed_at, version)
  SELECT md5(:mark || 'n' || n)::uuid, :me, :c, 'Ord ' || n, 'closed', false, false, at, at + interval '8 hours', now(), 1
    FROM (SELECT n, timestamptz '2021-01-04 08:00Z' + n * interval '6 hours' AS at
            FROM generate_series(0, :businesses * :visits / 4 - 1) n) x;
INSERT INTO participation (operation_id, authority_id, lead_id, required, minimum)
  SELECT md5(:mark || 'n' || n)::uuid, a, :me, true, 1
    FROM generate_series(0, :businesses * :visits / 4 - 1) n, unnest(CAST(:others AS uuid[]) || CAST(:me AS uuid)) a;
CREATE TEMP TABLE v AS
  SELECT md5(:mark || 'v' || i)::uuid AS id, md5(:mark || 'n' || i / 4)::uuid AS operation_id, i,
         md5(:mark || 'b' || i % :businesses + 1)::uuid AS business_id,
         md5(:mark || 'p' || i % :businesses + 1)::uuid AS premises_id,
         timestamptz '2021-01-04 08:00Z' + i / 4 * interval '6 hours' + i % 4 * interval '1 hour' AS at
    FROM generate_series(0, :businesses * :visits - 1) i;
INSERT INTO visit (id, operation_id, lead_id, starts_at, ends_at, state, ended_at, version)
  SELECT id, operation_id, :me, at, at + interval '50 minutes', 'done', at + interval '45 minutes', 1 FROM v;
INSERT INTO visit_target (visit_id, operation_id, lead_id, business_id, premises_id, name, address, announced, open_at)
  SELECT id, operation_id, :me, business_id, premises_id, 'Kiosk', 'Nygatan', false, at FROM v;
INSERT INTO visit_part (id, visit_id, operation_id, lead_id, authority_id, people)
  SELECT md5(:mark || 'q' || a || i)::uuid, id, operation_id, :me, a, 1
    FROM v, unnest(CAST(:others AS uuid[]) || CAST(:me AS uuid)) a;
INSERT INTO part_answer (part_id, visit_id, operation_id, authority_id, written_by_id, accepted, legal_basis, announced,
                         no_notice_reason, handed_in_at, nothing_to_report, summary, version)
  SELECT id, visit_id, operation_id, authority_id, authority_id, true, 'MB 28:1', false, 'annars', now(), false, 'no_remark', 1
    FROM visit_part WHERE lead_id = :me;
INSERT INTO visit_fact (id, visit_id, operation_id, authority_id, question, answer, written_by, at)
  SELECT gen_random_uuid(), id, operation_id, :me, 'who_was_met', 'Butiksbiträdet', :me, at FROM v;
INSERT INTO finding (finding_id, version, base_version, part_id, visit_id, operation_id, authority_id, checklist_id, checklist_n,
                     check_point, answer, serious, text, unit_only, written_by, observed_at, written_at)
  SELECT md5(:mark || 'f' || i || '-' || n)::uuid, 1, 0, md5(:mark || 'q' || :me || i)::uuid, id, operation_id, :me, :c, 1,
         'MIL-' || n, CASE WHEN (i * 7 + n * 3) % 13 = 0 THEN 'deficiency' ELSE 'ok' END, (i + n) % 130 = 0 AND (i * 7 + n * 3) % 13 = 0,
         CASE WHEN (i + n) % 3 = 0 THEN repeat('Märkning saknas på två dunkar. ', 1 + (i + n) % 5) ELSE '' END,
         false, :me, at + n * interval '1 minute', at
    FROM v, generate_series(1, :points) n;
INSERT INTO finding SELECT finding_id, 2, 1, part_id, visit_id, operation_id, authority_id, unit_id, checklist_id, checklist_n,
       check_point, answer, serious, text || ' Rättat.', unit_only, marking, written_by, observed_at, written_at
  FROM finding WHERE authority_id = :me AND version = 1 AND get_byte(uuid_send(finding_id), 0) < 13;
INSERT INTO evidence (id, finding_id, part_id, visit_id, operation_id, authority_id, unit_only, content_hmac, media_type,
                      size, key_name, written_by, written_at)
  SELECT gen_random_uuid(), finding_id, part_id, visit_id, operation_id, authority_id, false, finding_id, 'image/jpeg', 1, 'k',
         written_by, written_at
    FROM finding WHERE authority_id = :me AND version = 1 AND get_byte(uuid_send(finding_id), 1) < 13;
DROP TABLE v
