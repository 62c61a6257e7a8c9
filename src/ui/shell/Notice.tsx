/** Something that the reader should know and can do something about; announced at once. */
import { Alert, type AlertProps } from '@mantine/core';
import classes from './shell.module.css';

/** @param bad nothing goes on until it is mended */
export const Notice = ({ bad, ...rest }: AlertProps & { bad?: boolean }) => (
  <Alert
    color={bad ? 'red' : 'orange'}
    classNames={{ root: classes.notice, title: classes.noticetitle, message: classes.noticetext }}
    data-tone={bad ? 'bad' : undefined}
    radius="lg"
    role="alert"
    {...rest}
  />
);
