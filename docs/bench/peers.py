# SPDX-License-Identifier: Apache-2.0
"""Runs one task of the benchmarks with a library for Python.

usage: peers.py LIBRARY TASK FILE REPETITIONS SECONDS

LIBRARY is scipy (with NumPy and pandas), graph-tool or leidenalg; see oncoref.go
for the other arguments and the output.
"""
import os
import resource
import sys
import time

import numpy as np
import pandas as pd

PIVOTS = 256


def read(name):
    t = pd.read_csv(name, sep="\t", header=None, names=["u", "v", "w"], dtype={"u": np.int64, "v": np.int64, "w": np.float64})
    u, v, w = t.u.to_numpy(), t.v.to_numpy(), t.w.to_numpy()
    return int(max(u.max(), v.max())) + 1, u, v, w


def checked(x):
    x = np.nan_to_num(np.asarray(x, dtype=float))
    return float(x @ (1 + np.arange(len(x)) % 97 / 97))


class SciPy:
    def __init__(self, name):
        import scipy
        import scipy.sparse
        import scipy.sparse.csgraph
        import scipy.sparse.linalg
        self.sparse, self.name, self.version = scipy.sparse, name, scipy.__version__

    def open(self):
        self.n, self.u, self.v, self.w = read(self.name)
        self.a = self.sparse.csr_matrix((self.w, (self.u, self.v)), shape=(self.n, self.n))

    def load(self):
        self.open()
        return "n=%d m=%d w=%.0f" % (self.n, self.a.nnz, self.a.data.sum())

    def strength(self):
        i, o = np.bincount(self.v, self.w, self.n), np.bincount(self.u, self.w, self.n)
        return lambda: "%.9g" % (checked(i) + 2 * checked(o))

    def scc(self):
        count, label = self.sparse.csgraph.connected_components(self.a, directed=True, connection="strong")
        return "count=%d largest=%d" % (count, np.bincount(label).max())

    def reciprocity(self):
        a = self.a - self.sparse.diags(self.a.diagonal())
        return "%.9g" % (a.minimum(a.T.tocsr()).sum() / a.sum())

    def pagerank(self):
        d, n = 0.85, self.n
        out = np.asarray(self.a.sum(axis=1)).ravel()
        step = (self.sparse.diags(np.divide(1.0, out, out=np.zeros(n), where=out > 0)) @ self.a).T.tocsr()
        x = np.full(n, 1 / n)
        while True:
            y = d * (step @ x + x[out == 0].sum() / n) + (1 - d) / n
            change, x = np.abs(y - x).sum(), y
            if change < 1e-10:
                return lambda: "%.9g" % checked(x)

    def hits(self):
        left, _, right = self.sparse.linalg.svds(self.a, k=1, tol=0, v0=np.ones(self.n))
        h, a = left[:, 0], right[0]
        return lambda: "%.9g" % (checked(h / h.sum()) + 2 * checked(a / a.sum()))


class GraphTool:
    def __init__(self, name):
        import graph_tool
        import graph_tool.centrality
        import graph_tool.topology
        graph_tool.openmp_set_num_threads(int(os.environ.get("OMP_NUM_THREADS", os.cpu_count())))
        self.gt, self.name, self.version = graph_tool, name, graph_tool.__version__.split()[0]

    def open(self):
        self.n, u, v, w = read(self.name)
        self.g = self.gt.Graph(directed=True)
        self.g.add_vertex(self.n)
        self.weight = self.g.new_edge_property("double")
        self.g.add_edge_list(np.column_stack([u, v, w]), eprops=[self.weight])
        self.length = self.g.new_edge_property("double")
        self.length.a = 1 / self.weight.a

    def load(self):
        self.open()
        return "n=%d m=%d w=%.0f" % (self.n, self.g.num_edges(), self.weight.a.sum())

    def strength(self):
        all_ = self.g.get_vertices()
        i, o = self.g.get_in_degrees(all_, self.weight), self.g.get_out_degrees(all_, self.weight)
        return lambda: "%.9g" % (checked(i) + 2 * checked(o))

    def scc(self):
        _, size = self.gt.topology.label_components(self.g, directed=True)
        return "count=%d largest=%d" % (len(size), size.max())

    def pagerank(self):
        x = self.gt.centrality.pagerank(self.g, damping=0.85, weight=self.weight, epsilon=1e-10).a
        return lambda: "%.9g" % checked(x)

    def hits(self):
        _, a, h = self.gt.centrality.hits(self.g, weight=self.weight, epsilon=1e-12)
        return lambda: "%.9g" % (checked(h.a / h.a.sum()) + 2 * checked(a.a / a.a.sum()))

    def betweenness(self, length=None):
        x = self.gt.centrality.betweenness(self.g, weight=length, norm=False)[0].a
        return lambda: "%.9g" % checked(x)

    def sampled(self, length=None):
        pivots = np.array([i * self.n // PIVOTS for i in range(PIVOTS)], dtype="uint64")
        x = self.gt.centrality.betweenness(self.g, pivots=pivots, weight=length, norm=False)[0].a
        return lambda: "%.9g" % checked(x)

    def harmonic(self, length=None):
        x = self.gt.centrality.closeness(self.g, weight=length, harmonic=True, norm=False).a
        return lambda: "%.9g" % checked(x)


class Leidenalg:
    def __init__(self, name):
        import igraph
        import leidenalg
        self.igraph, self.la, self.name, self.version, self.seed = igraph, leidenalg, name, leidenalg.version, 0

    def open(self):
        n, u, v, w = read(self.name)
        self.g = self.igraph.Graph(n=n, edges=np.column_stack([u, v]).tolist(), directed=True)
        self.g.es["weight"] = w.tolist()

    def communities_directed(self):
        self.seed += 1
        p = self.la.find_partition(self.g, self.la.ModularityVertexPartition, weights="weight", n_iterations=2, seed=self.seed)
        return lambda: "Q=%.6f k=%d" % (p.quality(), len(p))


def cpu():
    r = resource.getrusage(resource.RUSAGE_SELF)
    return r.ru_utime + r.ru_stime


def main():
    library, task, name, repetitions, seconds = sys.argv[1:]
    peer = {"scipy": SciPy, "graph-tool": GraphTool, "leidenalg": Leidenalg}[library](name)
    print("version", peer.version)
    plain = task.removesuffix("-w")
    if task != "load":
        peer.open()
    run = getattr(peer, plain.replace("-", "_"))
    begin = time.monotonic()
    for _ in range(int(repetitions)):
        now, used = time.monotonic(), cpu()
        check = run(peer.length) if task.endswith("-w") else run()
        wall, busy = time.monotonic() - now, cpu() - used
        print("run %.6f %.6f %s" % (wall, busy, check if isinstance(check, str) else check()), flush=True)
        if time.monotonic() - begin > float(seconds):
            break


main()
