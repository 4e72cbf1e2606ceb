// SPDX-License-Identifier: Apache-2.0
// usage: node duckdb.js count|flow FILE REPEATS | parquet FILE.csv FILE.parquet; threads: BENCH_THREADS
const { DuckDBInstance } = require('@duckdb/node-api')

const [task, file, repeats] = process.argv.slice(2)
const from = file.endsWith('.parquet') ? `read_parquet('${file}')` : `read_csv('${file}', header=true, delim=',', columns={
  'patient_id': 'VARCHAR', 'tumour': 'VARCHAR', 'year': 'SMALLINT', 'first_visit_hospital': 'VARCHAR',
  'treatment': 'VARCHAR', 'treatment_hospital': 'VARCHAR', 'date': 'DATE'})`
const tasks = {
  count: `SELECT first_visit_hospital, treatment_hospital, tumour, year, count(*) n FROM ${from} GROUP BY ALL`,
  flow: `SELECT a, b, count(*) n FROM (
    SELECT lag(treatment_hospital) OVER (PARTITION BY patient_id ORDER BY date, treatment, treatment_hospital) a,
      treatment_hospital b FROM ${from}) WHERE a IS NOT NULL GROUP BY ALL`,
}

async function main() {
  const db = await DuckDBInstance.create(':memory:', { threads: process.env.BENCH_THREADS || '2', preserve_insertion_order: 'false' })
  const c = await db.connect()
  if (task === 'parquet') return c.run(`COPY (SELECT * FROM ${from}) TO '${repeats}' (FORMAT parquet)`)
  for (let i = 0; i < Number(repeats); i++) {
    const begin = process.hrtime.bigint(), cpu = process.cpuUsage()
    const r = await c.runAndReadAll(`SELECT count(*) || ',' || sum(n) || ',' || sum(n * n) FROM (${tasks[task]})`)
    const wall = Number(process.hrtime.bigint() - begin) / 1e9, used = process.cpuUsage(cpu)
    console.log(`RUN ${wall.toFixed(4)} ${((used.user + used.system) / 1e6).toFixed(4)} ${r.getRows()[0][0]}`)
  }
  console.log('VERSION DuckDB', (await c.runAndReadAll('SELECT version()')).getRows()[0][0])
}

main().catch(e => { console.error(e); process.exit(1) })
