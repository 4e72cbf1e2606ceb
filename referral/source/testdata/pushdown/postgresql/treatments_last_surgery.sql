WITH source_rows AS (
  SELECT NULLIF(TRIM(CAST("patient_id" AS TEXT)), '') AS patient,
    NULLIF(TRIM(CAST("tumor" AS TEXT)), '') AS own_tumor,
    CAST(NULL AS INTEGER) AS event_seq,
    "date" AS event_date,
    NULLIF(TRIM(CAST("treatment" AS TEXT)), '') AS kind,
    NULLIF(TRIM(CAST("treatment_hospital" AS TEXT)), '') AS hospital,
    NULLIF(TRIM(CAST("first_visit_hospital" AS TEXT)), '') AS first_hospital
  FROM "treatments"
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
wanted AS (
  SELECT h.patient, h.tumor, h.home, h.event_seq, h.event_date, h.kind, h.hospital, h.treated
  FROM homes h
  WHERE (h.tumor <> '' OR h.some_tumor = '' OR h.stray = 1)
    AND h.tumor = 'C60'
),
places AS (
  SELECT h.patient, h.tumor, h.home, h.event_seq, h.event_date, h.kind, h.hospital,
    CASE WHEN h.kind = 'surgery' THEN h.treated ELSE 0 END AS counts
  FROM wanted h
),
marked_places AS (
  SELECT places.*,
    MAX(counts) OVER (PARTITION BY patient, tumor) AS case_counts
  FROM places
),
ranked AS (
  SELECT patient, tumor, home, counts, hospital AS place,
    ROW_NUMBER() OVER (PARTITION BY patient, tumor ORDER BY event_seq DESC NULLS FIRST, event_date DESC NULLS FIRST, CASE WHEN kind IS NULL THEN 0 WHEN kind = 'diagnosis' THEN 1 WHEN kind = 'first_visit' THEN 2 ELSE 3 END DESC, kind COLLATE "C" DESC NULLS LAST, hospital COLLATE "C" DESC NULLS LAST) AS choice
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
  WHERE c.counts = 1
)
SELECT origin, destination, COUNT(*) AS flow
FROM flows
GROUP BY origin, destination
UNION ALL
SELECT CAST(NULL AS TEXT), 'cases', COUNT(*) FROM (SELECT DISTINCT h.patient, h.tumor FROM tumors h WHERE (h.tumor <> '' OR h.some_tumor = '' OR h.stray = 1)) counted
UNION ALL
SELECT CAST(NULL AS TEXT), 'patients', COUNT(DISTINCT h.patient) FROM tumors h WHERE (h.tumor <> '' OR h.some_tumor = '' OR h.stray = 1)
UNION ALL
SELECT CAST(NULL AS TEXT), 'other_kinds', COUNT(*) FROM (SELECT DISTINCT patient, tumor FROM cases WHERE counts = 0) other_kinds
UNION ALL
SELECT CAST(NULL AS TEXT), 'modality', COUNT(*) FROM marked_rows WHERE kind = 'surgery'
UNION ALL
SELECT CAST(NULL AS TEXT), 'tumor', COUNT(*) FROM marked_rows WHERE own_tumor = 'C60'
ORDER BY origin NULLS FIRST, destination NULLS FIRST
