/** Lists of words in flags and variables (cmd/internal/quoted): fields at blanks; single or double quotes at the start of a field protect blanks. */

/** Null if a quote is open. */
export function splitQuotedFields(text: string): string[] | null {
  const fields: string[] = [];
  let rest = text.trimStart();
  while (rest !== '') {
    const quote = rest[0];
    if (quote === '"' || quote === "'") {
      const end = rest.indexOf(quote, 1);
      if (end < 0) return null;
      fields.push(rest.slice(1, end));
      rest = rest.slice(end + 1).trimStart();
      continue;
    }
    const field = /^\S+/.exec(rest)?.[0] ?? rest;
    fields.push(field);
    rest = rest.slice(field.length).trimStart();
  }
  return fields;
}
