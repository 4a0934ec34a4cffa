import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
// The folder lies inside the project, where the compiler finds the SDK.
import { runFolder } from '../../src/stack/process/temporary-folder.js';
import { inRepository } from './repository.js';

interface Panel {
  type: string;
  title: string;
  options?: unknown;
  targets?: unknown[];
  fieldConfig?: { defaults?: { custom?: unknown } };
}

const SDK = '@grafana/grafana-foundation-sdk';
/** Panel types with the names of the SDK's types for their options and their fields' own settings. */
const PANEL_TYPES: Record<string, { custom: string }> = {
  timeseries: { custom: 'timeseries.FieldConfig' },
  piechart: { custom: 'piechart.FieldConfig' },
  stat: { custom: 'Record<string, never>' },
  gauge: { custom: 'Record<string, never>' },
};

// The values of an enum are plain texts in JSON, and every field may be left out.
const HEADER = `import type * as dashboard from '${SDK}/dashboard';
import type * as prometheus from '${SDK}/prometheus';
${Object.keys(PANEL_TYPES)
  .map((type) => `import type * as ${type} from '${SDK}/${type}';`)
  .join('\n')}
type Plain<T> = 0 extends 1 & T ? T
  : T extends string ? \`\${T}\`
  : T extends number | boolean | null | undefined ? T
  : T extends (infer Element)[] ? Plain<Element>[]
  : { [Key in keyof T]?: Plain<T[Key]> };
`;

const constant = (name: string, type: string, value: unknown) =>
  `const ${name}: Plain<${type}> = ${JSON.stringify(value ?? {}, null, 1)};\nvoid ${name};\n`;

function panelSource(panel: Panel, index: number): string {
  const known = PANEL_TYPES[panel.type];
  if (!known) return `const panel${index}: never = ${JSON.stringify(`no panel of the type ${panel.type}`)};\n`;
  const { options, targets, ...rest } = panel;
  return [
    constant(`panel${index}`, 'dashboard.Panel', rest),
    constant(`options${index}`, `${panel.type}.Options`, options),
    constant(`custom${index}`, known.custom, panel.fieldConfig?.defaults?.custom),
    constant(`targets${index}`, 'prometheus.Dataquery[]', targets),
  ].join('');
}

/** What the compiler says of a dashboard in JSON when Grafana's own types are asked: unknown fields, types, values of enums. */
export function grafanaTypeErrors(dashboard: { panels: Panel[] }): string[] {
  const folder = runFolder('grafana-types');
  const { panels, ...rest } = dashboard;
  const source = HEADER + constant('whole', 'dashboard.Dashboard', rest) + panels.map(panelSource).join('');
  writeFileSync(join(folder, 'dashboard.ts'), source);
  const compilerOptions = { strict: true, noEmit: true, module: 'node16', skipLibCheck: true, types: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['dashboard.ts'] }));
  const tsc = inRepository('node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.includes('error TS'));
}
