/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs one task of the benchmarks with the C library igraph 0.10; see oncoref.go
 * for the arguments and the output. */
#include <igraph.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { PIVOTS = 256 };

static igraph_t graph, both;            /* both: one undirected edge for each pair */
static igraph_vector_t weight, length, both_weight;

static double wall(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static double cpu(void) {
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return r.ru_utime.tv_sec + r.ru_stime.tv_sec + (r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
}

static long whole(char **p, char end) {
    long x = 0;
    while (**p != end) x = 10 * x + *(*p)++ - '0';
    ++*p;
    return x;
}

static void load(const char *name) {
    FILE *f = fopen(name, "rb");
    if (!f) { perror(name); exit(1); }
    fseek(f, 0, SEEK_END);
    long size = ftell(f), lines = 0;
    char *text = malloc(size + 1), *p = text;
    rewind(f);
    if (fread(text, 1, size, f) != (size_t)size) { perror(name); exit(1); }
    fclose(f);
    text[size] = 0;
    for (long i = 0; i < size; i++) lines += text[i] == '\n';
    igraph_vector_int_t edges;
    igraph_vector_int_init(&edges, 2 * lines);
    igraph_vector_init(&weight, lines);
    igraph_vector_init(&length, lines);
    for (long i = 0; i < lines; i++) {
        VECTOR(edges)[2 * i] = whole(&p, '\t');
        VECTOR(edges)[2 * i + 1] = whole(&p, '\t');
        VECTOR(weight)[i] = strtod(p, &p);
        VECTOR(length)[i] = 1 / VECTOR(weight)[i];
        p++;
    }
    free(text);
    igraph_create(&graph, &edges, igraph_vector_int_max(&edges) + 1, IGRAPH_DIRECTED);
    igraph_vector_int_destroy(&edges);
}

static void unload(void) {
    igraph_destroy(&graph);
    igraph_vector_destroy(&weight);
    igraph_vector_destroy(&length);
}

/* The undirected projection: weights of both directions added, loops kept. */
static void project(void) {
    igraph_attribute_combination_t sum;
    igraph_attribute_combination(&sum, "w", IGRAPH_ATTRIBUTE_COMBINE_SUM, IGRAPH_NO_MORE_ATTRIBUTES);
    igraph_copy(&both, &graph);
    SETEANV(&both, "w", &weight);
    igraph_to_undirected(&both, IGRAPH_TO_UNDIRECTED_COLLAPSE, &sum);
    igraph_attribute_combination_destroy(&sum);
    igraph_vector_init(&both_weight, 0);
    EANV(&both, "w", &both_weight);
}

static double checked(const igraph_vector_t *x) {
    double s = 0;
    for (igraph_integer_t i = 0; i < igraph_vector_size(x); i++) s += VECTOR(*x)[i] * (1 + i % 97 / 97.0);
    return s;
}

static void communities(int multilevel, char *check) {
    igraph_vector_int_t member;
    igraph_vector_t strength;
    igraph_real_t q;
    igraph_vector_int_init(&member, 0);
    igraph_rng_seed(igraph_rng_default(), 1);
    if (multilevel) {
        igraph_community_multilevel(&both, &both_weight, 1, &member, NULL, NULL);
    } else {
        igraph_vector_init(&strength, 0);
        igraph_strength(&both, &strength, igraph_vss_all(), IGRAPH_ALL, IGRAPH_LOOPS, &both_weight);
        igraph_community_leiden(&both, &both_weight, &strength, 1 / igraph_vector_sum(&strength), 0.01, 0, 2, &member, NULL, NULL);
        igraph_vector_destroy(&strength);
    }
    igraph_modularity(&both, &member, &both_weight, 1, 0, &q);
    sprintf(check, "Q=%.6f k=%ld", q, (long)igraph_vector_int_max(&member) + 1);
    igraph_vector_int_destroy(&member);
}

static int run(const char *task, const char *file, char *check) {
    igraph_integer_t n = igraph_vcount(&graph);
    size_t end = strlen(task);
    const igraph_vector_t *by = end > 2 && !strcmp(task + end - 2, "-w") ? &length : NULL;
    igraph_vector_t x, y;
    igraph_real_t value;
    igraph_vector_init(&x, 0);
    igraph_vector_init(&y, 0);
    if (!strcmp(task, "load")) {
        unload();
        load(file);
        sprintf(check, "n=%ld m=%ld w=%.0f", (long)igraph_vcount(&graph), (long)igraph_ecount(&graph), igraph_vector_sum(&weight));
    } else if (!strcmp(task, "strength")) {
        igraph_strength(&graph, &x, igraph_vss_all(), IGRAPH_IN, IGRAPH_LOOPS, &weight);
        igraph_strength(&graph, &y, igraph_vss_all(), IGRAPH_OUT, IGRAPH_LOOPS, &weight);
        sprintf(check, "%.9g", checked(&x) + 2 * checked(&y));
    } else if (!strcmp(task, "scc")) {
        igraph_vector_int_t label, size;
        igraph_integer_t count;
        igraph_vector_int_init(&label, 0);
        igraph_vector_int_init(&size, 0);
        igraph_connected_components(&graph, &label, &size, &count, IGRAPH_STRONG);
        sprintf(check, "count=%ld largest=%ld", (long)count, (long)igraph_vector_int_max(&size));
        igraph_vector_int_destroy(&label);
        igraph_vector_int_destroy(&size);
    } else if (!strcmp(task, "pagerank")) {
        igraph_pagerank(&graph, IGRAPH_PAGERANK_ALGO_PRPACK, &x, &value, igraph_vss_all(), 1, 0.85, &weight, NULL);
        sprintf(check, "%.9g", checked(&x));
    } else if (!strncmp(task, "betweenness", 11)) {
        igraph_betweenness(&graph, &x, igraph_vss_all(), 1, by);
        sprintf(check, "%.9g", checked(&x));
    } else if (!strncmp(task, "sampled", 7)) {
        igraph_vector_int_t source;
        igraph_vector_int_init(&source, PIVOTS);
        for (igraph_integer_t i = 0; i < PIVOTS; i++) VECTOR(source)[i] = i * n / PIVOTS;
        igraph_betweenness_subset(&graph, &x, igraph_vss_all(), 1, igraph_vss_vector(&source), igraph_vss_all(), by);
        sprintf(check, "%.9g", checked(&x));
        igraph_vector_int_destroy(&source);
    } else if (!strncmp(task, "harmonic", 8)) {
        igraph_harmonic_centrality(&graph, &x, igraph_vss_all(), IGRAPH_OUT, by, 0);
        sprintf(check, "%.9g", checked(&x));
    } else if (!strcmp(task, "communities") || !strcmp(task, "communities-multilevel")) {
        communities(task[11] == '-', check);
    } else {
        fprintf(stderr, "%s: no such task\n", task);
        return 0;
    }
    igraph_vector_destroy(&x);
    igraph_vector_destroy(&y);
    return 1;
}

int main(int argc, char **argv) {
    char check[200];
    if (argc != 5) {
        fprintf(stderr, "usage: igraph TASK FILE REPETITIONS SECONDS\n");
        return 2;
    }
    igraph_set_attribute_table(&igraph_cattribute_table);
    printf("version %s\n", IGRAPH_VERSION);
    load(argv[2]);
    if (!strncmp(argv[1], "communities", 11)) project();
    double begin = wall();
    for (int left = atoi(argv[3]); left > 0 && wall() - begin <= atof(argv[4]); left--) {
        double now = wall(), used = cpu();
        if (!run(argv[1], argv[2], check)) return 1;
        double then = wall();
        printf("run %.6f %.6f %s\n", then - now, cpu() - used, check);
        fflush(stdout);
    }
    return 0;
}
