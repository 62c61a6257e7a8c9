/** What is there of a study without computing anything. */
import type { Row } from '../../spec/types';
import type { StudyKept } from '../../worker/api-study';
import { keptRows } from '../kept';
import { knownLine } from '../line/line';
import type { Results } from '../results';
import { labelled, linesOf, type RunPart, tasksOf } from '../run-places';

/** @param device written into rows that are computed from what is kept */
export async function keptStudy(
  parts: readonly RunPart[],
  results: Results,
  device: string,
): Promise<StudyKept> {
  await results.vault.ready(true);
  const rows: Row[] = [];
  const trainings = new Map<string, boolean>();
  for (const tasks of tasksOf(parts)) {
    for (const task of tasks) {
      const kept = await keptRows(task, results, device);
      for (const row of labelled(task, kept ?? [])) rows.push(row);
      if (!task.method.live) trainings.set(task.key, kept !== undefined);
    }
    for (const { line, ends, ...where } of linesOf(parts, tasks)) {
      const known = await knownLine(results, line, [ends[0].key, ends[1].key]);
      for (const { at, rows: told } of known ?? []) rows.push(...labelled({ ...where, at }, told));
    }
  }
  const done = [...trainings.values()].filter(Boolean).length;
  return { rows, trainings: { done, total: trainings.size } };
}
