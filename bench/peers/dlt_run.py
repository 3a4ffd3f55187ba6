"""The road of a mixed file into DuckDB by dlt: python3 dlt_run.py <type key> <folder> <file>..."""

import gzip
import os
import sys

import dlt
from dlt.common.json import json

_, type_key, folder, *files = sys.argv
os.mkdir(folder)


# A table a type, as dlt's own documentation dispatches events. Lists stay in one JSON column: a child table for each would be more work.
@dlt.resource(table_name=lambda row: row[type_key], max_table_nesting=0)
def rows():
    for file in files:
        with (gzip.open if file.endswith(".gz") else open)(file, "rb") as lines:
            for line in lines:
                yield json.loadb(line)


pipeline = dlt.pipeline(
    pipeline_name="bench",
    pipelines_dir=f"{folder}/pipelines",
    destination=dlt.destinations.duckdb(f"{folder}/warehouse.duckdb"),
    dataset_name="raw",
)
pipeline.run(rows()).raise_on_failed_jobs()
