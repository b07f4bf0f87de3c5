import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '#go/json.ts';
import { executeTemplate, parseTemplate, TemplateError } from '#go/template.ts';

const data: JsonObject = {
  Name: 'p',
  List: ['a', 'b'],
  None: [],
  Yes: true,
  Map: new Map([['k', 'v']]),
  Inner: { Path: 'q' },
  Nil: null,
};

test('templates', () => {
  const cases: readonly [string, string][] = [
    ['x{{.Name}}y', 'xpy'],
    ['{{.List}} {{.None}} {{.Map}} {{.Yes}}', '[a b] [] map[k:v] true'],
    ['{{join .List ", "}}|{{len .List}}|{{index .List 1}}', 'a, b|2|b'],
    ['{{range .List}}<{{.}}>{{end}}{{range .None}}x{{else}}none{{end}}', '<a><b>none'],
    ['{{if .Yes}}1{{else}}2{{end}}{{if .None}}1{{else if .Yes}}3{{else}}2{{end}}', '13'],
    ['{{with .Inner}}{{.Path}}{{end}}{{with .Nil}}x{{else}}nil{{end}}', 'qnil'],
    ['a {{- /* c */ -}} b', 'ab'],
    ['{{.Name | printf "%q-%s" .Name}}', '"p"-p'],
    ['{{if and .Yes (eq .Name "p")}}both{{end}}{{not .Yes}}', 'bothfalse'],
    ['{{(index .List 0)}}{{`raw`}}{{"a\\tb"}}', 'arawa\tb'],
  ];
  for (const [source, want] of cases) assert.equal(executeTemplate(parseTemplate(source), data), want, source);
});

test('wrong templates', () => {
  const cases: readonly [string, RegExp][] = [
    ['{{.Name', /unclosed action/],
    ['{{.Nope}}', /can't evaluate field Nope in type \*load.PackagePublic/],
    ['{{nope}}', /function "nope" not defined/],
    ['{{if .Yes}}x', /unexpected EOF/],
    ['{{end}}', /unexpected \{\{end\}\}/],
    ['{{$x}}', /variables are not supported/],
  ];
  for (const [source, want] of cases) {
    assert.throws(
      () => executeTemplate(parseTemplate(source), data),
      (e) => e instanceof TemplateError && want.test(e.message),
      source,
    );
  }
});
