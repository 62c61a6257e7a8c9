/** A part of the page that throws is replaced by a note; the other parts go on. */
import { Alert, Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { i18n } from '../i18n';

export class ErrorBoundary extends Component<{ children: ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {};
  static getDerivedStateFromError(error: Error) {
    return { error };
  }
  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <Alert color="red" radius="lg" title={i18n.t('crash.title')} role="alert">
        {i18n.t('crash.text')}
        <pre style={{ whiteSpace: 'pre-wrap', margin: '6px 0' }}>{error.message}</pre>
        <Button size="compact-sm" variant="default" onClick={() => this.setState({ error: undefined })}>
          {i18n.t('crash.retry')}
        </Button>
      </Alert>
    );
  }
}
