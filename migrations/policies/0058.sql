ALTER TABLE agreement_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE agreement_file FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON agreement_file TO samsyn_owner USING (true) WITH CHECK (true);
CREATE POLICY may_select ON agreement_file AS PERMISSIVE FOR SELECT TO samsyn_app USING (EXISTS (SELECT 1 FROM collaboration_member m WHERE m.collaboration_id = agreement_file.collaboration_id AND m.authority_id = (SELECT me()) AND m.left_on IS NULL));
COMMENT ON POLICY may_select ON agreement_file IS '5406d74c333e423f';
CREATE POLICY may_insert ON agreement_file AS PERMISSIVE FOR INSERT TO samsyn_app WITH CHECK (EXISTS (SELECT 1 FROM collaboration_member m WHERE m.collaboration_id = agreement_file.collaboration_id AND m.authority_id = (SELECT me()) AND m.left_on IS NULL) AND ((SELECT has_role('planner'))) AND agreement_file.authority_id = (SELECT me()) AND EXISTS (SELECT 1 FROM agreement g WHERE g.id = agreement_file.agreement_id AND (SELECT me()) = ANY (g.parties) AND g.collaboration_id = agreement_file.collaboration_id));
COMMENT ON POLICY may_insert ON agreement_file IS '11e0e5706aef7798';
GRANT SELECT, INSERT ON agreement_file TO samsyn_app;
