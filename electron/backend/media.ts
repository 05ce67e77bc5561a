// Media as the wizard asks about them, before any build has begun.
import type { MediaFacts } from '../../shared/media-facts.ts';
import type { HostSpec, MediaSource } from '../../shared/plan.ts';
import { identifyMedia } from '../media/identify.ts';
import { hostSource, urlSource } from '../media/places.ts';
import type { Service } from './handlers.ts';
import type { Hosts } from './hosts.ts';

/**
 * Answers the questions about media; a file of the workstation is read on the workstation. An installer is read whole,
 * so what was found is remembered for as long as the file keeps its size and time.
 */
export function mediaService(hosts: Pick<Hosts, 'open'>): Service<'media.identify'> {
  const known = new Map<string, MediaFacts>();
  const once = async (key: readonly unknown[], look: () => Promise<MediaFacts>): Promise<MediaFacts> => {
    const name = JSON.stringify(key);
    const facts = known.get(name) ?? (await look());
    known.set(name, facts);
    return facts;
  };
  const onHost = async (spec: HostSpec, path: string): Promise<MediaFacts> => {
    const host = await hosts.open(spec);
    const stat = await host.files.stat(path);
    return once(
      [host.key, path, stat],
      async () => (await identifyMedia(await hostSource(host, path))).facts,
    );
  };
  return {
    async 'media.identify'({ host, source }: { host: HostSpec; source: MediaSource }) {
      if ('path' in source) return onHost(host, source.path);
      if ('file' in source) return onHost({ kind: 'local' }, source.file);
      const there = await urlSource(source.url);
      return once([source.url, there.size], async () => (await identifyMedia(there)).facts);
    },
  };
}
