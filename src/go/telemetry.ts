/** `tuza telemetry`: the mode of the official command's telemetry, a file in the user's configuration (golang.org/x/telemetry, internal/telemetry). */
import { decodeText, encodeText } from '#base/bytes.ts';
import type { Host } from '#host/host.ts';
import { commandNamed } from './command.ts';
import { Environment } from './environment.ts';
import { parseCommandLine, usageText } from './flags.ts';

export function runTelemetry(args: readonly string[], host: Host): number {
  const command = commandNamed('telemetry');
  const parsed = parseCommandLine(host, command, args, new Environment(host, ''));
  if (parsed === null) return 2;
  const [mode] = parsed.rest;
  const given = host.env.get('TEST_TELEMETRY_DIR') ?? '';
  const directory = given !== '' ? given : host.configDirectory === '' ? '' : `${host.configDirectory}/go/telemetry`;
  const file = `${directory}/mode`;
  if (mode === undefined) {
    const text = directory !== '' && host.files.stat(file) !== null ? decodeText(host.files.readFile(file)) : '';
    host.stdout(`${text.trim().split(' ')[0] || 'local'}\n`);
    return 0;
  }
  if (parsed.rest.length > 1 || !['on', 'off', 'local'].includes(mode)) {
    host.stderr(usageText(command));
    return 2;
  }
  if (directory === '') {
    host.stderr('go: failed to set the telemetry mode: there is no directory for settings\n');
    return 1;
  }
  const day = new Date().toISOString().slice(0, 10);
  host.files.makeDirectory(directory);
  host.files.writeFile(file, encodeText(mode === 'off' ? `off ${day}` : `${mode} ${day}`));
  return 0;
}
