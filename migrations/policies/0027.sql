ALTER TABLE feed_operation ENABLE ROW LEVEL SECURITY;
ALTER TABLE feed_operation FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON feed_operation TO samsyn_owner USING (true) WITH CHECK (true);
CREATE POLICY may_select ON feed_operation AS PERMISSIVE FOR SELECT TO samsyn_app USING (feed_operation.person_id = (SELECT me_person()) AND EXISTS (SELECT 1 FROM feed f WHERE f.id = feed_operation.feed_id));
COMMENT ON POLICY may_select ON feed_operation IS '35d2b9adc20d6500';
CREATE POLICY may_insert ON feed_operation AS PERMISSIVE FOR INSERT TO samsyn_app WITH CHECK (feed_operation.person_id = (SELECT me_person()) AND EXISTS (SELECT 1 FROM feed f WHERE f.id = feed_operation.feed_id) AND EXISTS (SELECT 1 FROM operation o WHERE o.id = feed_operation.operation_id));
COMMENT ON POLICY may_insert ON feed_operation IS '0fcce6b1428106be';
GRANT SELECT, INSERT ON feed_operation TO samsyn_app;
