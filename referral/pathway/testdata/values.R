# Writes the values of R's survival package that the tests compare with:
#   Rscript values.R > survival.json
library(survival)
one <- function(name, time, status, tau, at) {
  km <- survfit(Surv(time, status == 1) ~ 1, conf.type = "log-log")
  s <- summary(km, times = at)
  rm <- summary(km, rmean = tau)$table
  cr <- survfit(Surv(time, factor(status, 0:2)) ~ 1)
  c1 <- if (any(status == 2)) summary(cr, times = at)$pstate else NULL
  list(name = name, time = time, status = status, tau = tau, at = at,
       survival = s$surv, se = s$std.err, lower = s$lower, upper = s$upper,
       median = unname(quantile(km, 0.5)$quantile), rmean = unname(rm["rmean"]), rmean_se = unname(rm["se(rmean)"]),
       treated = if (is.null(c1)) NULL else c1[, 2], died = if (is.null(c1)) NULL else c1[, 3],
       treated_se = if (is.null(c1)) NULL else summary(cr, times = at)$std.err[, 2])
}
j <- function(x) {
  if (is.null(x)) return("null")
  if (is.list(x)) return(paste0("{", paste0('"', names(x), '":', sapply(x, j), collapse = ","), "}"))
  if (is.character(x)) return(paste0('"', x, '"'))
  x <- ifelse(is.na(x), "null", format(x, digits = 15, trim = TRUE))
  if (length(x) == 1) x else paste0("[", paste(x, collapse = ","), "]")
}
sets <- list(
  one("aml", aml$time, aml$status, 40, c(5, 9, 13, 23, 31, 48)),
  one("ovarian", ovarian$futime, ovarian$fustat, 700, c(59, 200, 400, 600)),
  one("veteran", veteran$time, veteran$status, 365, c(10, 50, 100, 300, 500)),
  one("pbc", pbc$time, ifelse(pbc$status == 2, 1, ifelse(pbc$status == 1, 2, 0)), 3000, c(500, 1000, 2000, 3000)))
cat(paste0("[", paste(sapply(sets, j), collapse = ",\n"), "]\n"))
