/** Functions after every pass as one HTML page: a column a pass; a click on a value or block marks it in all columns, on a heading folds the column. */
import type { FunctionTexts, PassText } from './ssa-dump.ts';

const style = `
body{margin:0;font:12px/1.35 ui-monospace,monospace;background:#fff;color:#222}
h2{margin:12px 8px 4px;font-size:14px}
table{border-collapse:collapse}
td,th{vertical-align:top;text-align:left;border:1px solid #ddd;padding:4px 6px}
th{background:#f3f3f3;cursor:pointer;position:sticky;top:0;white-space:nowrap}
td.same{background:#fafafa;color:#999}
.folded{max-width:14px;overflow:hidden;color:transparent}
pre{margin:0}
i{color:#888;font-style:normal}
u{text-decoration:none;cursor:pointer}
.m0{background:#ffd54f}.m1{background:#81d4fa}.m2{background:#a5d6a7}.m3{background:#f8bbd0}.m4{background:#d1c4e9}`;

const script = `
let next=0;const marks=new Map();
document.addEventListener('click',e=>{
 const th=e.target.closest('th');
 if(th){const i=th.cellIndex;for(const r of th.closest('table').rows)r.cells[i].classList.toggle('folded');return}
 const u=e.target.closest('u');if(!u)return;
 const table=u.closest('table'),key=table.id+u.textContent,old=marks.get(key);
 if(old===undefined)marks.set(key,'m'+next++%5);else marks.delete(key);
 for(const x of table.querySelectorAll('u'))if(x.textContent===u.textContent){if(old!==undefined)x.classList.remove(old);else x.classList.add(marks.get(key))}
});`;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Names of values and blocks can be clicked on; positions are told as lines. */
function marked(text: string, place: (pos: number) => string): string {
  return escaped(text)
    .replace(/\b[vb]\d+\b/g, '<u>$&</u>')
    .replace(/ @(\d+)/g, (_, pos: string) => {
      const at = place(Number(pos));
      return at === '' ? '' : ` <i>${at}</i>`;
    })
    .replace(/\/\/ .*/g, '<i>$&</i>');
}

function column(p: PassText, before: PassText | null, place: (pos: number) => string): string {
  if (before !== null && before.text === p.text) return '<td class="same">unchanged</td>';
  return `<td><pre>${marked(p.text, place)}</pre></td>`;
}

function section(f: FunctionTexts, n: number, place: (pos: number) => string): string {
  const heads = f.passes.map((p) => `<th>${escaped(p.pass)}</th>`).join('');
  const cells = f.passes.map((p, i) => column(p, i === 0 ? null : f.passes[i - 1], place)).join('');
  const code = f.listing === '' ? ['', ''] : ['<th>machine code</th>', `<td><pre>${escaped(f.listing)}</pre></td>`];
  return `<h2>${escaped(f.name)}</h2>\n<table id="t${n}"><tr>${heads}${code[0]}</tr>\n<tr>${cells}${code[1]}</tr></table>\n`;
}

export function ssaHtml(functions: readonly FunctionTexts[], place: (pos: number) => string): string {
  const title = functions.map((f) => f.name).join(', ');
  const body = functions.map((f, i) => section(f, i, place)).join('');
  return `<!doctype html>
<meta charset="utf-8"><title>${escaped(title)}</title><style>${style}</style>
${body}<script>${script}</script>
`;
}
