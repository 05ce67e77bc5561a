// What Windows can be set to: locales by name, time zones by Windows' names. Names come from the browser and from CLDR.
import { findWindows, WINDOWS_TO_IANA_MAP } from 'windows-iana';

/** Locales of Windows Server's language packs, each with a keyboard layout of its own. */
const LOCALES = [
  ...[
    'en-US',
    'en-GB',
    'de-DE',
    'de-AT',
    'de-CH',
    'fr-FR',
    'fr-BE',
    'fr-CA',
    'fr-CH',
    'es-ES',
    'es-MX',
    'it-IT',
  ],
  ...[
    'pt-BR',
    'pt-PT',
    'nl-NL',
    'nl-BE',
    'da-DK',
    'sv-SE',
    'nb-NO',
    'fi-FI',
    'pl-PL',
    'cs-CZ',
    'sk-SK',
    'hu-HU',
  ],
  ...[
    'ro-RO',
    'bg-BG',
    'hr-HR',
    'sl-SI',
    'sr-Latn-RS',
    'et-EE',
    'lv-LV',
    'lt-LT',
    'el-GR',
    'tr-TR',
    'ru-RU',
    'uk-UA',
  ],
  ...['he-IL', 'ar-SA', 'th-TH', 'ja-JP', 'ko-KR', 'zh-CN', 'zh-TW'],
];

export interface Choice {
  readonly id: string;
  readonly title: string;
}

/** Locales to choose from, by their English names; one that a plan brought along is added. */
export function localeChoices(chosen: string): Choice[] {
  const names = new Intl.DisplayNames(['en'], { type: 'language', languageDisplay: 'standard' });
  const known = LOCALES.map((id) => ({ id, title: names.of(id) ?? id })).toSorted((a, b) =>
    a.title.localeCompare(b.title),
  );
  return known.some(({ id }) => id === chosen) ? known : [{ id: chosen, title: chosen }, ...known];
}

/** Windows' time zones: UTC and the one of this workstation first. */
export function timeZoneChoices(chosen: string, here: string | null = hereZone()): Choice[] {
  const all = [...new Set(zones.map(({ windowsName }) => windowsName))].toSorted();
  const ids = [...new Set(['UTC', ...(here === null ? [] : [here]), chosen, ...all])];
  return ids.map((id) => ({ id, title: id === here ? `${id} (this workstation)` : id }));
}

/** The library's own types do not tell what its table holds. */
const zones = WINDOWS_TO_IANA_MAP as readonly { readonly windowsName: string }[];

/** The workstation's time zone by its Windows name; null when it has none. */
function hereZone(): string | null {
  return findWindows(Intl.DateTimeFormat().resolvedOptions().timeZone)[0] ?? null;
}
