/** From zod's issues to refusals with our wording, path and values. */
import type { z } from 'zod';
import { ARM_NAME, LIMITS } from './limits';
import { valueAt } from './path';
import type { Problem } from './problem';
import {
  badCount,
  badName,
  notInteger,
  outOfRange,
  unknownChoice,
  unknownField,
  wrongType,
} from './refusals';

/** A refusal and the segments of its path (a layer's name may hold dots, so the text is not enough). */
export interface Found {
  problem: Problem;
  parts: (string | number)[];
}
/** Names of the fields that are allowed at a path, for `unknown field` messages. */
export type AllowedAt = (parts: readonly (string | number)[]) => readonly string[];

const TYPES: Record<string, string> = {
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};
const ARM_RULE = `a small letter, then small letters, digits and "-", at most 24 (${ARM_NAME.source})`;
const FILE_RULE = '"file-" and the first 12 hex digits of the file’s sha256';
const LAYER_RULE =
  'a letter, then letters, digits, "_", "-" and ".", at most 32, with a letter or digit at the end';

/** One or more refusals for an issue of the raw document. */
export function toFound(issue: z.core.$ZodIssue, raw: unknown, allowedAt: AllowedAt): Found[] {
  const parts = issue.path as (string | number)[];
  const path = parts.join('.');
  const got = valueAt(raw, parts);
  const one = (problem: Problem) => [{ problem, parts }];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        problem: unknownField([...parts, key || '""'].join('.'), allowedAt(parts)),
        parts: [...parts, key],
      }));
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      return one(
        got === undefined
          ? wrongType(path, `one of ${allowed.join(', ')}`, got)
          : unknownChoice(path, allowed, got),
      );
    }
    case 'invalid_type':
      return one(wrongType(path, TYPES[issue.expected] ?? issue.expected, got));
    case 'invalid_key':
      return one(badName(path, parts.at(-2) === 'fork' ? ARM_RULE : LAYER_RULE, parts.at(-1)));
    case 'invalid_format':
      return one(badName(path, LAYER_RULE, got));
    case 'custom':
      return one(ownRule(issue.params as unknown as OwnRule, path, got));
    default:
      return one({ code: issue.code, path, message: issue.message });
  }
}

const size = (value: unknown) =>
  typeof value === 'object' && value !== null ? Object.keys(value).length : 0;

interface OwnRule {
  rule: string;
  min: number;
  max: number;
  allowed: readonly string[];
}
function ownRule({ rule, min, max, allowed }: OwnRule, path: string, got: unknown) {
  switch (rule) {
    case 'integer':
      return notInteger(path, got as number);
    case 'range':
      return outOfRange(path, min, max, got as number);
    case 'id':
      return unknownChoice(path, allowed, got);
    case 'arms':
      return badCount(path, 'arms', LIMITS.arms, size(got));
    case 'layers':
      return badCount(path, 'layers', LIMITS.layers, size(got));
    case 'sweepValues':
      return badCount(path, 'values', LIMITS.sweepValues, size(got));
    case 'file':
      return badName(path, FILE_RULE, got);
    case 'distinct':
      return { code: 'duplicate', path, message: 'must not name a layer twice' };
    default:
      return wrongType(path, 'a card, that is an object with exactly one of do, repeat and fork', got);
  }
}
