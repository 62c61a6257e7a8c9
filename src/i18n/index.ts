/**
 * Languages of the page. One file per namespace and language; English decides which keys exist, so a
 * missing or misspelt key is a type error and a missing translation fails src/i18n/parity.test.ts.
 */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { recall, remember } from '../app/memory';
import { chartsEn } from './charts.en';
import { chartsZh } from './charts.zh';
import { compareEn } from './compare.en';
import { compareZh } from './compare.zh';
import { connectivityEn } from './connectivity.en';
import { connectivityZh } from './connectivity.zh';
import { deconstructEn } from './deconstruct.en';
import { deconstructZh } from './deconstruct.zh';
import { deployEn } from './deploy.en';
import { deployZh } from './deploy.zh';
import { historyEn } from './history.en';
import { historyZh } from './history.zh';
import { lotteryEn } from './lottery.en';
import { lotteryZh } from './lottery.zh';
import { methodsEn } from './methods.en';
import { methodsZh } from './methods.zh';
import { notesEn } from './notes.en';
import { notesZh } from './notes.zh';
import { ownEn } from './own.en';
import { ownZh } from './own.zh';
import { problemsEn } from './problems.en';
import { problemsZh } from './problems.zh';
import { searchEn } from './search.en';
import { searchZh } from './search.zh';
import { shellEn } from './shell.en';
import { shellZh } from './shell.zh';
import { speedEn } from './speed.en';
import { speedZh } from './speed.zh';
import { studiesEn } from './studies.en';
import { studiesZh } from './studies.zh';
import { supermasksEn } from './supermasks.en';
import { supermasksZh } from './supermasks.zh';
import { ticketEn } from './ticket.en';
import { ticketZh } from './ticket.zh';

export const resources = {
  en: {
    shell: shellEn,
    charts: chartsEn,
    compare: compareEn,
    connectivity: connectivityEn,
    deconstruct: deconstructEn,
    deploy: deployEn,
    history: historyEn,
    lottery: lotteryEn,
    methods: methodsEn,
    notes: notesEn,
    own: ownEn,
    problems: problemsEn,
    search: searchEn,
    speed: speedEn,
    studies: studiesEn,
    ticket: ticketEn,
    supermasks: supermasksEn,
  },
  'zh-CN': {
    shell: shellZh,
    charts: chartsZh,
    compare: compareZh,
    connectivity: connectivityZh,
    deconstruct: deconstructZh,
    deploy: deployZh,
    history: historyZh,
    lottery: lotteryZh,
    methods: methodsZh,
    notes: notesZh,
    own: ownZh,
    problems: problemsZh,
    search: searchZh,
    speed: speedZh,
    studies: studiesZh,
    ticket: ticketZh,
    supermasks: supermasksZh,
  },
} as const;
export type Language = keyof typeof resources;
export const languages = Object.keys(resources) as Language[];

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'shell';
    resources: (typeof resources)['en'];
    returnNull: false;
  }
}

const KEY = 'winnow.language';

/** The remembered language, else the first of the browser's that exists here, else English. */
function preferred(): Language {
  const kept = recall(KEY);
  if (kept === 'en' || kept === 'zh-CN') return kept;
  const wanted = typeof navigator === 'undefined' ? [] : navigator.languages;
  for (const tag of wanted) {
    if (tag.startsWith('zh')) return 'zh-CN';
    if (tag.startsWith('en')) return 'en';
  }
  return 'en';
}

const follow = (language: string) => {
  if (typeof document !== 'undefined') document.documentElement.lang = language;
};

void i18next.use(initReactI18next).init({
  resources,
  lng: preferred(),
  fallbackLng: 'en',
  defaultNS: 'shell',
  ns: ['shell', 'charts', 'compare', 'deploy', 'methods', 'notes', 'own', 'problems', 'search', 'speed'],
  interpolation: { escapeValue: false },
  initAsync: false,
  showSupportNotice: false,
});
follow(i18next.language);
i18next.on('languageChanged', follow);

/** Switches the page's language at once and remembers it for the next visit. */
export function speak(language: Language): void {
  remember(KEY, language);
  void i18next.changeLanguage(language);
}
export const currentLanguage = (): Language => (i18next.language === 'zh-CN' ? 'zh-CN' : 'en');
export { i18next as i18n };
