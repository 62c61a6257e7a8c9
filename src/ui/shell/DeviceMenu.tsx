/** Which device computes, why, and the others there are. */
import { Menu, Text, UnstyledButton } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { decimal, integer } from '../../i18n/format';
import { useLab } from '../../store/lab';
import classes from './shell.module.css';

export function DeviceMenu() {
  const { t } = useTranslation();
  const device = useLab((s) => s.device);
  const status = useLab((s) => s.worker.status);
  const rate = useLab((s) => s.progress?.stepsPerSecond);
  const ms = device?.timings[device.id];
  const speed = rate || (ms ? 1000 / ms : undefined);
  const text = !device
    ? status === 'dead'
      ? t('worker.dead')
      : t('device.choosing')
    : [device.device, speed && t('device.rate', { rate: integer(speed) })].filter(Boolean).join(' · ');
  return (
    <Menu width={330} position="bottom-end">
      <Menu.Target>
        <UnstyledButton className={classes.badge} aria-label={t('device.button', { device: text })}>
          <span className={classes.dot} data-state={status} aria-hidden />
          <span>{text}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {t('device.title')}
          {device && ` · ${t(`device.${device.why}`)}`}
        </Menu.Label>
        <Menu.Item onClick={() => useLab.getState().useBackend('auto')} disabled={!device}>
          {t('device.auto')}
        </Menu.Item>
        {device?.options.map(({ id, available, detail }) => {
          const took = device.timings[id];
          return (
            <Menu.Item
              key={id}
              disabled={!available}
              onClick={() => useLab.getState().useBackend(id)}
              rightSection={id === device.id ? <IconCheck size={15} aria-hidden /> : undefined}
            >
              <Text size="sm" component="span">
                {id}
                {took !== undefined && (
                  <Text span size="xs" c="dimmed" ml={8}>
                    {t('device.timing', { ms: decimal(took, 1) })}
                  </Text>
                )}
              </Text>
              <Text size="xs" c="dimmed">
                {detail || (available ? '' : t('device.unavailable'))}
              </Text>
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
