"""`quarterdeck_now()`: the one clock, asked from SQL. See core/clock_sql.py for who may move it."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION quarterdeck_now() RETURNS timestamptz
LANGUAGE sql VOLATILE AS $$
    SELECT coalesce(nullif(current_setting('quarterdeck.now', true), '')::timestamptz, clock_timestamp())
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, "DROP FUNCTION IF EXISTS quarterdeck_now()")]
