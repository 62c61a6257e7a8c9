import { describe, expect, it } from 'vitest';
import { Cancelled } from '../spec/problem';
import { Control, type ControlState } from './control';

const watched = (control: Control) => {
  const seen: ControlState[] = [];
  return { seen, end: control.watch((state) => seen.push(state)) };
};

describe('Control', () => {
  it('tells of changes and of nothing else', () => {
    const control = new Control();
    const { seen, end } = watched(control);
    control.resume();
    control.pause();
    control.pause();
    control.resume();
    control.stop();
    control.pause();
    control.stop();
    expect(seen).toEqual(['paused', 'running', 'stopped']);
    end();
    expect(watched(control).seen).toEqual(['stopped']);
  });

  it('holds work while paused, and throws once stopped, paused or not', async () => {
    const control = new Control();
    control.pause();
    let passed = false;
    const turn = control.turn().then(() => {
      passed = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(passed).toBe(false);
    control.resume();
    await turn;
    control.pause();
    const stopped = expect(control.turn()).rejects.toThrow(Cancelled);
    control.stop();
    await stopped;
    await expect(control.turn()).rejects.toThrow(Cancelled);
  });

  it('follows the whole; the whole does not follow it', () => {
    const whole = new Control();
    whole.pause();
    const part = new Control(whole);
    expect(part.paused).toBe(true);
    whole.resume();
    expect(part.paused).toBe(false);
    part.stop();
    expect(whole.stopped).toBe(false);
    whole.pause();
    expect(part.stopped).toBe(true);
    const other = new Control(whole);
    whole.stop();
    expect(other.stopped).toBe(true);
  });
});
