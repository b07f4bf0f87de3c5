/** Lists of which a program has hundreds of thousands, most of them short. V8 gives a list room for seventeen items with the first `push`. */

/** `list` with one more item, which takes its place: a short list without spare room. */
export function appended<T>(list: T[], item: T): T[] {
  switch (list.length) {
    case 0:
      return [item];
    case 1:
      return [list[0], item];
    case 2:
      return [list[0], list[1], item];
    case 3:
      return [list[0], list[1], list[2], item];
    default:
      list.push(item);
      return list;
  }
}
