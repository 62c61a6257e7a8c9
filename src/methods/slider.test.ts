import { describe, expect, it } from 'vitest';
import { methodById } from './registry';
import { sliderOf } from './slider';

describe('sliderOf', () => {
  it('is the parameter in charge', () => {
    expect(sliderOf(methodById('prune'))).toBe('sparsity');
    expect(sliderOf(methodById('prune'), { shape: '4x1' })).toBe('sparsity');
    expect(sliderOf(methodById('prune'), { shape: 'nm' })).toBe('keep');
    expect(sliderOf(methodById('factorize'))).toBe('rank');
    expect(sliderOf(methodById('factorize'), { by: 'energy' })).toBe('energy');
    expect(sliderOf(methodById('rewind'))).toBeUndefined();
  });
});
