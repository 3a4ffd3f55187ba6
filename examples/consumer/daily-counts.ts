/**
 * A day's rows by log type, in local days, and how many of its hours have arrived: below 24 on a day that is over, something is late.
 * @param countView `project.dataset.view`
 */
export function dailyCounts(countView: string): string {
  return `SELECT
  day_kst,
  log_type,
  COUNT(DISTINCT folder_hour) AS hours,
  SUM(row_count) AS row_count,
  SUM(rejected) AS rejected
FROM \`${countView}\`
WHERE log_type IS NOT NULL
GROUP BY day_kst, log_type`;
}
