// The layering rule: arrows point down only. fronts → backend → run → {guest, machine, cloud, connect, media} → host → shared,
// renderer → shared. The desktop port's types and the pure security rules may be seen from above them.
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const fronts = '^electron/(main|preload|served|cli)\\.ts$|^electron/cli/';
const backend = '^electron/backend(\\.ts$|/)|^electron/session\\.ts$';
const middle = ['guest', 'machine', 'cloud', 'connect', 'media'];

module.exports = {
  forbidden: [
    rule('no-cycle', 'Two modules that need each other are one module.', {}, { circular: true }),
    rule(
      'nothing-imports-a-front',
      'Fronts are entered from outside only.',
      { pathNot: fronts },
      { path: fronts },
    ),
    rule(
      'backend-below-fronts',
      'Only fronts and the backend itself see the backend.',
      { pathNot: `${fronts}|${backend}` },
      { path: backend },
    ),
    rule(
      'run-below-backend',
      'Only fronts and backend see the engine.',
      { pathNot: `${fronts}|${backend}|^electron/run/` },
      { path: '^electron/run/' },
    ),
    ...middle.map((name) =>
      rule(
        `${name}-stands-alone`,
        'The middle rooms do not see each other.',
        { path: `^electron/${name}/` },
        {
          path: `^electron/(${middle.filter((other) => other !== name).join('|')}|run|backend)`,
        },
      ),
    ),
    rule(
      'host-sees-shared-only',
      'The host is the ground floor.',
      { path: '^electron/host/' },
      {
        path: '^electron/',
        pathNot: '^electron/(host/|desktop/port\\.ts$)',
      },
    ),
    rule(
      'shared-is-pure',
      'Both sides agree there; no I/O, nothing above.',
      { path: '^shared/' },
      {
        path: '^(electron|renderer|test|build)/',
      },
    ),
    rule(
      'shared-has-no-io',
      'Pure TypeScript without I/O.',
      { path: '^(shared|renderer)/' },
      { dependencyTypes: ['core'] },
    ),
    rule(
      'renderer-knows-the-contract',
      'The page knows shared and nothing of Node.',
      { path: '^renderer/' },
      { path: '^(electron|test|build)/' },
    ),
    rule(
      'electron-in-its-place',
      "Only the Electron front and the desktop adapter import 'electron'.",
      {
        path: '^(electron|renderer|shared)/',
        pathNot: '^electron/(main|preload)\\.ts$|^electron/desktop/electron\\.ts$',
      },
      { path: '^electron$|node_modules/electron/' },
    ),
    rule(
      'product-without-tests',
      'The product never needs its tests.',
      { path: '^(electron|renderer|shared)/' },
      { path: '^test/' },
    ),
    rule('resolvable', 'An import that does not resolve is a fault.', {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
