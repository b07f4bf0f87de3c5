/** Times in the layouts of package time, which are the reference time as it is to look: "2006-01-02", "Jan 2 15:04:05 MST" (time.Time.Format). */

const elements =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|1|2006|2|__2|_2(?!006)|3|4|5|PM|pm|-070000|-07:00:00|-0700|-07:00|-07|Z070000|Z07:00:00|Z0700|Z07:00|Z07|[.,](?:0+|9+)(?!\d)/g;

const months = 'January February March April May June July August September October November December'.split(' ');
const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

const rfc3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|([-+])(\d\d):(\d\d))$/;

/** Null if the text is no time as RFC 3339 writes it. */
export function formatTime(text: string, layout: string): string | null {
  const m = rfc3339.exec(text);
  if (m === null) return null;
  const [, seconds, fraction = '', sign = '+', hours = '00', minutes = '00'] = m;
  // The wall clock of the time's own zone, as if that were UTC.
  const clock = new Date(`${seconds}Z`);
  const zone = { sign, hours, minutes };
  return layout.replace(elements, (e) => elementText(e, clock, fraction.padEnd(9, '0'), zone));
}

interface Zone {
  readonly sign: string;
  readonly hours: string;
  readonly minutes: string;
}

function elementText(e: string, t: Date, nanoseconds: string, zone: Zone): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const hour12 = t.getUTCHours() % 12 || 12;
  const dayOfYear = Math.floor((t.getTime() - Date.UTC(t.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
  switch (e) {
    case 'January':
      return months[t.getUTCMonth()];
    case 'Jan':
      return months[t.getUTCMonth()].slice(0, 3);
    case '1':
      return String(t.getUTCMonth() + 1);
    case '01':
      return two(t.getUTCMonth() + 1);
    case 'Monday':
      return days[t.getUTCDay()];
    case 'Mon':
      return days[t.getUTCDay()].slice(0, 3);
    case '2':
      return String(t.getUTCDate());
    case '_2':
      return String(t.getUTCDate()).padStart(2);
    case '02':
      return two(t.getUTCDate());
    case '002':
      return String(dayOfYear).padStart(3, '0');
    case '__2':
      return String(dayOfYear).padStart(3);
    case '15':
      return two(t.getUTCHours());
    case '3':
      return String(hour12);
    case '03':
      return two(hour12);
    case '4':
      return String(t.getUTCMinutes());
    case '04':
      return two(t.getUTCMinutes());
    case '5':
      return String(t.getUTCSeconds());
    case '05':
      return two(t.getUTCSeconds());
    case '2006':
      return String(t.getUTCFullYear()).padStart(4, '0');
    case '06':
      return two(t.getUTCFullYear() % 100);
    case 'PM':
      return t.getUTCHours() >= 12 ? 'PM' : 'AM';
    case 'pm':
      return t.getUTCHours() >= 12 ? 'pm' : 'am';
    default:
      return /^[.,]/.test(e) ? fractionText(e, nanoseconds) : zoneText(e, zone);
  }
}

/** Nines leave out zeros at the end. */
function fractionText(e: string, nanoseconds: string): string {
  const digits = nanoseconds.slice(0, e.length - 1).padEnd(e.length - 1, '0');
  if (e[1] === '0') return e[0] + digits;
  const shown = digits.replace(/0+$/, '');
  return shown === '' ? '' : e[0] + shown;
}

function zoneText(e: string, { sign, hours, minutes }: Zone): string {
  const isUtc = hours === '00' && minutes === '00';
  if (e === 'MST') return isUtc ? 'UTC' : `${sign}${hours}${minutes === '00' ? '' : minutes}`;
  if (e.startsWith('Z') && isUtc) return 'Z';
  const colon = e.includes(':') ? ':' : '';
  const parts = [hours];
  if (e.length > 3) parts.push(minutes);
  if (e.length > 6) parts.push('00');
  return sign + parts.join(colon);
}
