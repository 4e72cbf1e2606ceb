# SPDX-License-Identifier: Apache-2.0
# usage: Rscript datatable.R count FILE REPEATS; threads: BENCH_THREADS
suppressMessages(library(data.table))
args <- commandArgs(TRUE)
setDTthreads(as.integer(Sys.getenv("BENCH_THREADS", "2")))
stopifnot(args[1] == "count")
by <- c("first_visit_hospital", "treatment_hospital", "tumour", "year")
for (i in seq_len(as.integer(args[3]))) {
  begin <- proc.time()
  n <- fread(args[2], select = by, showProgress = FALSE)[, .N, by = by]$N
  took <- proc.time() - begin
  cat(sprintf("RUN %.4f %.4f %d,%.0f,%.0f\n", took[[3]], took[[1]] + took[[2]], length(n), sum(n), sum(as.numeric(n)^2)))
}
cat(sprintf("VERSION data.table %s, R %s\n", packageVersion("data.table"), getRversion()))
