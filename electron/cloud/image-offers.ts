// Images that other projects share with this one: each is listed with the rest only once it was accepted here.
import { CasementError } from '../../shared/errors.ts';
import { type ImageOffer, OFFER_STATES, type OfferState } from '../../shared/views-image.ts';
import { serviceError } from './faults.ts';
import type { Glance } from './glance.ts';
import { memberStatus, membersUrl } from './image-members.ts';

/** Every image that is offered to the project, newest first, with the answer that was given. */
export async function imageOffers(glance: Glance): Promise<ImageOffer[]> {
  const { projectId } = await glance.session.token();
  const lists = await Promise.all(
    OFFER_STATES.map(async (offer) => {
      const images = await glance.list({ visibility: 'shared', member_status: offer });
      return images.map((image): ImageOffer => ({ ...image, offer }));
    }),
  );
  // Its own shared images stand in each of these lists; so do all images where a proxy ignores the filter.
  const others = lists
    .flat()
    .filter(({ owner, visibility }) => visibility === 'shared' && owner !== null && owner !== projectId);
  const known = new Map<string, ImageOffer[]>();
  for (const one of others) known.set(one.id, [...(known.get(one.id) ?? []), one]);
  const offers: ImageOffer[] = [];
  for (const [id, [first, ...more]] of known) {
    if (!first) continue;
    // An administrator is shown the images of all projects, whatever was answered.
    const offer = more.length === 0 ? first.offer : await memberStatus(glance, id, projectId);
    if (offer !== null) offers.push({ ...first, offer });
  }
  return offers.sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}

/** Accepts or rejects an image for the whole project; may be asked twice. Throws `cloud.not-offered`. */
export async function answerOffer(
  glance: Glance,
  id: string,
  answer: Exclude<OfferState, 'pending'>,
): Promise<void> {
  const { projectId } = await glance.session.token();
  const doing = answer === 'accepted' ? 'accepting the image' : 'rejecting the image';
  const reply = await glance.session.call({
    service: 'image',
    method: 'PUT',
    url: `${await membersUrl(glance, id)}/${encodeURIComponent(projectId)}`,
    doing,
    json: { status: answer },
    allow: [403, 404],
  });
  if (reply.status === 404) throw notOffered(`No other project shares an image ${id} with this one.`);
  if (reply.status !== 403) return;
  if ((await glance.get(id))?.owner === projectId)
    throw notOffered(`The image ${id} belongs to this project already.`);
  throw serviceError('image', doing, reply);
}

const notOffered = (whatHappened: string): CasementError =>
  new CasementError({
    code: 'cloud.not-offered',
    title: 'This image is not offered to the project',
    whatHappened,
    whatToDo: 'Look at the list of offered images, and check that you are signed in to the right project.',
  });
