/** The first seed of each stream, and a die for new ones. */
import { ActionIcon, NumberInput, Tooltip } from '@mantine/core';
import { IconDice5 } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LIMITS } from '../../spec/limits';
import type { Seeds } from '../../spec/types';
import classes from './recipe.module.css';

const STREAMS = ['init', 'order', 'method'] as const satisfies (keyof Seeds)[];

interface Props {
  seeds: Seeds;
  onSeed(name: keyof Seeds, value: number): void;
  onSeeds(seeds: Seeds): void;
  /** Stands before the die. */
  children?: ReactNode;
}
export function SeedInputs({ seeds, onSeed, onSeeds, children }: Props) {
  const { t } = useTranslation();
  const reroll = () => {
    const [init, order, method] = crypto.getRandomValues(new Uint32Array(3)).map((n) => n % 10_000);
    onSeeds({ init, order, method });
  };
  return (
    <div className={classes.fields}>
      {STREAMS.map((name) => (
        <NumberInput
          key={name}
          size="xs"
          label={t(`data.${name}`)}
          min={LIMITS.seed[0]}
          max={LIMITS.seed[1]}
          allowDecimal={false}
          clampBehavior="strict"
          value={seeds[name]}
          onChange={(v) => typeof v === 'number' && onSeed(name, v)}
        />
      ))}
      {children}
      <Tooltip label={t('data.reroll')}>
        <ActionIcon variant="default" aria-label={t('data.reroll')} onClick={reroll}>
          <IconDice5 size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
