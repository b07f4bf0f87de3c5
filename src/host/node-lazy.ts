/** Parts of Node that take milliseconds to load and that many commands do without: loaded when they are first used. */
import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

export const crypto = (): typeof import('node:crypto') => load('node:crypto');
export const childProcess = (): typeof import('node:child_process') => load('node:child_process');
export const http = (): typeof import('node:http') => load('node:http');
export const https = (): typeof import('node:https') => load('node:https');
export const tls = (): typeof import('node:tls') => load('node:tls');
export const tty = (): typeof import('node:tty') => load('node:tty');
export const zlib = (): typeof import('node:zlib') => load('node:zlib');
