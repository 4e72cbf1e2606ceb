#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the graph tasks of oncoref beside other libraries and prints the
table of docs/benchmarks.md.

usage: bench.py [-h] [--set small,mid,large] [--only REGEX] [--minutes N] [--work FOLDER] [--table]

It makes the inputs and the programs in the folder, runs every row that has no
result yet, each in a process of its own, and adds the results to results.tsv
there; with --minutes it stops in between, and the next call goes on. --table
prints the table of the results so far and measures nothing.
"""
import argparse
import csv
import os
import random
import re
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
THREADS = "2"
FIELDS = ["input", "task", "peer", "version", "wall", "cpu", "runs", "peak", "check"]
INPUTS = {"1k": (1_000, 20_000, 1), "20k": (20_000, 200_000, 11), "200k": (200_000, 2_000_000, 11), "1M": (1_000_000, 10_000_000, 11)}

# peer: command, and the task it is asked for if that is not the task's name
PEERS = {
    "oncoref": (["bin/oncoref"], {}),
    "igraph": (["bin/igraph"], {}),
    "igraph multilevel": (["bin/igraph"], {"communities": "communities-multilevel"}),
    "SciPy": (["/usr/bin/python3", HERE + "/peers.py", "scipy"], {}),
    "graph-tool": (["/usr/bin/python3", HERE + "/peers.py", "graph-tool"], {}),
    "leidenalg": (["/usr/bin/python3", HERE + "/peers.py", "leidenalg"], {}),
}

# set, input, task, repetitions, peers, ratio to reach and of what; a ratio of
# None is not asked for
JOBS = [
    ("mid", "200k", "load", 7, "SciPy,igraph,graph-tool", 0.4, "wall"),
    ("mid", "200k", "strength", 15, "SciPy,igraph,graph-tool", 0.8, "wall"),
    ("mid", "200k", "scc", 15, "SciPy,igraph,graph-tool", 0.8, "wall"),
    ("mid", "200k", "reciprocity", 15, "SciPy", 0.35, "wall"),
    ("mid", "200k", "pagerank", 9, "igraph,SciPy,graph-tool", 0.5, "wall"),
    ("mid", "200k", "hits", 9, "SciPy,graph-tool", 0.7, "wall"),
    ("mid", "200k", "communities", 3, "igraph multilevel,igraph", 0.25, "wall"),
    ("mid", "200k", "communities-directed", 3, "leidenalg", 0.25, "wall"),
    ("paths", "20k", "betweenness", 1, "graph-tool,igraph", 0.55, "wall"),
    ("paths", "20k", "betweenness-w", 1, "graph-tool", 0.9, "cpu"),
    ("paths", "200k", "sampled", 3, "igraph,graph-tool", 0.35, "cpu"),
    ("paths", "200k", "sampled-w", 1, "graph-tool,igraph", 0.6, "cpu"),
    ("paths", "20k", "harmonic", 3, "igraph,graph-tool", 0.07, "wall"),
    ("paths", "20k", "harmonic-w", 1, "graph-tool", 1.0, "cpu"),
    ("large", "1M", "load", 3, "SciPy,igraph", 0.4, "wall"),
    ("large", "1M", "pagerank", 3, "igraph,SciPy", 0.4, "wall"),
    ("large", "1M", "hits", 3, "SciPy", None, "wall"),
    ("large", "1M", "strength", 7, "SciPy,igraph", None, "wall"),
    ("large", "1M", "scc", 7, "SciPy,igraph", None, "wall"),
    ("large", "1M", "reciprocity", 7, "SciPy", None, "wall"),
    ("mid", "200k shuffled", "load", 7, "SciPy", 0.4, "wall"),
    ("mid", "200k shuffled", "pagerank", 9, "igraph", 0.5, "wall"),
    ("mid", "200k shuffled", "hits", 9, "SciPy", 0.7, "wall"),
    ("mid", "200k shuffled", "communities", 3, "igraph", 0.25, "wall"),
    ("large", "1M", "communities", 1, "igraph", None, "wall"),
    ("large", "1M", "sampled", 1, "igraph", None, "cpu"),
    ("large", "1M", "sampled-w", 1, "graph-tool,igraph", None, "cpu"),
    ("large", "1M", "communities-directed", 1, "leidenalg", None, "wall"),
]


def prepare(work, inputs):
    os.makedirs(work + "/bin", exist_ok=True)
    subprocess.run(["go", "build", "-o", work + "/bin/oncoref", "docs/bench/oncoref.go"], cwd=ROOT, check=True)
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "igraph"], capture_output=True, text=True, check=True).stdout.split()
    subprocess.run(["gcc", "-O2", "-o", work + "/bin/igraph", HERE + "/igraph.c"] + flags + ["-lm"], check=True)
    for name in inputs:
        path = file_of(work, name)
        if os.path.exists(path):
            continue
        base = name.removesuffix(" shuffled")
        if base == name:
            args = [str(x) for x in INPUTS[base]] + [path]
            subprocess.run(["go", "run", "docs/bench/generate.go"] + args, cwd=ROOT, check=True)
            continue
        prepare(work, [base])
        with open(file_of(work, base)) as f:
            lines = f.readlines()
        random.Random(1).shuffle(lines)
        with open(path, "w") as f:
            f.writelines(lines)


def file_of(work, name):
    return "%s/%s.tsv" % (work, name.replace(" ", "-"))


def measure(work, name, task, repetitions, peer, limit):
    command, other = PEERS[peer]
    command = command + [other.get(task, task), file_of(work, name), str(repetitions), "20"]
    env = dict(os.environ, GOMAXPROCS=THREADS, OMP_NUM_THREADS=THREADS, OPENBLAS_NUM_THREADS=THREADS)
    child = subprocess.Popen(command, cwd=work, env=env, stdout=subprocess.PIPE, text=True)
    begin, result = time.monotonic(), None
    while result is None:  # wait4 tells the memory of this child alone
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            result = "" if status == 0 else "failed"
        elif time.monotonic() - begin > limit:
            child.kill()
            _, _, usage = os.wait4(child.pid, 0)
            result = "longer than %d s" % limit
        else:
            time.sleep(0.02)
    row = dict.fromkeys(FIELDS, "") | {"input": name, "task": task, "peer": peer, "peak": round(usage.ru_maxrss / 1024), "check": result}
    walls, cpus = [], []
    for line in child.stdout.read().splitlines():
        word = line.split(None, 3)
        if word[0] == "version":
            row["version"] = word[1]
        elif word[0] == "run":
            walls.append(float(word[1]))
            cpus.append(float(word[2]))
            row["check"] = word[3]
    if walls:
        row |= {"wall": "%.4g" % statistics.median(walls), "cpu": "%.4g" % statistics.median(cpus), "runs": len(walls)}
    return row


def load_results(path):
    if not os.path.exists(path):
        return []
    with open(path, newline="") as f:
        return list(csv.DictReader(f, delimiter="\t"))


def seconds(x):
    x = float(x)
    return "%.1f ms" % (1000 * x) if x < 0.1 else "%.0f ms" % (1000 * x) if x < 1 else "%.3g s" % x


def table(results):
    by = {(r["input"], r["task"], r["peer"]): r for r in results}
    print("| task | input | fastest peer | its time | ours | ratio | to reach | reached | peak memory: ours, leanest peer |")
    print("|---|---|---|---|---|---|---|---|---|")
    for _, name, task, _, peers, goal, kind in JOBS:
        ours = by.get((name, task, "oncoref"))
        rows = [by[k] for p in peers.split(",") if (k := (name, task, p)) in by]
        done = [r for r in rows if r["wall"]]
        if not ours or not ours["wall"] or not rows:
            continue
        lean = min((int(r["peak"]), r["peer"]) for r in rows)
        memory = "%s MB, %d MB %s" % (ours["peak"], *lean)
        if name == "1M" and int(ours["peak"]) > lean[0]:
            memory += ", **not below**"
        unit = " CPU" if kind == "cpu" else ""
        own = seconds(ours[kind]) + unit
        if not done:
            print("| %s | %s | %s | %s | %s | - | %s | - | %s |" % (
                task, name, rows[0]["peer"], rows[0]["check"], own, goal or "-", memory))
            continue
        best = min(done, key=lambda r: float(r[kind]))
        ratio = float(ours[kind]) / float(best[kind])
        reached = "-" if goal is None else "yes" if ratio <= goal else "**no**"
        print("| %s | %s | %s %s | %s | %s | %.2f | %s | %s | %s |" % (
            task, name, best["peer"], best["version"], seconds(best[kind]) + unit, own, ratio, goal or "-", reached, memory))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--set", default="mid,paths,large")
    p.add_argument("--only", default="", help="rows whose 'input task peer' matches")
    p.add_argument("--minutes", type=float, default=1e9)
    p.add_argument("--work", default=os.path.join(ROOT, ".bench"))
    p.add_argument("--limit", type=float, default=600, help="seconds for one process")
    p.add_argument("--table", action="store_true")
    a = p.parse_args()
    path = a.work + "/results.tsv"
    if a.table:
        table(load_results(path))
        return
    begin = time.monotonic()
    jobs = [j for j in JOBS if j[0] in a.set.split(",")]
    prepare(a.work, {j[1] for j in jobs})
    have = {(r["input"], r["task"], r["peer"]) for r in load_results(path)}
    for _, name, task, repetitions, peers, _, _ in jobs:
        for peer in peers.split(",") + ["oncoref"]:
            if (name, task, peer) in have or not re.search(a.only, "%s %s %s" % (name, task, peer)):
                continue
            if time.monotonic() - begin > 60 * a.minutes:
                print("time is up; call again to go on", file=sys.stderr)
                return
            row = measure(a.work, name, task, repetitions, peer, a.limit)
            new = not os.path.exists(path)
            with open(path, "a", newline="") as f:
                w = csv.DictWriter(f, FIELDS, delimiter="\t", lineterminator="\n")
                if new:
                    w.writeheader()
                w.writerow(row)
            print("\t".join(str(row[k]) for k in FIELDS), flush=True)
    table(load_results(path))


main()
