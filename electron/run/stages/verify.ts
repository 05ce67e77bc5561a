// Proves the published image by signing in to a throw-away server, and writes the proof into passport and image.
import { CasementError } from '../../../shared/errors.ts';
import type { LoginProof } from '../../../shared/login-proof.ts';
import type { Plan } from '../../../shared/plan.ts';
import { keepPassport, mediaVersions, writePassport } from '../passport.ts';
import { removeProof } from '../proof-remains.ts';
import { proofGateway, proofOutcome, proveLogin, VERIFIED_AT } from '../prove-login.ts';
import { takeName } from '../publication.ts';
import { workingName } from '../replace.ts';
import type { Stage, StageContext, StageResult } from '../types.ts';
import { fact } from './facts.ts';

export const verifyStage: Stage = {
  id: 'verify',
  needs: ['imageId'],
  gives: ['loginProof'],
  skip(plan) {
    if (!plan.image) return 'The plan publishes no image.';
    return plan.proof?.login === false ? 'The plan switches the login proof off.' : null;
  },
  async check(context) {
    const proof = await standing(context);
    const { image } = context.plan;
    // A kill may have come between the proof and the name that the image gets for it.
    return proof && !image?.replace ? result(proof) : null;
  },
  async run(context, signal) {
    const { plan, ports } = context;
    const missing = await ports.trial.missing();
    if (missing !== null) return { facts: {}, outcome: {}, skipped: `${missing}${keepsWorkingName(plan)}` };
    const cloud = await ports.cloud(plan);
    const image = await cloud.image(fact(context, 'imageId'));
    if (!image) throw noImage();
    const proof =
      (await standing(context)) ??
      (await proveLogin({
        cloud,
        image,
        mark: markOf(context),
        flavor: plan.proof?.flavor ?? null,
        network: plan.proof?.network ?? plan.server?.network ?? null,
        securityGroups: [],
        tunnels: [plan.host],
        user: plan.cloudbaseInit?.username ?? plan.connect?.user ?? 'Administrator',
        gateway: await proofGateway(plan.connect?.desktop?.gateway, ports.secrets),
        way: (addresses, stop, options) => ports.way(plan, addresses, stop, options),
        signIn: ports.trial.signIn,
        onProgress: context.progress,
        note: (message) => context.note({}, message),
        signal,
      }).catch(async (thrown: unknown) => {
        if (!signal.aborted && thrown instanceof CasementError) await markUnproven(context);
        throw thrown;
      }));
    await cloud.updateImage(image.id, { set: { [VERIFIED_AT]: proof.at } });
    await context.note({ loginProof: proof }, 'Somebody signed in to a server of the image.');
    await proven(context, proof, signal);
    const named = plan.image ? await takeName({ cloud, image: plan.image, tag: context.tag }, image.id) : {};
    const { facts, outcome } = result(proof);
    return { facts, outcome: { ...outcome, ...named } };
  },
  async undo(context, done) {
    if (done || !context.plan.cloud) return [];
    const cloud = await context.ports.cloud(context.plan);
    return await removeProof(cloud, markOf(context), AbortSignal.timeout(UNDO_MS));
  },
};

/** Cleaning up may take this long, in ms: Nova lets go of a server before its security group can go. */
const UNDO_MS = 60_000;

/** A proof that this image got earlier and still bears. */
async function standing(context: StageContext): Promise<LoginProof | null> {
  const { loginProof, imageId } = context.facts;
  if (!loginProof || imageId === undefined) return null;
  const image = await (await context.ports.cloud(context.plan)).image(imageId);
  return image?.properties[VERIFIED_AT] === loginProof.at ? loginProof : null;
}

/** The passport with the proof in it. A host that is gone by now takes nothing away from the proof. */
async function proven(context: StageContext, loginProof: LoginProof, signal: AbortSignal): Promise<void> {
  const { sha512: hash, diskBytes: bytes, imageId: id } = context.facts;
  if (hash === undefined || bytes === undefined || id === undefined) return;
  try {
    const host = await context.ports.host(context.plan, signal);
    const facts = { ...context.facts, loginProof };
    const image = { id, name: context.plan.image?.name ?? '' };
    const versions = await mediaVersions(host, facts.media);
    const made = await writePassport(host, { ...context, facts }, { hash, bytes }, image, versions);
    await keepPassport(context.ports.home, id, made);
  } catch (thrown) {
    if (!(thrown instanceof CasementError)) throw thrown;
    await context.note({}, `The passport on the host could not be written anew: ${thrown.title}.`);
  }
}

/** A proof of an earlier attempt must not stand on an image that failed now. */
async function markUnproven(context: StageContext): Promise<void> {
  const { imageId } = context.facts;
  if (imageId === undefined) return;
  const cloud = await context.ports.cloud(context.plan);
  if ((await cloud.image(imageId))?.properties[VERIFIED_AT] !== undefined)
    await cloud.updateImage(imageId, { remove: [VERIFIED_AT] });
}

/** Without a proof an older image keeps its name, and the new one the name it was given until then. */
const keepsWorkingName = ({ image }: Plan): string =>
  image?.replace
    ? ` Until then the image is called “${workingName(image.name)}”, and the older one stays.`
    : '';

/** Names of key pairs take letters, digits, dashes and blanks only. */
const markOf = ({ run }: StageContext): string => `casement-proof-${run.replace(/[^A-Za-z0-9-]/g, '-')}`;

const result = (proof: LoginProof): StageResult => ({
  facts: { loginProof: proof },
  outcome: proofOutcome(proof),
});

const noImage = (): CasementError =>
  new CasementError({
    code: 'verify.no-image',
    title: 'The image is gone',
    whatHappened:
      'Glance does not know the image any more that was to be proven; somebody may have deleted it.',
    whatToDo: 'Continue the build: it is uploaded again.',
  });
