"""Rows of the tables that dlt_run.py made, as JSON: python3 dlt_count.py <database>. Its file format may be newer than ours can read."""

import json
import sys

import duckdb

connection = duckdb.connect(sys.argv[1], read_only=True)
tables = connection.sql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'raw'").fetchall()
counts = {
    name: connection.sql(f'SELECT count(*) FROM raw."{name}"').fetchall()[0][0]
    for (name,) in tables
    if not name.startswith("_dlt")
}
print(json.dumps(counts))
