import { describe, expect, it } from 'vitest';
import { readPlace, writePlace } from './view';

describe('place', () => {
  it('links without a view are the lab, untouched', () => {
    for (const link of [
      '',
      '#v1/lenet-mnist',
      'v1/lenet-mnist/recipe.1.sparsity=0.95',
      'z1/8KdW',
      'lenet-mnist',
    ])
      expect(readPlace(link)).toEqual({ experiment: link, view: 'lab', shown: '' });
  });

  it.each([
    { experiment: 'v1/lenet-mnist', view: 'speed', shown: '' },
    { experiment: '', view: 'speed', shown: '' },
    { experiment: 'z1/8KdW', view: 'speed', shown: '1.abcXYZ09' },
    { experiment: 'v1/lenet-mnist/recipe.1.sparsity=0.95', view: 'lab', shown: '' },
  ] as const)('$experiment, $view, "$shown" survives', (place) => {
    expect(readPlace(writePlace(place))).toEqual(place);
  });

  it('understands what chats make of a link', () => {
    expect(readPlace('#v1/lenet-mnist%7Espeed%3D1.ab')).toEqual({
      experiment: 'v1/lenet-mnist',
      view: 'speed',
      shown: '1.ab',
    });
  });

  it('an unknown view is the lab with the same experiment', () => {
    expect(readPlace('v1/lenet-mnist~attic=1')).toEqual({
      experiment: 'v1/lenet-mnist',
      view: 'lab',
      shown: '',
    });
    expect(readPlace('v1~')).toEqual({ experiment: 'v1', view: 'lab', shown: '' });
  });
});
