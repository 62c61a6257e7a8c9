/** Draw a digit (or take a sample shape) and see what the dense and the compressed network say to it. */
import { Button } from '@mantine/core';
import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { datasetOf } from '../../catalog';
import { percent } from '../../i18n/format';
import { useLab } from '../../store/lab';
import type { Guess } from '../../worker/api';
import { Legend } from '../charts/Legend';
import { centreByMass } from './centre';
import { guess } from './inspection';
import classes from './inspector.module.css';
import { DIGITS, type Stroke } from './strokes';

const SIZE = 280;
const PEN = 22;

/** The pad where it can be asked a fair question, and a sentence where it cannot. */
export function DigitPad() {
  const { t } = useTranslation('charts');
  const id = useLab((s) => s.experiment.data);
  const data = datasetOf(id);
  if (data?.digits) return <Pad />;
  return (
    <section className={`w-card ${classes.card}`} aria-label={t('pad.title')}>
      <div className={classes.head}>
        <h3 className={classes.title}>{t('pad.title')}</h3>
      </div>
      <div className={classes.empty}>{t('pad.notDigits', { name: data?.name ?? id })}</div>
    </section>
  );
}

function Pad() {
  const { t } = useTranslation('charts');
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pixels, setPixels] = useState<Uint8Array>();
  const pen = usePen(canvas, () => setPixels(read(canvas.current)));
  const sample = (digit: number) => {
    wipe(canvas.current);
    for (const stroke of DIGITS[digit]) draw(canvas.current, stroke);
    setPixels(read(canvas.current));
  };
  const clear = () => {
    wipe(canvas.current);
    setPixels(undefined);
  };
  return (
    <section className={`w-card ${classes.card}`} aria-label={t('pad.title')}>
      <div className={classes.head}>
        <h3 className={classes.title}>{t('pad.title')}</h3>
        <Button size="compact-xs" variant="default" onClick={clear} disabled={!pixels}>
          {t('pad.clear')}
        </Button>
      </div>
      <div className={classes.draw}>
        <canvas
          ref={canvas}
          width={SIZE}
          height={SIZE}
          className={classes.pad}
          role="img"
          aria-label={t('pad.canvas')}
          {...pen}
        />
        <Answer pixels={pixels} />
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: buttons that belong together, not form fields. */}
      <div className={classes.samples} role="group" aria-label={t('pad.samples')}>
        {DIGITS.map((_, digit) => (
          <Button
            // biome-ignore lint/suspicious/noArrayIndexKey: the index is the digit.
            key={digit}
            size="compact-xs"
            px={0}
            variant="default"
            aria-label={t('pad.sample', { digit: String(digit) })}
            onClick={() => sample(digit)}
          >
            {digit}
          </Button>
        ))}
      </div>
      <p className={classes.note}>{t('pad.centred')}</p>
    </section>
  );
}

/** Asks again when the drawing or the network changes; an answer to an older question is dropped. */
function useGuess(pixels: Uint8Array | undefined): Guess | undefined {
  const token = useLab((s) => s.preview?.token);
  const [answer, setAnswer] = useState<Guess>();
  useEffect(() => {
    let stale = token === undefined;
    if (pixels) void guess(pixels).then((g) => stale || setAnswer(g));
    else setAnswer(undefined);
    return () => {
      stale = true;
    };
  }, [pixels, token]);
  return answer;
}

function Answer({ pixels }: { pixels: Uint8Array | undefined }) {
  const { t } = useTranslation('charts');
  const answer = useGuess(pixels);
  const best = (p: readonly number[] | undefined) => (p ? p.indexOf(Math.max(...p)) : -1);
  const said = answer && [
    ...(answer.dense
      ? [t('pad.says', { who: t('pad.dense'), digit: String(best(answer.dense)), p: top(answer.dense) })]
      : []),
    t('pad.says', {
      who: t('pad.compressed'),
      digit: String(best(answer.compressed)),
      p: top(answer.compressed),
    }),
  ];
  return (
    <div style={{ flex: 1, minWidth: 0 }}>
      <div className={classes.bars} role="img" aria-label={said?.join(' ') ?? t('pad.nothing')}>
        {DIGITS.map((_, digit) => (
          <Row
            // biome-ignore lint/suspicious/noArrayIndexKey: the index is the digit.
            key={digit}
            digit={digit}
            dense={answer?.dense?.[digit]}
            compressed={answer?.compressed[digit]}
          />
        ))}
      </div>
      <Legend
        items={[
          { label: t('pad.dense'), color: 'var(--w-grey)', dot: true },
          { label: t('pad.compressed'), color: 'var(--w-blue)', dot: true },
        ]}
      />
      <div
        aria-live="polite"
        style={{ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' }}
      >
        {said?.join(' ')}
      </div>
    </div>
  );
}
const top = (p: readonly number[]) => percent(Math.max(...p), 0);

function Row({ digit, dense = 0, compressed = 0 }: { digit: number; dense?: number; compressed?: number }) {
  return (
    <>
      <b>{digit}</b>
      <span className={classes.bar}>
        <i style={{ width: `${dense * 100}%`, background: 'var(--w-grey)' }} />
        <i style={{ width: `${compressed * 100}%`, background: 'var(--w-blue)' }} />
      </span>
      <span style={{ minWidth: 30, textAlign: 'right' }}>
        {compressed >= 0.005 ? percent(compressed, 0) : ''}
      </span>
    </>
  );
}

type Ref = React.RefObject<HTMLCanvasElement | null>;
function usePen(canvas: Ref, onStroke: () => void) {
  const last = useRef<[number, number] | undefined>(undefined);
  const place = (e: PointerEvent): [number, number] => {
    const box = canvas.current?.getBoundingClientRect() ?? new DOMRect(0, 0, 1, 1);
    return [(e.clientX - box.left) / box.width, (e.clientY - box.top) / box.height];
  };
  return {
    onPointerDown: (e: PointerEvent) => {
      canvas.current?.setPointerCapture(e.pointerId);
      last.current = place(e);
      draw(canvas.current, [last.current, last.current]);
    },
    onPointerMove: (e: PointerEvent) => {
      if (!last.current) return;
      const here = place(e);
      draw(canvas.current, [last.current, here]);
      last.current = here;
    },
    onPointerUp: () => {
      if (last.current) onStroke();
      last.current = undefined;
    },
  };
}
/** A line through points of the unit square. */
function draw(canvas: HTMLCanvasElement | null, stroke: Stroke): void {
  const pen = canvas?.getContext('2d', { willReadFrequently: true });
  if (!pen) return;
  pen.strokeStyle = '#fff';
  pen.lineWidth = PEN;
  pen.lineCap = 'round';
  pen.lineJoin = 'round';
  pen.beginPath();
  for (const [i, [x, y]] of stroke.entries()) pen[i === 0 ? 'moveTo' : 'lineTo'](x * SIZE, y * SIZE);
  pen.stroke();
}
const wipe = (canvas: HTMLCanvasElement | null) =>
  canvas?.getContext('2d', { willReadFrequently: true })?.clearRect(0, 0, SIZE, SIZE);

/** Ink of the canvas (its alpha) as the network wants it; undefined for an empty one. */
function read(canvas: HTMLCanvasElement | null): Uint8Array | undefined {
  const image = canvas?.getContext('2d', { willReadFrequently: true })?.getImageData(0, 0, SIZE, SIZE);
  if (!image) return undefined;
  const ink = Uint8Array.from({ length: SIZE * SIZE }, (_, i) => image.data[4 * i + 3]);
  return ink.some((v) => v > 0) ? centreByMass(ink, SIZE, SIZE) : undefined;
}
