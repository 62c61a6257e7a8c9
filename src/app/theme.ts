/** Mantine tuned: one blue, calm greys, system fonts (Chinese ones included), both schemes at WCAG AA. */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const blue: MantineColorsTuple = [
  '#eef4ff',
  '#dbe7ff',
  '#b5ceff',
  '#8bb2ff',
  '#6699fb',
  '#4681f4',
  '#2f6fed',
  '#2560d8',
  '#1e51b8',
  '#173f91',
];
const gray: MantineColorsTuple = [
  '#f8fafc',
  '#f4f6f9',
  '#e9edf2',
  '#dde3ea',
  '#c5ced9',
  '#98a4b3',
  '#5b6676',
  '#465060',
  '#303947',
  '#1a2230',
];
const dark: MantineColorsTuple = [
  '#e6ebf2',
  '#c3ccd8',
  '#9dabbc',
  '#6b788a',
  '#3a4655',
  '#2a3441',
  '#1c242f',
  '#161d26',
  '#0f141b',
  '#0a0e13',
];
const fonts =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif';

export const theme = createTheme({
  primaryColor: 'blue',
  primaryShade: { light: 6, dark: 6 },
  colors: { blue, gray, dark },
  white: '#ffffff',
  black: '#1a2230',
  fontFamily: fonts,
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: { fontFamily: fonts, fontWeight: '650' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '10px', xl: '14px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Tooltip: { defaultProps: { withArrow: true, openDelay: 350, fz: 'xs' } },
    Menu: { defaultProps: { shadow: 'md', radius: 'lg', withinPortal: true } },
    Popover: { defaultProps: { shadow: 'md', radius: 'lg' } },
    Modal: { defaultProps: { radius: 'lg', centered: true } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
  },
});

const roles = {
  '--mantine-color-body': 'var(--w-page)',
  '--mantine-color-text': 'var(--w-text)',
  '--mantine-color-dimmed': 'var(--w-muted)',
  '--mantine-color-default-border': 'var(--w-line)',
  '--mantine-color-default': 'var(--w-card)',
  '--mantine-color-anchor': 'var(--w-accent-text)',
  '--mantine-color-placeholder': 'var(--w-muted)',
};
/** Mantine's own colours follow the roles of theme.css. */
export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: roles, dark: roles });
