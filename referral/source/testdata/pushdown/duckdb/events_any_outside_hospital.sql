WITH source_rows AS (
  SELECT NULLIF(TRIM(CAST("patient" AS VARCHAR)), '') AS patient,
    CAST(NULL AS VARCHAR) AS own_tumor,
    "seq" AS event_seq,
    "date" AS event_date,
    NULLIF(TRIM(CAST("event" AS VARCHAR)), '') AS kind,
    NULLIF(TRIM(CAST("hospital" AS VARCHAR)), '') AS hospital,
    COALESCE(NULLIF(TRIM(CAST("layer" AS VARCHAR)), ''), CASE NULLIF(TRIM(CAST("event" AS VARCHAR)), '') WHEN 'referral' THEN 'referral' WHEN 'pathology' THEN 'pathology' WHEN 'mdt' THEN 'mdt'
      WHEN 'death' THEN 'status' WHEN 'end' THEN 'status' ELSE 'patient' END) AS layer
  FROM "events"
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
doubts AS (
  SELECT first_visits.*,
    MAX(CASE WHEN COALESCE(hospital, '') <> COALESCE(own_hospital, '')
        AND NOT COALESCE(event_seq <> own_event_seq, 1 = 0) AND NOT COALESCE(event_date > own_event_date, 1 = 0)
      THEN visit ELSE 0 END) OVER (PARTITION BY patient, tumor) AS own_doubt
  FROM first_visits
),
homes AS (
  SELECT doubts.*,
    CASE WHEN own_visit = 1 THEN CASE WHEN own_doubt = 0 THEN own_hospital END END AS home
  FROM doubts
),
wanted AS (
  SELECT h.patient, h.tumor, h.home, h.event_seq, h.event_date, h.kind, h.hospital, h.treated
  FROM homes h
  WHERE (h.tumor <> '' OR h.some_tumor = '' OR h.stray = 1)
),
places AS (
  SELECT h.patient, h.tumor, h.home, h.event_seq, h.event_date, h.kind, h.hospital,
    CASE WHEN h.hospital = h.home THEN 1 ELSE 0 END AS inside,
    h.treated AS counts
  FROM wanted h
),
marked_places AS (
  SELECT places.*,
    MAX(counts) OVER (PARTITION BY patient, tumor) AS case_counts
  FROM places
),
ranked AS (
  SELECT patient, tumor, home, counts, CASE WHEN inside = 1 THEN home ELSE hospital END AS place,
    ROW_NUMBER() OVER (PARTITION BY patient, tumor ORDER BY inside, event_seq ASC NULLS LAST, event_date ASC NULLS LAST, kind ASC NULLS FIRST, hospital ASC NULLS FIRST) AS choice
  FROM marked_places
  WHERE counts = case_counts
),
cases AS (
  SELECT patient, tumor, home, counts, place
  FROM ranked
  WHERE choice = 1
),
flows AS (
  SELECT COALESCE(c.home, 'origin_unknown') AS origin,
    CASE WHEN c.counts = 0 THEN 'untreated'
      ELSE COALESCE(c.place, 'destination_unknown') END AS destination
  FROM cases c
)
SELECT origin, destination, COUNT(*) AS flow
FROM flows
GROUP BY origin, destination
UNION ALL
SELECT CAST(NULL AS VARCHAR), 'cases', COUNT(*) FROM (SELECT DISTINCT h.patient, h.tumor FROM cases h) counted
UNION ALL
SELECT CAST(NULL AS VARCHAR), 'patients', COUNT(DISTINCT h.patient) FROM cases h
ORDER BY origin NULLS FIRST, destination NULLS FIRST
