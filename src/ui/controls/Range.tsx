/**
 * A slider whose track may be stretched at one end. The native input inside holds the true value, so
 * keyboard, screen readers and forms see sparsity and not pixels; only drawing and pointer are warped.
 */
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react';
import { nudge, positionOf, snap, type Track, valueAt } from '../../spec/warp';
import classes from './Range.module.css';

export interface RangeProps {
  track: Track;
  value: number;
  /** Accessible name. */
  name: string;
  valueText: string;
  disabled?: boolean;
  /** Drawn above the rail, along the same track. */
  behind?: ReactNode;
  /** `commit` is false while dragging and true once when let go. */
  onChange: (value: number, commit: boolean) => void;
}

const jumps: Record<string, number> = { PageUp: 10, PageDown: -10 };
const arrows: Record<string, -1 | 1> = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };

/** Next value for a key, or undefined when the key is none of the slider's. */
function keyed(key: string, value: number, track: Track): number | undefined {
  if (key === 'Home') return track.min;
  if (key === 'End') return track.max;
  const by = arrows[key] ?? jumps[key];
  if (!by) return undefined;
  let next = value;
  for (let i = 0; i < Math.abs(by); i++) next = nudge(next, by > 0 ? 1 : -1, track);
  return next;
}

export function Range({ track, value, name, valueText, disabled, behind, onChange }: RangeProps) {
  const rail = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const dragged = useRef<number | null>(null);

  const follow = (e: PointerEvent) => {
    const box = rail.current!.getBoundingClientRect();
    const next = valueAt((e.clientX - box.left) / box.width, track);
    if (next !== dragged.current) onChange(next, false);
    dragged.current = next;
  };
  const down = (e: PointerEvent<HTMLDivElement>) => {
    if (disabled || e.button !== 0) return;
    e.preventDefault();
    input.current?.focus({ preventScroll: true });
    e.currentTarget.setPointerCapture(e.pointerId);
    follow(e);
  };
  const up = () => {
    if (dragged.current === null) return;
    onChange(dragged.current, true);
    dragged.current = null;
  };
  const press = (e: KeyboardEvent) => {
    if (disabled || e.altKey || e.ctrlKey || e.metaKey) return;
    const next = keyed(e.key, value, track);
    if (next === undefined) return;
    e.preventDefault();
    if (next !== value) onChange(next, true);
  };

  const at = `${positionOf(value, track) * 100}%`;
  return (
    <div
      className={classes.root}
      data-disabled={disabled || undefined}
      data-behind={behind !== undefined || undefined}
      onPointerDown={down}
      onPointerMove={(e) => dragged.current !== null && follow(e)}
      onPointerUp={up}
      onPointerCancel={up}
    >
      <input
        ref={input}
        type="range"
        className={classes.input}
        aria-label={name}
        aria-valuetext={valueText}
        min={track.min}
        max={track.max}
        step="any"
        value={value}
        disabled={disabled}
        onKeyDown={press}
        onChange={(e) => onChange(snap(Number(e.currentTarget.value), track), true)}
      />
      {behind !== undefined && <div className={classes.behind}>{behind}</div>}
      <div ref={rail} className={classes.rail}>
        <div className={classes.bar} style={{ width: at }} />
        <div className={classes.thumb} style={{ left: at }} />
      </div>
    </div>
  );
}
