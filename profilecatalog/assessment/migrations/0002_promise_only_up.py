"""A trigger: the smallest group that was promised to people who answered may be raised and never lowered.

A constraint sees one state of a row; this rule is about two. SQLite drops a table's triggers when a later migration
rebuilds the table, so such a migration has to make this one again (tests/assessment/test_models.py fails if it does not).
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = """
CREATE TRIGGER assessment_promise_only_up BEFORE UPDATE OF min_responses ON assessment_round
FOR EACH ROW WHEN NEW.min_responses < OLD.min_responses
BEGIN SELECT RAISE(ABORT, 'assessment_promise_only_up'); END
"""
POSTGRES = """
CREATE FUNCTION assessment_promise_only_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.min_responses < OLD.min_responses THEN
        RAISE EXCEPTION 'assessment_promise_only_up' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assessment_promise_only_up BEFORE UPDATE OF min_responses ON assessment_round
FOR EACH ROW EXECUTE FUNCTION assessment_promise_only_up();
"""


def make(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute(SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRES)


def drop(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER assessment_promise_only_up")
    else:
        schema_editor.execute("DROP TRIGGER assessment_promise_only_up ON assessment_round")
        schema_editor.execute("DROP FUNCTION assessment_promise_only_up()")


class Migration(migrations.Migration):
    dependencies = [("assessment", "0001_answers")]

    operations = [migrations.RunPython(make, drop)]
