/** The images whose answer changed, as pictures. */
import { Anchor, Button, NativeSelect, Skeleton } from '@mantine/core';
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NO_ANSWER } from '../../datasets/answer';
import { integer } from '../../i18n/format';
import { type Shown, testPictures } from '../../store/compare';
import type { Pictures } from '../../worker/api-compare';
import { Sample } from '../data/Sample';
import { countKinds, type Flip, type FlipFilter, flipAt, KINDS, type Kind, passing } from './flips';
import classes from './hurt.module.css';
import { sureText, useClassNames } from './words';

interface Props {
  shown: Shown;
  filter: FlipFilter;
  onFilter(filter: FlipFilter): void;
  /** Pictures at first, and with each “more”. */
  page: number;
}
export function Flipped({ shown, filter, onFilter, page }: Props) {
  const { t } = useTranslation('compare');
  const { flips, perClass } = shown.comparison;
  const found = useMemo(() => passing(flips, filter), [flips, filter]);
  const [pages, setPages] = useState(1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is new is shown from its beginning.
  useEffect(() => setPages(1), [flips, filter]);
  const list = found.slice(0, pages * page).map((i) => flipAt(flips, i));
  const pictures = usePictures(shown.experiment.data, list);
  const name = useClassNames(shown);
  const long = perClass.some((_, i) => name(i).length > 3);
  const more = Math.min(page, found.length - list.length);
  return (
    <div>
      <Filter shown={shown} filter={filter} onFilter={onFilter} />
      {list.length === 0 ? (
        <p className={classes.empty}>{t('pictures.nothing')}</p>
      ) : (
        <ul
          className={classes.tiles}
          data-long={long || undefined}
          aria-label={t('pictures.list')}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard.
          tabIndex={0}
        >
          {list.map((flip) => (
            <Tile key={flip.image} flip={flip} shown={shown} picture={pictures.get(flip.image)} />
          ))}
        </ul>
      )}
      <div className={classes.line}>
        <span className={classes.muted}>
          {t('pictures.shown', { shown: integer(list.length), all: integer(found.length) })}
          {'. '}
          {t('pictures.order')}
        </span>
        {more > 0 && (
          <Button size="compact-xs" variant="default" onClick={() => setPages(pages + 1)}>
            {t('pictures.more', { count: more })}
          </Button>
        )}
      </div>
    </div>
  );
}

function Filter({ shown, filter, onFilter }: Omit<Props, 'page'>) {
  const { t } = useTranslation('compare');
  const name = useClassNames(shown);
  const { flips, perClass } = shown.comparison;
  const counts = useMemo(() => countKinds(flips, filter), [flips, filter]);
  const sum = counts.lost + counts.gained + counts.other;
  const kinds = [
    { value: '', label: t('pictures.all', { all: integer(sum) }) },
    ...KINDS.map((kind) => ({
      value: kind,
      label: t('pictures.of', { name: t(`pictures.${kind}`), all: integer(counts[kind]) }),
    })),
  ];
  const present = useMemo(() => new Set(flips.truth), [flips]);
  const truths = perClass.flatMap((_, i) =>
    present.has(i) || filter.truth === i ? [{ value: String(i), label: name(i) }] : [],
  );
  return (
    <div className={classes.filter}>
      <NativeSelect
        size="xs"
        aria-label={t('pictures.kind')}
        data={kinds}
        value={filter.kind ?? ''}
        onChange={(e) =>
          onFilter({ ...filter, kind: (e.currentTarget.value || undefined) as Kind | undefined })
        }
      />
      <NativeSelect
        size="xs"
        aria-label={t('pictures.class')}
        data={[{ value: '', label: t('pictures.everyClass') }, ...truths]}
        value={filter.truth === undefined ? '' : String(filter.truth)}
        onChange={(e) => {
          const { value } = e.currentTarget;
          onFilter({ kind: filter.kind, truth: value === '' ? undefined : Number(value) });
        }}
      />
      {filter.answer !== undefined && (
        <Anchor component="button" type="button" fz="xs" onClick={() => onFilter({})}>
          {t('pictures.only', { truth: name(filter.truth ?? NO_ANSWER), answer: name(filter.answer) })}
        </Anchor>
      )}
    </div>
  );
}

/** Pixels by image; what has been fetched stays for as long as the data set does. */
function usePictures(data: string, list: readonly Flip[]): ReadonlyMap<number, Pictures> {
  const known = useRef<{ data: string; pixels: Map<number, Pictures> }>(undefined);
  const [, drawn] = useState(0);
  if (known.current?.data !== data) known.current = { data, pixels: new Map() };
  const { pixels } = known.current;
  const wanted = list.map(({ image }) => image).filter((image) => !pixels.has(image));
  const key = wanted.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the images that are missing are what counts.
  useEffect(() => {
    let gone = false;
    if (wanted.length === 0) return;
    void testPictures(data, wanted).then((answer) => {
      if (!answer) return;
      for (const [i, image] of wanted.entries()) pixels.set(image, pictureOf(answer, i));
      if (!gone) drawn((n) => n + 1);
    });
    return () => {
      gone = true;
    };
  }, [data, key]);
  return pixels;
}
function pictureOf({ shape, pixels }: Pictures, i: number): Pictures {
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, pixels: pixels.subarray(i * size, (i + 1) * size) };
}

interface TileProps {
  flip: Flip;
  shown: Shown;
  picture?: Pictures;
}
const Tile = memo(
  function Tile({ flip, shown, picture }: TileProps) {
    const { t } = useTranslation('compare');
    const name = useClassNames(shown);
    const says = (who: string, answer: number, sure: number) =>
      answer === NO_ANSWER
        ? t('pictures.noAnswer', { who })
        : t('pictures.answer', {
            who,
            answer: name(answer),
            p: sureText(sure),
            right: t(answer === flip.truth ? 'pictures.right' : 'pictures.wrong'),
          });
    const said = [
      t('pictures.is', { image: integer(flip.image), truth: name(flip.truth) }),
      says(t('old'), flip.a, flip.sureA),
      says(t('new'), flip.b, flip.sureB),
    ].join(' ');
    return (
      <li className={classes.tile} title={said}>
        <figure aria-label={said}>
          <span className={classes.picture}>
            {picture ? (
              <Sample {...picture} className={classes.pixels} />
            ) : (
              <Skeleton aria-label={t('pictures.loading')} />
            )}
            <b aria-hidden>{name(flip.truth)}</b>
          </span>
          <Says right={flip.a === flip.truth} name={name(flip.a)} sure={flip.sureA} />
          <Says right={flip.b === flip.truth} name={name(flip.b)} sure={flip.sureB} />
        </figure>
      </li>
    );
  },
  (x, y) => x.flip.image === y.flip.image && x.picture === y.picture && x.shown === y.shown,
);
function Says({ right, name, sure }: { right: boolean; name: string; sure: number }) {
  return (
    <span className={classes.says} data-right={right || undefined} aria-hidden>
      <i>{right ? '✓' : '✗'}</i>
      <span>{name}</span>
      {!Number.isNaN(sure) && <small>{sureText(sure)}</small>}
    </span>
  );
}
