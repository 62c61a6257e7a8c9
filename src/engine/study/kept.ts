/** What is there of a study without computing anything. */
import type { Row } from '../../spec/types';
import type { StudyKept } from '../../worker/api-study';
import { keptRows } from '../kept';
import type { Results } from '../results';
import { labelled, type RunPart, tasksOf } from '../run-places';

/** @param device written into rows that are computed from what is kept */
export async function keptStudy(
  parts: readonly RunPart[],
  results: Results,
  device: string,
): Promise<StudyKept> {
  const rows: Row[] = [];
  const trainings = new Map<string, boolean>();
  for (const task of tasksOf(parts).flat()) {
    const kept = await keptRows(task, results, device);
    for (const row of labelled(task, kept ?? [])) rows.push(row);
    if (!task.method.live) trainings.set(task.key, kept !== undefined);
  }
  const done = [...trainings.values()].filter(Boolean).length;
  return { rows, trainings: { done, total: trainings.size } };
}
