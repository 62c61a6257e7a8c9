import { Anchor, Popover, Stack, Text, UnstyledButton } from '@mantine/core';
import { lazy, memo, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { Method } from '../../methods/types';
import classes from './recipe.module.css';

const Formula = lazy(() => import('./Formula'));

/** What the method computes and where it comes from. */
export const FormulaButton = memo(function FormulaButton({
  method,
  title,
}: {
  method: Method;
  title: string;
}) {
  const { t } = useTranslation();
  return (
    <Popover width={460} position="right-start" withArrow trapFocus>
      <Popover.Target>
        <UnstyledButton className={classes.formula} aria-label={t('card.formula', { title })}>
          f(x)
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown maw="94vw">
        <Text fw={650} size="sm">
          {title}
        </Text>
        <Suspense fallback={<div className={classes.math}>{t('loading')}</div>}>
          <Formula tex={method.formula} />
        </Suspense>
        <Text size="xs" c="dimmed" mb={4}>
          {t('card.sources')}
        </Text>
        <Stack gap={6}>
          {method.citations.map(({ text, url }) => (
            <Text key={text} size="xs">
              {url ? (
                <Anchor href={url} target="_blank" rel="noreferrer" fz="xs" underline="always">
                  {text}
                </Anchor>
              ) : (
                text
              )}
            </Text>
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
});
