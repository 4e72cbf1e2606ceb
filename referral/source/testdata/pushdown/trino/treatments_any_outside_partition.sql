WITH source_rows AS (
  SELECT NULLIF(TRIM(CAST("patient_id" AS VARCHAR)), '') AS patient,
    NULLIF(TRIM(CAST("tumor" AS VARCHAR)), '') AS own_tumor,
    CAST(NULL AS INTEGER) AS event_seq,
    "date" AS event_date,
    NULLIF(TRIM(CAST("treatment" AS VARCHAR)), '') AS kind,
    NULLIF(TRIM(CAST("treatment_hospital" AS VARCHAR)), '') AS hospital,
    NULLIF(TRIM(CAST("first_visit_hospital" AS VARCHAR)), '') AS first_hospital
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
),
memberships AS (
  SELECT hospital, network
  FROM (VALUES
    ('H1', 'West'),
    ('H2', 'West'),
    ('H3', 'West'),
    ('H4', 'East'),
    ('H5', 'East'),
    ('H6', 'O''East'),
    ('H7', 'Ea"st\')
  ) AS listed (hospital, network)
),
classes AS (
  SELECT hospital, ARRAY_JOIN(ARRAY_AGG(network ORDER BY network), CHR(31)) AS class
  FROM memberships
  WHERE hospital IS NOT NULL AND network IS NOT NULL
  GROUP BY hospital
),
companions AS (
  SELECT DISTINCT a.hospital AS hospital, b.hospital AS other
  FROM memberships a
  JOIN memberships b ON a.network = b.network
),
places AS (
  SELECT h.patient, h.tumor, h.home, h.event_seq, h.event_date, h.kind, h.hospital,
    CASE WHEN h.hospital = h.home OR n.hospital IS NOT NULL THEN 1 ELSE 0 END AS inside,
    h.treated AS counts
  FROM wanted h
  LEFT JOIN companions n ON n.hospital = h.home AND n.other = h.hospital
),
marked_places AS (
  SELECT places.*,
    MAX(counts) OVER (PARTITION BY patient, tumor) AS case_counts
  FROM places
),
ranked AS (
  SELECT patient, tumor, home, counts, CASE WHEN inside = 1 THEN home ELSE hospital END AS place,
    ROW_NUMBER() OVER (PARTITION BY patient, tumor ORDER BY inside, event_seq ASC NULLS LAST, event_date ASC NULLS LAST, CASE WHEN kind IS NULL THEN 0 WHEN kind = 'diagnosis' THEN 1 WHEN kind = 'first_visit' THEN 2 ELSE 3 END ASC, kind ASC NULLS FIRST, hospital ASC NULLS FIRST) AS choice
  FROM marked_places
  WHERE counts = case_counts
),
cases AS (
  SELECT patient, tumor, home, counts, place
  FROM ranked
  WHERE choice = 1
),
flows AS (
  SELECT COALESCE(COALESCE(oc.class, CHR(30) || c.home), 'origin_unknown') AS origin,
    CASE WHEN c.counts = 0 THEN 'untreated'
      ELSE COALESCE(COALESCE(dc.class, CHR(30) || c.place), 'destination_unknown') END AS destination
  FROM cases c
  LEFT JOIN classes oc ON oc.hospital = c.home
  LEFT JOIN classes dc ON dc.hospital = c.place
)
SELECT origin, destination, COUNT(*) AS flow
FROM flows
GROUP BY origin, destination
UNION ALL
SELECT CAST(NULL AS VARCHAR), CHR(29) || network, 0 FROM (SELECT DISTINCT network FROM memberships WHERE hospital IS NOT NULL AND network IS NOT NULL) named
UNION ALL
SELECT CAST(NULL AS VARCHAR), 'cases', COUNT(*) FROM (SELECT DISTINCT h.patient, h.tumor FROM cases h) counted
UNION ALL
SELECT CAST(NULL AS VARCHAR), 'patients', COUNT(DISTINCT h.patient) FROM cases h
ORDER BY origin NULLS FIRST, destination NULLS FIRST
