import { describe, expect, it } from 'vitest';
import { criterionIds } from '../methods/criteria/registry';
import { methods } from '../methods/registry';
import { unitCriterionIds } from '../methods/unit-criteria/registry';
import { resources } from './index';

type Tree = { [key: string]: string | Tree };
const flat = (tree: Tree, prefix = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[prefix + key, value] as [string, string]]
      : flat(value, `${prefix}${key} > `),
  );
const variables = (text: string) => [...text.matchAll(/{{\s*(\w+)/g)].map((m) => m[1]).sort();
const namespaces = Object.keys(resources.en) as (keyof typeof resources.en)[];

describe.each(namespaces)('namespace %s', (ns) => {
  const en = new Map(flat(resources.en[ns] as unknown as Tree));
  const zh = new Map(flat(resources['zh-CN'][ns] as unknown as Tree));
  it('has the same keys in English and Chinese', () => {
    expect([...zh.keys()].sort()).toEqual([...en.keys()].sort());
  });
  it('uses the same variables', () => {
    for (const [key, text] of en) expect([key, variables(zh.get(key) ?? '')]).toEqual([key, variables(text)]);
  });
  it('leaves nothing that should be said unsaid', () => {
    for (const [key, text] of en) if (text) expect([key, zh.get(key)]).not.toEqual([key, '']);
  });
});

describe('words of methods', () => {
  const { name, about, param, option } = resources['zh-CN'].methods as unknown as Record<
    string,
    Record<string, string>
  >;
  it.each(methods.map((m) => [m.id, m] as const))(
    '%s is translated: name, parameters, options',
    (id, method) => {
      expect(name).toHaveProperty([id]);
      expect(about).toHaveProperty([id]);
      for (const p of Object.values(method.params) as { label: string; options?: readonly string[] }[]) {
        expect(param).toHaveProperty([p.label]);
        // Criteria bring their own words (src/methods/contract.test.ts).
        const plain = (p.options ?? []).filter((o) => ![...criterionIds, ...unitCriterionIds].includes(o));
        for (const o of plain) expect(option).toHaveProperty([o]);
      }
    },
  );
});
