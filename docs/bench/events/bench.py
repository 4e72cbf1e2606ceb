#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures reading events and counting them beside DuckDB and data.table, and
prints a table.

usage: bench.py [-h] [--rows N] [--repeats N] [--work FOLDER] [--parquet]

Needs Go, Node.js with npm, and R with data.table (left out if missing). Makes
the inputs and the programs in the folder; each row is a process of its own with
two threads. Peak is the largest resident memory of that process.
"""
import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
DUCKDB = "@duckdb/node-api@1.5.6-r.1"


def measure(command, folder):
    """Runs a process; gives its runs as (wall, cpu), its check, version and peak in MB."""
    env = dict(os.environ, BENCH_THREADS="2", GOMAXPROCS="2", NODE_PATH=os.path.join(folder, "node_modules"))
    with tempfile.TemporaryFile("w+") as out:
        p = subprocess.Popen(command, stdout=out, env=env)
        _, status, usage = os.wait4(p.pid, 0)
        p.returncode = os.waitstatus_to_exitcode(status)
        if p.returncode != 0:
            sys.exit("failed: " + " ".join(command))
        out.seek(0)
        text = out.read()
    runs = [(float(w), float(c)) for w, c in re.findall(r"^RUN (\S+) (\S+)", text, re.M)]
    checks = set(re.findall(r"^RUN \S+ \S+ (\S+)", text, re.M))
    return runs, checks, re.search(r"^VERSION (.*)", text, re.M).group(1), usage.ru_maxrss / 1024


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--rows", type=int, default=10_000_000)
    ap.add_argument("--repeats", type=int, default=5)
    ap.add_argument("--work", default=os.path.join(tempfile.gettempdir(), "oncoref-bench"))
    ap.add_argument("--parquet", action="store_true", help="the same events as Parquet")
    a = ap.parse_args()
    os.makedirs(a.work, exist_ok=True)
    program = os.path.join(a.work, "events")
    subprocess.run(["go", "build", "-o", program, os.path.join(HERE, "oncoref.go")], cwd=ROOT, check=True)
    file = os.path.join(a.work, "events-%d.csv" % a.rows)
    if not os.path.exists(file):
        subprocess.run([program, "make", str(a.rows), file], check=True)
    if not os.path.isdir(os.path.join(a.work, "node_modules", "@duckdb")):
        subprocess.run(["npm", "install", "--silent", "--prefix", a.work, DUCKDB], check=True)
    if a.parquet:
        text, file = file, file[:-4] + ".parquet"
        if not os.path.exists(file):
            subprocess.run(["node", os.path.join(HERE, "duckdb.js"), "parquet", text, file], check=True,
                           env=dict(os.environ, NODE_PATH=os.path.join(a.work, "node_modules")))
    peers = {"oncoref": [program], "DuckDB": ["node", os.path.join(HERE, "duckdb.js")]}
    if shutil.which("Rscript"):
        peers["data.table"] = ["Rscript", os.path.join(HERE, "datatable.R")]
    print("| task | program | wall s (best) | wall s (median) | processor s | peak MB | version |\n|---|---|---|---|---|---|---|")
    for task in "count", "flow":
        seen = set()
        for name, command in peers.items():
            if name == "data.table" and (task == "flow" or a.parquet):
                continue  # minutes, and no reader
            runs, checks, version, peak = measure(command + [task, file, str(a.repeats)], a.work)
            seen |= checks
            wall = [w for w, _ in runs]
            print("| %s | %s | %.2f | %.2f | %.2f | %.0f | %s |" % (
                task, name, min(wall), statistics.median(wall), statistics.median(c for _, c in runs), peak, version), flush=True)
        if len(seen) != 1:
            sys.exit("results differ: %s" % seen)
    print("\nload when done: %.1f" % os.getloadavg()[0])


main()
