import { expect, it } from 'vitest';
import { parse, presets } from '../../catalog';
import { methodIds, methodTemplate } from './templates';

const [{ experiment }] = presets;

it('every method can be added to every network of the presets as it is', () => {
  for (const preset of presets) {
    for (const id of methodIds) {
      const recipe = [...preset.experiment.recipe, methodTemplate(id, preset.experiment)];
      expect(parse({ ...preset.experiment, recipe })).toMatchObject({ ok: true });
    }
  }
});
it('factorize takes fc1 where there is one, else the largest dense layer', () => {
  expect(methodTemplate('factorize', experiment)).toEqual({ do: 'factorize' });
  const other = { ...experiment, data: 'cifar-10', model: 'resnet-8' };
  expect(methodTemplate('factorize', other)).toEqual({ do: 'factorize', with: { layers: ['out'] } });
});
