"""The classification as it is written first: python3 split.py <file> <folder>."""

import json
import os
import sys

_, path, folder = sys.argv
os.mkdir(folder)
outputs = {}
with open(path, "rb") as lines:
    for line in lines:
        log_type = json.loads(line)["log_type"]
        output = outputs.get(log_type)
        if output is None:
            output = outputs[log_type] = open(f"{folder}/{log_type}.ndjson", "wb")
        output.write(line)
for output in outputs.values():
    output.close()
