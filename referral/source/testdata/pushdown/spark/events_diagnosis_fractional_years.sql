WITH source_rows AS (
  SELECT NULLIF(TRIM(CAST(`patient` AS STRING)), '') AS patient,
    CAST(NULL AS STRING) AS own_tumor,
    `seq` AS event_seq,
    `date` AS event_date,
    NULLIF(TRIM(CAST(`event` AS STRING)), '') AS kind,
    NULLIF(TRIM(CAST(`hospital` AS STRING)), '') AS hospital,
    COALESCE(NULLIF(TRIM(CAST(`layer` AS STRING)), ''), CASE NULLIF(TRIM(CAST(`event` AS STRING)), '') WHEN 'referral' THEN 'referral' WHEN 'pathology' THEN 'pathology' WHEN 'mdt' THEN 'mdt'
      WHEN 'death' THEN 'status' WHEN 'end' THEN 'status' ELSE 'patient' END) AS layer
  FROM `events`
),
marked_rows AS (
  SELECT source_rows.*,
    CASE WHEN layer = 'patient' AND kind IN ('chemo', 'chemotherapy', 'hormonal', 'hormone', 'immuno', 'immunotherapy', 'radio', 'radiotherapy', 'surgery', 'systemic', 'targeted') THEN 1 ELSE 0 END AS treated
  FROM source_rows
  WHERE patient IS NOT NULL
),
tumors AS (
  SELECT marked_rows.*,
    '' AS tumor,
    '' AS some_tumor,
    0 AS stray
  FROM marked_rows
),
visits AS (
  SELECT tumors.*,
    CASE WHEN layer = 'patient' AND kind = 'first_visit' THEN 1 ELSE 0 END AS visit
  FROM tumors
),
first_visits AS (
  SELECT visits.*,
    FIRST_VALUE(hospital) OVER (PARTITION BY patient, tumor ORDER BY visit DESC, event_seq ASC NULLS LAST, event_date ASC NULLS LAST, hospital ASC NULLS FIRST) AS own_hospital,
    FIRST_VALUE(event_seq) OVER (PARTITION BY patient, tumor ORDER BY visit DESC, event_seq ASC NULLS LAST, event_date ASC NULLS LAST, hospital ASC NULLS FIRST) AS own_event_seq,
    FIRST_VALUE(event_date) OVER (PARTITION BY patient, tumor ORDER BY visit DESC, event_seq ASC NULLS LAST, event_date ASC NULLS LAST, hospital ASC NULLS FIRST) AS own_event_date,
    MAX(visit) OVER (PARTITION BY patient, tumor) AS own_visit
  FROM visits
),
diagnoses AS (
  SELECT first_visits.*,
    CASE WHEN kind = 'diagnosis' THEN 1 ELSE 0 END AS diagnosis,
    CASE WHEN kind = 'diagnosis' AND event_date IS NOT NULL THEN 1 ELSE 0 END AS dated_diagnosis,
    CASE layer WHEN 'patient' THEN 0 WHEN 'referral' THEN 1 WHEN 'pathology' THEN 2 WHEN 'mdt' THEN 3 ELSE 4 END AS layer_place
  FROM first_visits
),
homes AS (
  SELECT diagnoses.*,
    CASE WHEN MAX(diagnosis) OVER (PARTITION BY patient, tumor) = 1 THEN FIRST_VALUE(hospital) OVER (PARTITION BY patient, tumor ORDER BY diagnosis DESC, event_seq ASC NULLS LAST, event_date ASC NULLS LAST, layer_place, hospital ASC NULLS FIRST) END AS home,
    CASE WHEN MAX(dated_diagnosis) OVER (PARTITION BY patient, tumor) = 1 THEN FIRST_VALUE(event_date) OVER (PARTITION BY patient, tumor ORDER BY dated_diagnosis DESC, event_seq ASC NULLS LAST, event_date ASC NULLS LAST, layer_place, hospital ASC NULLS FIRST) END AS diagnosis_date
  FROM diagnoses
),
times AS (
  SELECT homes.*,
    MIN(event_date) OVER (PARTITION BY patient, tumor) AS earliest
  FROM homes
),
begins AS (
  SELECT times.*,
    COALESCE(diagnosis_date, earliest) AS begin_date
  FROM times
),
periods AS (
  SELECT begins.*,
    COALESCE(CAST(EXTRACT(YEAR FROM begin_date) AS INTEGER), -1) AS slice
  FROM begins
),
wanted AS (
  SELECT h.patient, h.tumor, h.home, h.event_seq, h.event_date, h.kind, h.hospital, h.treated, h.slice
  FROM periods h
  WHERE (h.tumor <> '' OR h.some_tumor = '' OR h.stray = 1)
    AND h.slice <> -2
),
places AS (
  SELECT h.patient, h.tumor, h.home, h.event_seq, h.event_date, h.kind, h.hospital, h.slice,
    h.treated AS counts
  FROM wanted h
  WHERE h.slice >= 0
),
marked_places AS (
  SELECT places.*,
    MAX(counts) OVER (PARTITION BY patient, tumor) AS case_counts
  FROM places
),
stops AS (
  SELECT DISTINCT patient, tumor, home, slice, counts, CASE WHEN counts = 1 THEN hospital END AS place
  FROM marked_places
  WHERE counts = case_counts
),
cases AS (
  SELECT patient, tumor, home, slice, counts, place, COUNT(*) OVER (PARTITION BY patient, tumor) AS stops
  FROM stops
),
flows AS (
  SELECT COALESCE(c.home, 'origin_unknown') AS origin,
    c.stops AS parts,
    c.slice AS slice,
    CASE WHEN c.counts = 0 THEN 'untreated'
      ELSE COALESCE(c.place, 'destination_unknown') END AS destination
  FROM cases c
)
SELECT origin, destination, COUNT(*) AS flow, parts, slice
FROM flows
GROUP BY origin, destination, parts, slice
UNION ALL
SELECT CAST(NULL AS STRING), 'cases', COUNT(*), CAST(NULL AS INTEGER), CAST(NULL AS INTEGER) FROM (SELECT DISTINCT h.patient, h.tumor FROM tumors h WHERE (h.tumor <> '' OR h.some_tumor = '' OR h.stray = 1)) counted
UNION ALL
SELECT CAST(NULL AS STRING), 'patients', COUNT(DISTINCT h.patient), CAST(NULL AS INTEGER), CAST(NULL AS INTEGER) FROM tumors h WHERE (h.tumor <> '' OR h.some_tumor = '' OR h.stray = 1)
UNION ALL
SELECT CAST(NULL AS STRING), 'undated', COUNT(*), CAST(NULL AS INTEGER), CAST(NULL AS INTEGER) FROM (SELECT DISTINCT patient, tumor FROM wanted WHERE slice = -1) undated
ORDER BY origin NULLS FIRST, destination NULLS FIRST, parts, slice
