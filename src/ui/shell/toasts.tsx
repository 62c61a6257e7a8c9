/** Short messages that go away by themselves. */
import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';

export const toast = (title: string, message = ''): void => {
  notifications.show({ title, message, autoClose: 4000 });
};
/** Something was taken away: one click brings it back. */
export function toastUndo(message: string, undo: string, bringBack: () => void): void {
  const id = notifications.show({
    autoClose: 7000,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => {
            bringBack();
            notifications.hide(id);
          }}
        >
          {undo}
        </Button>
      </Group>
    ),
  });
}
