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
),
memberships AS (
  SELECT hospital, network
  FROM (VALUES
    ('H1', 'A'),
    ('H2', 'A'),
    ('H3', 'B'),
    ('H4', 'B'),
    ('H5', 'C'),
    ('H5', 'F'),
    ('H6', 'D'),
    ('H7', 'E')
  ) AS listed (hospital, network)
),
divisions AS (
  SELECT hospital, network, COUNT(*) OVER (PARTITION BY hospital) AS parts
  FROM memberships
),
places AS (
  SELECT h.patient, h.tumor, h.home, h.event_seq, h.event_date, h.kind, h.hospital,
    o.network AS home_group,
    COALESCE(o.parts, 1) AS home_parts,
    CASE WHEN h.hospital = h.home OR n.hospital IS NOT NULL THEN 1 ELSE 0 END AS inside,
    h.treated AS counts
  FROM wanted h
  LEFT JOIN divisions o ON o.hospital = h.home
  LEFT JOIN divisions n ON n.hospital = h.hospital AND n.network = o.network
),
marked_places AS (
  SELECT places.*,
    MAX(counts) OVER (PARTITION BY patient, tumor) AS case_counts
  FROM places
),
ranked AS (
  SELECT patient, tumor, home, counts, home_group, home_parts, CASE WHEN inside = 1 THEN home ELSE hospital END AS place,
    ROW_NUMBER() OVER (PARTITION BY patient, tumor, home_group ORDER BY inside, event_seq ASC NULLS LAST, event_date ASC NULLS LAST, CASE WHEN kind IS NULL THEN 0 WHEN kind = 'diagnosis' THEN 1 WHEN kind = 'first_visit' THEN 2 ELSE 3 END ASC, kind COLLATE "C" ASC NULLS FIRST, hospital COLLATE "C" ASC NULLS FIRST) AS choice
  FROM marked_places
  WHERE counts = case_counts
),
cases AS (
  SELECT patient, tumor, home, counts, home_group, home_parts, place
  FROM ranked
  WHERE choice = 1
),
flows AS (
  SELECT COALESCE(COALESCE(c.home_group, CHR(30) || c.home), 'origin_unknown') AS origin,
    c.home_parts * COALESCE(dd.parts, 1) AS parts,
    CASE WHEN c.counts = 0 THEN 'untreated'
      ELSE COALESCE(CASE WHEN c.place = c.home AND c.home_group IS NOT NULL THEN c.home_group ELSE COALESCE(dd.network, CHR(30) || c.place) END, 'destination_unknown') END AS destination
  FROM cases c
  LEFT JOIN divisions dd ON dd.hospital = c.place AND c.counts = 1 AND (c.home_group IS NULL OR c.place <> c.home)
)
SELECT origin, destination, COUNT(*) AS flow, parts
FROM flows
GROUP BY origin, destination, parts
UNION ALL
SELECT CAST(NULL AS TEXT), CHR(29) || network, 0, CAST(NULL AS INTEGER) FROM (SELECT DISTINCT network FROM memberships WHERE hospital IS NOT NULL AND network IS NOT NULL) named
UNION ALL
SELECT CAST(NULL AS TEXT), 'cases', COUNT(*), CAST(NULL AS INTEGER) FROM (SELECT DISTINCT h.patient, h.tumor FROM cases h) counted
UNION ALL
SELECT CAST(NULL AS TEXT), 'patients', COUNT(DISTINCT h.patient), CAST(NULL AS INTEGER) FROM cases h
ORDER BY origin NULLS FIRST, destination NULLS FIRST, parts
