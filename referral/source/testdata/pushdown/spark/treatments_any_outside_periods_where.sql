WITH source_rows AS (
  SELECT NULLIF(TRIM(CAST(`patient_id` AS STRING)), '') AS patient,
    NULLIF(TRIM(CAST(`tumor` AS STRING)), '') AS own_tumor,
    CAST(NULL AS INTEGER) AS event_seq,
    `date` AS event_date,
    NULLIF(`year`, 0) AS own_year,
    NULLIF(TRIM(CAST(`remark` AS STRING)), '') AS attribute_1,
    NULLIF(TRIM(CAST(`treatment` AS STRING)), '') AS kind,
    NULLIF(TRIM(CAST(`treatment_hospital` AS STRING)), '') AS hospital,
    NULLIF(TRIM(CAST(`first_visit_hospital` AS STRING)), '') AS first_hospital
  FROM `treatments`
),
marked_rows AS (
  SELECT source_rows.*,
    CASE WHEN kind IS NOT NULL OR hospital IS NOT NULL THEN 1 ELSE 0 END AS treated
  FROM source_rows
  WHERE patient IS NOT NULL
),
filled_rows AS (
  SELECT marked_rows.*,
    COALESCE(own_tumor, CASE WHEN MIN(own_tumor) OVER (PARTITION BY patient) = MAX(own_tumor) OVER (PARTITION BY patient)
      THEN MIN(own_tumor) OVER (PARTITION BY patient) END, '') AS tumor
  FROM marked_rows
),
tumors AS (
  SELECT filled_rows.*,
    MAX(tumor) OVER (PARTITION BY patient) AS some_tumor,
    MAX(CASE WHEN tumor = '' THEN treated ELSE 0 END) OVER (PARTITION BY patient) AS stray
  FROM filled_rows
),
homes AS (
  SELECT tumors.*,
    CASE WHEN MIN(first_hospital) OVER (PARTITION BY patient, tumor) = MAX(first_hospital) OVER (PARTITION BY patient, tumor)
      THEN MIN(first_hospital) OVER (PARTITION BY patient, tumor) END AS home
  FROM tumors
),
conditions AS (
  SELECT homes.*,
    MAX(CASE WHEN attribute_1 = 'early' THEN 1 ELSE 0 END) OVER (PARTITION BY patient, tumor) AS meets_1
  FROM homes
),
times AS (
  SELECT conditions.*,
    MIN(own_year) OVER (PARTITION BY patient, tumor) AS case_year,
    MIN(event_date) OVER (PARTITION BY patient, tumor) AS earliest
  FROM conditions
),
begins AS (
  SELECT times.*,
    COALESCE(earliest) AS begin_date
  FROM times
),
periods AS (
  SELECT begins.*,
    CASE WHEN case_year IS NOT NULL THEN CASE WHEN case_year >= 2019 AND case_year <= 2020 THEN 0 WHEN case_year >= 2019 AND case_year <= 2020 THEN -1 WHEN case_year >= 2021 THEN 1 WHEN case_year >= 2021 THEN -1 ELSE -2 END ELSE CASE WHEN begin_date IS NULL THEN -1 WHEN begin_date >= DATE '2019-01-01' AND begin_date <= DATE '2020-12-31' THEN 0 WHEN begin_date >= DATE '2021-01-01' THEN 1 ELSE -2 END END AS slice
  FROM begins
),
wanted AS (
  SELECT h.patient, h.tumor, h.home, h.event_seq, h.event_date, h.kind, h.hospital, h.treated, h.slice
  FROM periods h
  WHERE (h.tumor <> '' OR h.some_tumor = '' OR h.stray = 1)
    AND h.meets_1 = 1
    AND h.slice <> -2
),
places AS (
  SELECT h.patient, h.tumor, h.home, h.event_seq, h.event_date, h.kind, h.hospital, h.slice,
    CASE WHEN h.hospital = h.home THEN 1 ELSE 0 END AS inside,
    h.treated AS counts
  FROM wanted h
  WHERE h.slice >= 0
),
marked_places AS (
  SELECT places.*,
    MAX(counts) OVER (PARTITION BY patient, tumor) AS case_counts
  FROM places
),
ranked AS (
  SELECT patient, tumor, home, slice, counts, CASE WHEN inside = 1 THEN home ELSE hospital END AS place,
    ROW_NUMBER() OVER (PARTITION BY patient, tumor ORDER BY inside, event_seq ASC NULLS LAST, event_date ASC NULLS LAST, CASE WHEN kind IS NULL THEN 0 WHEN kind = 'diagnosis' THEN 1 WHEN kind = 'first_visit' THEN 2 ELSE 3 END ASC, kind ASC NULLS FIRST, hospital ASC NULLS FIRST) AS choice
  FROM marked_places
  WHERE counts = case_counts
),
cases AS (
  SELECT patient, tumor, home, slice, counts, place
  FROM ranked
  WHERE choice = 1
),
flows AS (
  SELECT COALESCE(c.home, 'origin_unknown') AS origin,
    c.slice AS slice,
    CASE WHEN c.counts = 0 THEN 'untreated'
      ELSE COALESCE(c.place, 'destination_unknown') END AS destination
  FROM cases c
)
SELECT origin, destination, COUNT(*) AS flow, slice
FROM flows
GROUP BY origin, destination, slice
UNION ALL
SELECT CAST(NULL AS STRING), 'cases', COUNT(*), CAST(NULL AS INTEGER) FROM (SELECT DISTINCT h.patient, h.tumor FROM tumors h WHERE (h.tumor <> '' OR h.some_tumor = '' OR h.stray = 1)) counted
UNION ALL
SELECT CAST(NULL AS STRING), 'patients', COUNT(DISTINCT h.patient), CAST(NULL AS INTEGER) FROM tumors h WHERE (h.tumor <> '' OR h.some_tumor = '' OR h.stray = 1)
UNION ALL
SELECT CAST(NULL AS STRING), 'undated', COUNT(*), CAST(NULL AS INTEGER) FROM (SELECT DISTINCT patient, tumor FROM wanted WHERE slice = -1) undated
UNION ALL
SELECT CAST(NULL AS STRING), 'where_1', COUNT(*), CAST(NULL AS INTEGER) FROM marked_rows WHERE attribute_1 = 'early'
ORDER BY origin NULLS FIRST, destination NULLS FIRST, slice
