import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { i18n } from '../../i18n';
import {
  accuracyText,
  decimalsFor,
  kilobytes,
  rangeText,
  shapeText,
  shareText,
  signedPoints,
} from './numbers';

const plain = (text: string) => text.replaceAll('\u202f', ' ');

describe.each(['en', 'zh-CN'] as const)('numbers in %s', (language) => {
  beforeAll(() => void i18n.changeLanguage(language));
  afterAll(() => void i18n.changeLanguage('en'));
  test('points carry their sign, and zero none', () => {
    expect(signedPoints(-0.0036)).toBe('−0.36');
    expect(signedPoints(0.0101)).toBe('+1.01');
    expect(signedPoints(-0.000001)).toBe('0.00');
  });
  test('sizes are kilobytes of 1,000 bytes whatever their size', () => {
    expect(plain(kilobytes(31_400))).toBe('31.4 kB');
    expect(plain(kilobytes(1_066_440))).toBe('1,066 kB');
    expect(plain(kilobytes(999))).toBe('1.0 kB');
  });
  test('no more decimals than the number of images carries', () => {
    expect(decimalsFor(10_000)).toBe(2);
    expect(plain(accuracyText(9762, 10_000))).toBe('97.62 %');
    expect(plain(accuracyText(972, 1000))).toBe('97.2 %');
    expect(plain(accuracyText(0, 0))).toBe('0 %');
  });
  test('shares near 0 and 1 keep their digits', () => {
    expect([1, 0.5, 0.098, 0.0123, 0.00051, 0].map(shareText).map(plain)).toEqual([
      '100 %',
      '50 %',
      '9.8 %',
      '1.23 %',
      '0.051 %',
      '0 %',
    ]);
  });
  test('ranges and shapes', () => {
    expect(rangeText(0.97, 1.05)).toBe('0.97–1.05×');
    expect(shapeText([784, 300])).toBe('784×300');
  });
});
