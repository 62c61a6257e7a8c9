import { describe, expect, it } from 'vitest';
import { OwnDesk } from './desk';
import { ownInfo } from './registry';
import { digits, folders, text, zip } from './testing/encoders';
import type { OwnProgress } from './types';

const archive = zip(folders(digits(120), ['cat', 'dog', 'fox']));
const upload = (path: string, bytes: Uint8Array) => ({
  path,
  file: new Blob([bytes as Uint8Array<ArrayBuffer>]),
});
const pets = upload('pets.zip', archive);

describe('own files at the desk', () => {
  it('are read with progress, looked at and used; without storage it is said and goes on', async () => {
    const desk = new OwnDesk();
    const told: OwnProgress[] = [];
    const { look, problem } = await desk.read([pets], (p) => told.push(p));
    expect(problem).toBeUndefined();
    const { info, perClass, samples, format } = look!;
    expect(format).toBe('folder');
    for (const split of ['train', 'val', 'test'] as const)
      expect(perClass[split].reduce((a, b) => a + b)).toBe(info.counts[split]);
    expect(samples.map((s) => s.label)).toEqual([0, 1, 2].flatMap((l) => Array(8).fill(l)));
    expect(samples[0].pixels).toHaveLength(25);
    expect(told.map((p) => p.stage)).toContain('read');
    expect(ownInfo(info.id)).toBeUndefined();
    // Node has no IndexedDB.
    expect((await desk.use(info.id, 'my pets')).problem).toMatchObject({
      code: 'own.storage',
      values: { name: 'my pets' },
    });
    expect(ownInfo(info.id)?.name).toBe('my pets');
    await desk.remove(info.id);
    expect(ownInfo(info.id)).toBeUndefined();
  });
  it('a folder is one: what is strange in it is left out, what is dropped beside it is not', async () => {
    const files = Object.entries(folders(digits(120))).map(([path, b]) => upload(`toys/${path}`, b));
    const strange = upload('toys/x.bin', Uint8Array.of(1, 2, 3));
    const { look } = await new OwnDesk().read([...files, strange], () => {});
    expect(look?.info.name).toBe('toys');
    expect(look?.notes).toContainEqual({ code: 'ignored', values: { count: 1, name: 'toys/x.bin' } });
    const beside = await new OwnDesk().read([...files, upload('x.bin', Uint8Array.of(1, 2, 3))], () => {});
    expect(beside.problem).toMatchObject({ code: 'own.unknown', values: { name: 'x.bin' } });
  });
  it('a refusal is an answer; newer files and giving up leave the older without one', async () => {
    const desk = new OwnDesk();
    expect((await desk.read([upload('a', text('hi'))], () => {})).problem).toMatchObject({
      code: 'own.unknown',
    });
    const first = desk.read([pets], () => {});
    const second = desk.read([pets], () => {});
    expect(await first).toEqual({});
    expect((await second).look?.info.name).toBe('pets');
    const third = desk.read([pets], () => {});
    desk.cancel();
    expect(await third).toEqual({});
  });
  it('what was not read cannot be used', async () => {
    expect((await new OwnDesk().use('own-0123456789ab', 'x')).problem).toMatchObject({ code: 'own.missing' });
  });
});
