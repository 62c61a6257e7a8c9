/** Short messages that go away by themselves. */
import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';

export const toast = (title: string, message = ''): void => {
  notifications.show({ title, message, autoClose: 4000 });
};
/** Something was taken away: one click brings it back. */
export const toastUndo = (message: string, undo: string, bringBack: () => void): void =>
  toastAction(message, undo, bringBack);

/** With what may be done next. */
export function toastAction(message: string, label: string, act: () => void): void {
  const id = notifications.show({
    autoClose: 7000,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => {
            act();
            notifications.hide(id);
          }}
        >
          {label}
        </Button>
      </Group>
    ),
  });
}
