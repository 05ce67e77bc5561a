import type { MediaFacts } from '../../../shared/media-facts.ts';
import type { MediaKind } from '../../../shared/plan.ts';
import { MEDIA_TITLES } from '../../state/gating.ts';

const KINDS: Readonly<Record<MediaKind, MediaFacts['kind']>> = {
  windows: 'windows',
  virtio: 'virtio-win',
  cloudbaseInit: 'cloudbase-init',
};
const NAMES: Readonly<Record<Exclude<MediaFacts['kind'], 'other'>, string>> = {
  windows: 'a Windows installer CD',
  'virtio-win': 'the virtio-win driver CD',
  'cloudbase-init': 'the Cloudbase-Init installer',
};

/** The sentence for a file that is not what it was chosen as; null when it is. */
export function wrongKind(kind: MediaKind, facts: MediaFacts): string | null {
  if (facts.kind === KINDS[kind]) return null;
  const what = facts.kind === 'other' ? facts.what : NAMES[facts.kind];
  return `This is ${what}, not the ${MEDIA_TITLES[kind]}. Choose another file.`;
}

/** What a file is, in one line. */
export function factsInWords(facts: MediaFacts): string {
  switch (facts.kind) {
    case 'windows': {
      const editions = facts.images.map(({ displayName }) => displayName);
      const shown =
        editions.slice(0, 4).join(', ') + (editions.length > 4 ? ` and ${editions.length - 4} more` : '');
      const languages = facts.languages.length === 0 ? '' : `, ${facts.languages.join(', ')}`;
      const evaluation = facts.evaluation ? ', evaluation' : '';
      return `${facts.title}, build ${facts.build}${languages}${evaluation}${shown === '' ? '' : `. Editions: ${shown}`}.`;
    }
    case 'virtio-win': {
      const systems = [...new Set(Object.values(facts.folders).flat())].sort();
      return `virtio-win ${facts.version ?? 'of unknown version'}, with drivers in ${systems.join(', ')}.`;
    }
    case 'cloudbase-init':
      return `Cloudbase-Init ${facts.version}.`;
    case 'other':
      return facts.what;
  }
}
