import { mkdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { DuckDBInstance } from '@duckdb/node-api';

// DuckDB's own load, which checks nothing: node duckdb-load.js <statements> <folder>
// The statements are an array in a JSON file; {folder} in them is where the database is made.

const [, , statements, folder] = process.argv;
mkdirSync(folder);
const instance = await DuckDBInstance.create(`${folder}/warehouse.duckdb`, { threads: '2' });
const connection = await instance.connect();
await connection.run("SET TimeZone = 'UTC'");
await connection.run('SET preserve_insertion_order = false');
for (const statement of JSON.parse(readFileSync(statements, 'utf8')))
  await connection.run(statement.replaceAll('{folder}', folder));
connection.closeSync();
instance.closeSync();
