"""The last line: PostgreSQL itself refuses a seat that is not there, whatever code gave it and whether it took the lock.

The trigger takes the offering's row as the services do, and counts after it. It asks only when a place begins to hold a
seat, so that a capacity that was lowered below the booked leaves everybody where they are and nobody can be added. SQLite
lets one writer in at a time, so there is no race to lose; a trigger there would also break every later migration that
rebuilds the table it reads.
"""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION seats_never_oversold() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seats integer;
    held integer;
BEGIN
    SELECT capacity INTO seats FROM seats_offering WHERE id = NEW.offering_id FOR UPDATE;
    IF seats IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT count(*) INTO held FROM seats_participant
        WHERE offering_id = NEW.offering_id AND state IN ('booked', 'offered');
    IF held > seats THEN
        RAISE EXCEPTION 'offering % has % seats and % would be held', NEW.offering_id, seats, held
            USING ERRCODE = 'check_violation', CONSTRAINT = 'seats_never_oversold';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER seats_never_oversold_insert AFTER INSERT ON seats_participant FOR EACH ROW
    WHEN (NEW.state IN ('booked', 'offered'))
    EXECUTE FUNCTION seats_never_oversold();

CREATE TRIGGER seats_never_oversold_update AFTER UPDATE OF state, offering_id ON seats_participant FOR EACH ROW
    WHEN (NEW.state IN ('booked', 'offered')
          AND (OLD.state NOT IN ('booked', 'offered') OR OLD.offering_id <> NEW.offering_id))
    EXECUTE FUNCTION seats_never_oversold();
"""
BACKWARDS = """
DROP TRIGGER IF EXISTS seats_never_oversold_update ON seats_participant;
DROP TRIGGER IF EXISTS seats_never_oversold_insert ON seats_participant;
DROP FUNCTION IF EXISTS seats_never_oversold();
"""


def add_trigger(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FORWARDS, params=None)


def remove_trigger(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BACKWARDS, params=None)


class Migration(migrations.Migration):
    dependencies = [("seats", "0002_sign_ups")]

    operations = [migrations.RunPython(add_trigger, remove_trigger)]
