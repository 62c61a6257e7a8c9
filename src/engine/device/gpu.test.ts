import { describe, expect, it } from 'vitest';
import type { WinnowError } from '../../spec/problem';
import { guardOf } from './gpu';

/** A device that can be made to fail, and what the guard made of it. */
function fakeDevice() {
  const target = new EventTarget();
  let lose: (info: GPUDeviceLostInfo) => void = () => {};
  const lost = new Promise<GPUDeviceLostInfo>((resolve) => {
    lose = resolve;
  });
  const device = Object.assign(target, { lost }) as unknown as GPUDevice;
  const told: WinnowError[] = [];
  const guard = guardOf(device, (error) => told.push(error));
  const err = (message: string) =>
    target.dispatchEvent(Object.assign(new Event('uncapturederror'), { error: { message } }));
  const loseAs = (reason: string, message = '') => lose({ reason, message } as GPUDeviceLostInfo);
  return { guard, told, err, loseAs };
}
const never = new Promise<number>(() => {});

describe('a watched GPU', () => {
  it('gives results while all is well', async () => {
    const { guard, told } = fakeDevice();
    expect(await guard(Promise.resolve(3))).toBe(3);
    await expect(guard(Promise.reject(new Error('own')))).rejects.toThrow('own');
    expect(told).toEqual([]);
  });
  it('ends waiting work when it is lost, and says so once', async () => {
    const { guard, told, loseAs, err } = fakeDevice();
    const waiting = guard(never);
    loseAs('unknown', 'driver reset');
    await expect(waiting).rejects.toMatchObject({ problem: { code: 'gpu.lost', path: 'backend' } });
    err('later');
    await expect(guard(Promise.resolve(1))).rejects.toThrow(/device was lost \(driver reset\)/);
    expect(told).toHaveLength(1);
  });
  it('refuses results after an error of the device, which would be leftovers', async () => {
    const { guard, told, err } = fakeDevice();
    err('Invalid ComputePipeline');
    await expect(guard(Promise.resolve(1))).rejects.toMatchObject({
      problem: { code: 'gpu.error', values: { detail: 'Invalid ComputePipeline' } },
    });
    expect(told.map((e) => e.problem.code)).toEqual(['gpu.error']);
  });
  it('takes our own destroying of it for no accident', async () => {
    const { guard, told, loseAs } = fakeDevice();
    loseAs('destroyed');
    await Promise.resolve();
    expect(await guard(Promise.resolve(1))).toBe(1);
    expect(told).toEqual([]);
  });
});
