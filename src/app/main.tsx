import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './theme.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../i18n';
import { startLab } from '../store/start';
import { App } from './App';
import { ErrorBoundary } from './ErrorBoundary';
import { cssVariables, theme } from './theme';

const scheme = localStorageColorSchemeManager({ key: 'winnow.theme' });

// Before the first paint, so that a link shows its own experiment at once.
startLab();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={scheme}
    >
      <Notifications position="bottom-right" />
      <ErrorBoundary>
        <App />
      </ErrorBoundary>
    </MantineProvider>
  </StrictMode>,
);
