/**
 * What a package shows to those that import it, found by scanning alone: for each declaration an identity of its tokens and the names that they
 * mention. Comments and the places of declarations play no part; those of bodies do, since lines and columns flow into whoever gets the body. What
 * cannot be told apart is taken to be the package's whole.
 */
import { encodeText, hexText } from '#base/bytes.ts';
import { SourceFile } from '#base/source.ts';
import { makeString } from '#syntax/names.ts';
import { next, Scanner } from '#syntax/scanner.ts';
import * as Tok from '#syntax/tokens.ts';
import type { LoadedPackage } from './loader.ts';

/** A declaration, or a body. */
export interface Shown {
  readonly id: string;
  /** Names of the package itself, and "path name" of imported ones, by the paths as written. */
  readonly mentions: ReadonlySet<string>;
}

/** What all names of a package depend on: directives, assembly, language. */
export const packageItself = '';
/** All names, as a dot import has them. */
export const allNames = '*';

export interface Declarations {
  /** By name; methods' headers belong to their types. */
  readonly names: ReadonlyMap<string, Shown>;
  /** By function name or "T.method". */
  readonly bodies: ReadonlyMap<string, Shown>;
  /** Of all of them. */
  readonly mentions: ReadonlySet<string>;
}

export interface DeclarationText {
  readFile(path: string): Uint8Array;
  sha256(data: Uint8Array): Uint8Array;
}

/** `settings`: what else decides what the package is. */
export function shownBy(reader: DeclarationText, p: LoadedPackage, settings: string): Declarations {
  const found = new Found(reader);
  found.itself.push(settings, p.dir, p.name);
  for (const f of p.files.goFiles) {
    found.itself.push(f.name);
    new FileScan(found, p, f.path, reader.readFile(f.path)).run();
  }
  for (const name of [...p.files.sFiles, ...p.files.hFiles])
    found.itself.push(name, found.idOf(reader.readFile(`${p.dir}/${name}`)));
  return found.finish();
}

/** Tokens of a declaration, as far as it has been read. */
class Piece {
  text = '';
  readonly mentions = new Set<string>();
  /** There is a type declaration inside of it. */
  hasTypes = false;

  add(other: Piece): void {
    if (other === this) return;
    this.text += `${other.text}\n`;
    for (const m of other.mentions) this.mentions.add(m);
  }
}

class Found {
  private readonly reader: DeclarationText;
  readonly itself: string[];
  readonly names: Map<string, Piece>;
  readonly methods: Map<string, Piece>;
  readonly bodies: Map<string, Piece>;
  readonly aliases: Set<string>;
  /** The pieces before with types in them: the numbers of such types, counted through the package, are part of their names. */
  private localTypes: string;

  constructor(reader: DeclarationText) {
    this.reader = reader;
    this.itself = [];
    this.names = new Map();
    this.methods = new Map();
    this.bodies = new Map();
    this.aliases = new Set();
    this.localTypes = '';
  }

  /** The identity of a file's content. */
  idOf(data: Uint8Array): string {
    return hexText(this.reader.sha256(data)).slice(0, 32);
  }

  declare(map: Map<string, Piece>, name: string, piece: Piece): void {
    const known = map.get(name);
    if (known === undefined) map.set(name, piece);
    else known.add(piece);
  }

  /** Lets a finished piece depend on what numbers the types in it. */
  numberTypes(piece: Piece): void {
    if (!piece.hasTypes) return;
    piece.text += `\n${this.localTypes}`;
    this.localTypes = this.idOf(encodeText(piece.text));
  }

  finish(): Declarations {
    const itself = new Piece();
    for (const [receiver, piece] of this.methods) {
      const type = this.aliases.has(receiver) ? undefined : this.names.get(receiver);
      (type ?? itself).add(piece);
    }
    for (const part of this.itself) itself.text += `${part.length} ${part}\n`;
    const mentions = new Set<string>();
    const shownOf = (pieces: ReadonlyMap<string, Piece>): Map<string, Shown> => {
      const list = new Map<string, Shown>();
      for (const [name, piece] of pieces) {
        for (const m of piece.mentions) mentions.add(m);
        list.set(name, { id: this.idOf(encodeText(piece.text)), mentions: piece.mentions });
      }
      return list;
    };
    const names = shownOf(this.names);
    const bodies = shownOf(this.bodies);
    const whole = new Piece();
    for (const [name, { id }] of names) {
      whole.text += `${name} ${id}\n`;
      whole.mentions.add(name);
    }
    for (const [name, { id, mentions: of }] of shownOf(
      new Map([
        [packageItself, itself],
        [allNames, whole],
      ]),
    ))
      names.set(name, { id, mentions: of });
    return { names, bodies, mentions };
  }
}

