import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '#go/json.ts';
import { compileTemplate, executeTemplate, TemplateError } from '#go/template.ts';

const data: JsonObject = {
  Name: 'p',
  List: ['a', 'b'],
  None: [],
  Yes: true,
  Map: new Map([['k', 'v']]),
  Inner: { Path: 'q' },
  Nil: null,
  Time: '2018-02-03T04:05:06.789Z',
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
    ['{{range $i, $e := .List}}{{$i}}={{$e}};{{end}}{{range $k, $v := .Map}}{{$k}}:{{$v}}{{end}}', '0=a;1=b;k:v'],
    ['{{$n := 0}}{{range .List}}{{$n = len .}}{{end}}{{$n}}{{$.Name}}', '1p'],
    ['{{with $x := .Inner}}{{$x.Path}}{{.Path}}{{end}}', 'qq'],
    [
      '{{range .List}}{{if eq . "b"}}{{break}}{{end}}{{.}}{{end}}{{range .List}}{{if eq . "a"}}{{continue}}{{end}}{{.}}{{end}}',
      'ab',
    ],
    ['{{define "t"}}<{{.}}>{{end}}{{template "t" .Name}}{{block "u" .List}}{{len .}}{{end}}', '<p>2'],
    ['{{with .Nil}}x{{else with .Name}}{{.}}{{end}}', 'p'],
    ['{{slice .Name 0 1}}{{html "<&>"}}{{js "\'"}}{{urlquery "a b/"}}', "p&lt;&amp;&gt;\\'a+b%2F"],
    ['{{.Time.Format "Mon Jan _2 15:04:05 2006"}}', 'Sat Feb  3 04:05:06 2018'],
    [
      '{{.Time.Format "Mon, 02 Jan 06 -0700"}} {{.Time.Format "3:04PM .000 002"}}',
      'Sat, 03 Feb 18 +0000 4:05AM .789 034',
    ],
    ['{{.Time.Format "2006-01-02T15:04:05.999999999Z07:00" | printf "<%s>"}}', '<2018-02-03T04:05:06.789Z>'],
    ['{{printf "%-3s|%5.1s|%03d|%v|%t|%d" "a" "bc" 7 .List true "x"}}', 'a  |    b|007|[a b]|true|%!d(string=x)'],
  ];
  for (const [source, want] of cases) assert.equal(executeTemplate(compileTemplate(source), data), want, source);
});

test('wrong templates', () => {
  const cases: readonly [string, RegExp][] = [
    ['{{.Name', /unclosed action/],
    ['{{.Nope}}', /can't evaluate field Nope in type \*load.PackagePublic/],
    ['{{nope}}', /function "nope" not defined/],
    ['{{if .Yes}}x', /unexpected EOF/],
    ['{{end}}', /unexpected \{\{end\}\}/],
    ['{{$x}}', /undefined variable "\$x"/],
    ['{{range $a, $b, $c := .List}}{{end}}', /too many declarations/],
    ['{{break}}', /\{\{break\}\} outside \{\{range\}\}/],
    ['a\n{{template "x"}}', /template "x" not defined/],
    ['a\n{{nope}}', /template: main:2: function "nope" not defined/],
  ];
  for (const [source, want] of cases) {
    assert.throws(
      () => executeTemplate(compileTemplate(source), data),
      (e) => e instanceof TemplateError && want.test(e.message),
      source,
    );
  }
});
