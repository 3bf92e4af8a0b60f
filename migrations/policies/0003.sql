CREATE POLICY may_all_jav ON message AS RESTRICTIVE FOR ALL TO samsyn_app USING (NOT EXISTS (SELECT 1 FROM recusal r WHERE r.operation_id = message.operation_id AND r.person_id = (SELECT me_person())));
COMMENT ON POLICY may_all_jav ON message IS 'fcb64466bb759e99';