class FileScan {
  private readonly found: Found;
  private readonly s: Scanner;
  private readonly path: string;
  private readonly p: LoadedPackage;
  /** Import paths by the names that they have in the file. */
  private readonly imports: Map<string, string>;
  private readonly dotImports: string[];
  private piece: Piece;
  /** Gets the tokens with their places; null outside of functions. */
  private placed: Piece | null;
  private line: number;
  private lineStart: number;
  private previous: number;
  /** The path of the import whose name has just been read, with the dot behind it; "" for others. */
  private qualifier: string;

  constructor(found: Found, p: LoadedPackage, path: string, text: Uint8Array) {
    this.found = found;
    this.p = p;
    this.path = path;
    this.imports = new Map();
    this.dotImports = [];
    this.piece = new Piece();
    this.placed = null;
    this.line = 1;
    this.lineStart = 0;
    this.previous = 0;
    this.qualifier = '';
    let hasLines = false;
    const directive = (start: number, end: number): void => {
      // Line directives place whatever follows.
      if (text[start + 2] !== letterG && !hasLines) {
        hasLines = true;
        found.itself.push(found.idOf(text));
      }
      found.itself.push(makeString(text, start, end));
    };
    this.s = new Scanner(new SourceFile(path, 1, text.length), text, () => undefined, directive);
    next(this.s);
  }

  run(): void {
    const { s } = this;
    while (!this.at(Tok.EOF)) {
      switch (s.tok) {
        case Tok.Import:
          this.importDeclaration();
          break;
        case Tok.Const:
          this.constants();
          break;
        case Tok.Var:
        case Tok.Type:
          this.each(this.at(Tok.Type));
          break;
        case Tok.Func:
          this.func();
          break;
        default:
          next(s);
      }
    }
  }

  private at(tok: number): boolean {
    return this.s.tok === tok;
  }

  /** Enters the token at hand and reads the next one. */
  private take(): void {
    const { s, piece, placed } = this;
    const { tok } = s;
    const isName = tok === Tok.Name;
    let text = tok === Tok.Semi ? ';' : makeString(s.text, s.start, s.offset);
    if (tok === Tok.Type) {
      piece.hasTypes = true;
      if (placed !== null) placed.hasTypes = true;
    }
    let qualifier = '';
    if (isName && this.previous !== Tok.Dot) {
      const path = this.imports.get(text);
      if (path === undefined) this.mention(text);
      else {
        qualifier = path;
        text += `"${path}"`;
      }
    } else if (isName && this.qualifier !== '') this.mention(`${this.qualifier} ${text}`);
    else if (tok === Tok.Dot && this.previous === Tok.Name) qualifier = this.qualifier;
    this.qualifier = qualifier;
    this.previous = tok;
    piece.text += `${text} `;
    if (placed !== null) {
      this.advance(s.start);
      placed.text += `${text} ${this.line}:${s.start - this.lineStart} `;
    }
    next(s);
  }

  private mention(name: string): void {
    this.piece.mentions.add(name);
    this.placed?.mentions.add(name);
  }

  /** Counts lines up to an offset. */
  private advance(offset: number): void {
    const { text } = this.s;
    for (let i = text.indexOf(10, this.lineStart); i >= 0 && i < offset; i = text.indexOf(10, i + 1)) {
      this.line++;
      this.lineStart = i + 1;
    }
  }

  private begin(): Piece {
    this.piece = new Piece();
    for (const path of this.dotImports) this.piece.mentions.add(`${path} ${allNames}`);
    return this.piece;
  }

  private importDeclaration(): void {
    const { s } = this;
    next(s);
    const isGroup = this.at(Tok.Lparen);
    if (isGroup) next(s);
    while (!this.at(Tok.EOF) && !this.at(Tok.Rparen)) {
      let name = '';
      if (this.at(Tok.Name) || this.at(Tok.Dot)) {
        name = this.at(Tok.Dot) ? '.' : s.lit;
        next(s);
      }
      if (this.at(Tok.Literal)) {
        const path = s.lit.slice(1, -1);
        const imported = this.p.imports.get(path);
        if (name === '.') this.dotImports.push(path);
        else if (imported !== undefined && name !== '_') this.imports.set(name === '' ? imported.name : name, path);
        next(s);
      }
      if (!this.at(Tok.Semi) && !this.at(Tok.Rparen)) return;
      if (!isGroup) return;
      if (this.at(Tok.Semi)) next(s);
    }
  }

