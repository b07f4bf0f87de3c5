/** Standard base64. */

/** Bytes that become text at once: arguments of one call. */
const chunk = 0x6000;

export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += chunk) text += btoa(String.fromCharCode(...bytes.subarray(i, i + chunk)));
  return text;
}

/** Null if the text is no standard base64. */
export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}
