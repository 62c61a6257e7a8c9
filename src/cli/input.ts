import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { decode, parse, presetOf, presets } from '../catalog';
import { type Problem, WinnowError } from '../spec/problem';
import type { Experiment } from '../spec/types';

/**
 * The experiment that an argument names: a preset's id, a JSON file, or a link (whole or its fragment).
 * @throws WinnowError that lists every problem, one a line, each with the path of its field
 */
export async function readExperiment(argument: string): Promise<Experiment> {
  const preset = presetOf(argument);
  if (preset) return preset.experiment;
  if (existsSync(argument)) return fromJson(argument);
  if (!/[#=;&/.]/.test(argument)) {
    const known = presets.map((p) => p.id).join(', ');
    throw refuse([
      { code: 'preset', path: 'experiment', message: `no preset or file "${argument}"; presets: ${known}` },
    ]);
  }
  if (argument.endsWith('.json')) {
    throw refuse([{ code: 'file', path: 'experiment', message: `there is no file ${argument}` }]);
  }
  const { experiment, problems } = decode(argument);
  if (problems.length) throw refuse(problems);
  return experiment;
}

async function fromJson(file: string): Promise<Experiment> {
  let raw: unknown;
  try {
    raw = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw refuse([
      { code: 'json', path: 'experiment', message: `${file} is not JSON: ${(error as Error).message}` },
    ]);
  }
  // What `--json` wrote is accepted as well as the bare experiment.
  const inner = raw && typeof raw === 'object' && 'experiment' in raw ? raw.experiment : raw;
  const parsed = parse(inner);
  if (!parsed.ok) throw refuse(parsed.problems);
  return parsed.experiment;
}

/** All of them, one a line. */
export function refuse(problems: readonly Problem[]): WinnowError {
  const [first, ...rest] = problems;
  const more = rest.map(({ path, message }) => `\n${path ? `${path}: ` : ''}${message}`).join('');
  return new WinnowError({ ...first, message: first.message + more });
}
