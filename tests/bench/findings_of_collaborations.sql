-- One finding of each authority at each visit of collaborations.sql, on a house checklist of one point.
INSERT INTO checklist (id, authority_id, code, field, title_sv, title_en)
  VALUES (md5('list')::uuid, NULL, 'bench-scale', 'environment', 'Miljö', 'Environment');
INSERT INTO checklist_version (checklist_id, n, authority_id, digest, published_at) VALUES (md5('list')::uuid, 1, NULL, '', now());
INSERT INTO check_point (checklist_id, n, code, authority_id, position, text_sv, text_en, law, verified, unit_only, outcomes)
  VALUES (md5('list')::uuid, 1, 'MIL-1', NULL, 1, 'Är avfallet märkt?', 'Is the waste labelled?', 'MB 15 kap. 11 §', 'memory', false, '[]');
INSERT INTO finding (finding_id, version, base_version, part_id, visit_id, operation_id, authority_id, checklist_id, checklist_n,
                     check_point, answer, serious, text, unit_only, written_by, observed_at, written_at)
  SELECT md5('f' || p.id)::uuid, 1, 0, p.id, p.visit_id, p.operation_id, p.authority_id, md5('list')::uuid, 1, 'MIL-1',
         CASE WHEN get_byte(uuid_send(p.id), 0) < 20 THEN 'deficiency' ELSE 'ok' END, false,
         'Märkning saknas på två dunkar.', false, p.authority_id, v.starts_at, v.starts_at
    FROM visit_part p JOIN visit v ON v.id = p.visit_id
