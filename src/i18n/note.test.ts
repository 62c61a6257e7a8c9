import { expect, it } from 'vitest';
import { i18n } from './index';
import { sayNote } from './note';

it('says numbers and shares as people read them, in both languages; a code without a sentence as it is', async () => {
  const note = { code: 'threshold', values: { removed: 12_345, of: 266_200, share: 0.04637 } };
  expect(sayNote(note)).toBe('12,345 of 266,200 weights were below the threshold (4.6\u202f%).');
  await i18n.changeLanguage('zh-CN');
  expect(sayNote(note)).toContain('266,200');
  expect(sayNote(note)).not.toBe('threshold');
  await i18n.changeLanguage('en');
  expect(sayNote({ code: 'nothing.known' })).toBe('nothing.known');
});
