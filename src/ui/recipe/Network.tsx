/** Which network: one of the list, or a perceptron whose hidden layers are said here. */
import { ActionIcon, CloseButton, NativeSelect, NumberInput, Tooltip } from '@mantine/core';
import { IconChevronDown, IconPlus } from '@tabler/icons-react';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { models } from '../../catalog';
import { MLP_DEPTH, MLP_WIDTH, mlpId, mlpWidths } from '../../models/mlp';
import classes from './recipe.module.css';

/** Where a perceptron begins when it is chosen. */
const FIRST = [256, 128];
const FAMILY = 'mlp';

interface Props {
  model: string;
  onChange(model: string): void;
}
export function NetworkMenu({ model, onChange }: Props) {
  const { t } = useTranslation();
  const choose = (id: string) => onChange(id === FAMILY ? mlpId(FIRST) : id);
  return (
    <NativeSelect
      variant="unstyled"
      aria-label={t('data.model')}
      classNames={{ root: classes.pickroot, input: classes.pick }}
      rightSectionWidth={16}
      rightSection={<IconChevronDown size={13} aria-hidden />}
      data={[...models.map((m) => ({ value: m.id, label: m.name })), { value: FAMILY, label: t('mlp.menu') }]}
      value={mlpWidths(model) ? FAMILY : model}
      onChange={(e) => choose(e.currentTarget.value)}
    />
  );
}

/** The hidden layers of a perceptron, first to last; nothing for other networks. */
export function HiddenLayers({ model, onChange }: Props) {
  const widths = mlpWidths(model);
  return widths ? <Widths widths={widths} onChange={(next) => onChange(mlpId(next))} /> : null;
}

const allowed = (units: number) => Number.isInteger(units) && units >= MLP_WIDTH[0] && units <= MLP_WIDTH[1];

interface WidthsProps {
  widths: readonly number[];
  onChange(widths: number[]): void;
}
function Widths({ widths, onChange }: WidthsProps) {
  const { t } = useTranslation();
  const id = useId();
  const fields = useRef<HTMLFieldSetElement>(null);
  /** What stands in the fields; it becomes the network when a field is left and all of it is allowed. */
  const [drafts, setDrafts] = useState<readonly (number | string)[]>(widths);
  const [focus, setFocus] = useState<number>();
  const spelled = widths.join();
  useEffect(() => setDrafts(spelled.split(',').map(Number)), [spelled]);
  useEffect(() => {
    if (focus === undefined) return;
    const field = fields.current?.querySelectorAll('input')[focus];
    field?.focus();
    field?.select();
    setFocus(undefined);
  }, [focus]);

  const wrong = drafts.some((units) => !allowed(Number(units)));
  const commit = (next: readonly (number | string)[]) => {
    setDrafts(next);
    const numbers = next.map(Number);
    if (numbers.every(allowed) && numbers.join() !== spelled) onChange(numbers);
  };
  const put = (i: number, units: number | string) => drafts.map((old, k) => (k === i ? units : old));
  const remove = (i: number) => {
    commit(drafts.filter((_, k) => k !== i));
    setFocus(Math.max(0, i - 1));
  };
  const add = () => {
    commit([...drafts, drafts[drafts.length - 1]]);
    setFocus(drafts.length);
  };
  const [least, most] = MLP_WIDTH.map(String);
  return (
    <fieldset className={classes.widths} ref={fields} aria-describedby={wrong ? id : undefined}>
      <legend className={classes.dim}>{t('mlp.layers')}</legend>
      {drafts.map((units, i) => (
        <NumberInput
          // biome-ignore lint/suspicious/noArrayIndexKey: a layer is its place.
          key={i}
          size="xs"
          classNames={{ root: classes.width }}
          aria-label={t('mlp.units', { number: String(i + 1) })}
          value={units}
          min={MLP_WIDTH[0]}
          max={MLP_WIDTH[1]}
          clampBehavior="none"
          allowDecimal={false}
          allowNegative={false}
          hideControls={drafts.length === MLP_DEPTH[0]}
          error={!allowed(Number(units))}
          selectAllOnFocus
          onChange={(value) => setDrafts(put(i, value))}
          onBlur={() => commit(drafts)}
          onKeyDown={(e) => e.key === 'Enter' && commit(drafts)}
          rightSection={
            drafts.length > MLP_DEPTH[0] && (
              <CloseButton
                size="xs"
                aria-label={t('mlp.remove', { number: String(i + 1) })}
                onClick={() => remove(i)}
              />
            )
          }
        />
      ))}
      {drafts.length < MLP_DEPTH[1] && (
        <Tooltip label={t('mlp.add')}>
          <ActionIcon variant="default" size={30} aria-label={t('mlp.add')} onClick={add}>
            <IconPlus size={15} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
      {wrong && (
        <div id={id} role="alert" className={classes.fault}>
          {t('mlp.wrong', { least, most })}
        </div>
      )}
    </fieldset>
  );
}