  /** What a constant is may depend on those before it in the group. */
  private constants(): void {
    const piece = this.begin();
    const names: string[] = [];
    this.take();
    if (this.at(Tok.Lparen)) {
      this.take();
      while (!this.at(Tok.Rparen) && !this.at(Tok.EOF)) {
        names.push(...this.nameList());
        this.rest();
        if (this.at(Tok.Semi)) this.take();
      }
    } else {
      names.push(...this.nameList());
      this.rest();
    }
    for (const name of names) this.found.declare(this.found.names, name, piece);
  }

  /** Variables or types. */
  private each(isType: boolean): void {
    const { s } = this;
    next(s);
    const isGroup = this.at(Tok.Lparen);
    if (isGroup) next(s);
    while (!this.at(Tok.EOF) && !this.at(Tok.Rparen)) {
      const piece = this.begin();
      piece.text = isType ? 'type ' : 'var ';
      const names = isType ? [s.lit] : this.nameList();
      const isAlias = this.rest() && isType;
      this.found.numberTypes(piece);
      for (const name of names) {
        this.found.declare(this.found.names, name, piece);
        if (isAlias) this.found.aliases.add(name);
      }
      if (!isGroup) return;
      if (this.at(Tok.Semi)) next(s);
    }
  }

  private nameList(): string[] {
    const { s } = this;
    const names: string[] = [];
    while (this.at(Tok.Name)) {
      names.push(s.lit);
      this.take();
      if (!this.at(Tok.Comma)) break;
      this.take();
    }
    return names;
  }

  /** To the end of a declaration in or outside of a group; tells whether there was a "=" outside of brackets. */
  private rest(): boolean {
    const { s } = this;
    let hasAssign = false;
    for (let depth = 0; !this.at(Tok.EOF); this.take()) {
      if (depth === 0 && (this.at(Tok.Semi) || this.at(Tok.Rparen))) break;
      if (depth === 0 && this.at(Tok.Assign)) hasAssign = true;
      depth += nesting(s.tok);
    }
    return hasAssign;
  }

  private func(): void {
    const { s, found } = this;
    const header = this.begin();
    const body = new Piece();
    for (const m of header.mentions) body.mentions.add(m);
    body.text = `${this.path} `;
    this.placed = body;
    this.take();
    const receiver = this.at(Tok.Lparen) ? this.receiver() : '';
    const name = this.at(Tok.Name) ? s.lit : '_';
    for (let depth = 0; !this.at(Tok.EOF); this.take()) {
      const isOfType = this.previous === Tok.Struct || this.previous === Tok.Interface;
      if (depth === 0 && (this.at(Tok.Semi) || (this.at(Tok.Lbrace) && !isOfType))) break;
      depth += nesting(s.tok);
    }
    const hasBody = this.at(Tok.Lbrace);
    header.text += hasBody ? '{' : ';';
    if (hasBody) {
      this.piece = new Piece();
      this.rest();
      found.numberTypes(body);
    }
    this.placed = null;
    if (receiver !== '') found.declare(found.methods, receiver, header);
    else if (name !== 'init') found.declare(found.names, name, header);
    found.declare(found.bodies, receiver === '' ? name : `${receiver}.${name}`, body);
  }

  /** The base type's name. */
  private receiver(): string {
    const { s } = this;
    let name = '';
    let depth = 0;
    let brackets = 0;
    do {
      if (this.at(Tok.Lbrack)) brackets++;
      else if (this.at(Tok.Rbrack)) brackets--;
      else if (this.at(Tok.Name) && brackets === 0) name = s.lit;
      depth += nesting(s.tok);
      this.take();
    } while (depth > 0 && !this.at(Tok.EOF));
    return name;
  }
}

const letterG = 0x67;

function nesting(tok: number): number {
  switch (tok) {
    case Tok.Lparen:
    case Tok.Lbrack:
    case Tok.Lbrace:
      return 1;
    case Tok.Rparen:
    case Tok.Rbrack:
    case Tok.Rbrace:
      return -1;
    default:
      return 0;
  }
}
