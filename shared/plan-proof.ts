// The login proof in a plan: whether a throw-away server is launched from a published image to sign in to it.
import { z } from 'zod';

export const proofSchema = z
  .strictObject({
    login: z
      .boolean()
      .default(true)
      .describe('Launch a throw-away server from the image, sign in to its desktop, and delete it again'),
    flavor: z
      .string()
      .min(1)
      .optional()
      .describe('Flavor of that server, by name or id (default: the smallest that fits)'),
    network: z
      .string()
      .min(1)
      .optional()
      .describe("Network of that server, by name or id (default: the plan's, or the only one)"),
  })
  .describe('How the published image is proven');
