// Imported before everything else: zod must not try to compile code, which the content security policy forbids.
import { z } from 'zod';

z.config({ jitless: true });
