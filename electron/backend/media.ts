// Media as the wizard asks about them, before any build has begun.
import { identifyMedia } from '../media/identify.ts';
import { hostSource, urlSource } from '../media/places.ts';
import type { Service } from './handlers.ts';
import type { Hosts } from './hosts.ts';

/** Answers the questions about media; a file of the workstation is read on the workstation. */
export function mediaService(hosts: Pick<Hosts, 'open'>): Service<'media.identify'> {
  return {
    async 'media.identify'({ host, source }) {
      if ('url' in source) return (await identifyMedia(await urlSource(source.url))).facts;
      const where = await hosts.open('file' in source ? { kind: 'local' } : host);
      return (await identifyMedia(await hostSource(where, 'file' in source ? source.file : source.path)))
        .facts;
    },
  };
}
