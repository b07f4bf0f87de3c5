// Syntaxdump writes the syntax trees, positions and errors that the official
// compiler's own parser gives for files, in a plain text form. It is built with
// an overlay that places it under cmd/compile/internal (see syntax.ts beside).
//
// It reads file names from standard input and writes for each one line with
// the SHA-256 of its dump, or with -full the dumps themselves.
package main

import (
	"bufio"
	"cmd/compile/internal/syntax"
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
)

type directive struct {
	pos  syntax.Pos
	text string
}

type directives struct{ list []directive }

func main() {
	full := flag.Bool("full", false, "write dumps instead of hashes")
	flag.Parse()
	in := bufio.NewScanner(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in.Scan() {
		d := dump(in.Text())
		if *full {
			out.WriteString(d)
		} else {
			fmt.Fprintf(out, "%x\n", sha256.Sum256([]byte(d)))
		}
	}
}

func dump(name string) string {
	var b strings.Builder
	var errors, strays []string
	failed := 0
	fail := func(pos syntax.Pos, msg string) {
		failed++
		errors = append(errors, fmt.Sprintf("error %s %s\n", rel(pos), msg))
	}
	handler := func(pos syntax.Pos, blank bool, text string, old syntax.Pragma) syntax.Pragma {
		d, _ := old.(*directives)
		if d == nil {
			d = new(directives)
		}
		if text == "" {
			for _, x := range d.list {
				strays = append(strays, fmt.Sprintf("stray %s %s\n", rel(x.pos), x.text))
			}
			return nil
		}
		if !blank {
			fail(pos, "misplaced compiler directive")
			return d
		}
		if strings.HasPrefix(text, "go:linkname ") {
			return d
		}
		d.list = append(d.list, directive{pos, text})
		return d
	}
	f, err := os.Open(name)
	if err != nil {
		return err.Error()
	}
	defer f.Close()
	report := func(err error) {
		e := err.(syntax.Error)
		fail(e.Pos, e.Msg)
	}
	file, _ := syntax.Parse(syntax.NewFileBase(name), f, report, handler, syntax.CheckBranches)
	// Trees of files with errors may lack parts, which Inspect does not expect.
	if file != nil && failed == 0 {
		fmt.Fprintf(&b, "version %s\n", file.GoVersion)
		fmt.Fprintf(&b, "eof %s\n", abs(file.EOF))
		syntax.Inspect(file, func(n syntax.Node) bool {
			if n != nil {
				node(&b, n)
			}
			return true
		})
	}
	// Unused labels are reported in no particular order.
	slices.Sort(errors)
	for _, e := range append(errors, strays...) {
		b.WriteString(e)
	}
	return b.String()
}

func abs(p syntax.Pos) string { return fmt.Sprintf("%d:%d", p.Line(), p.Col()) }

func rel(p syntax.Pos) string {
	return fmt.Sprintf("%s:%d:%d", p.RelFilename(), p.RelLine(), p.RelCol())
}

func pragmas(b *strings.Builder, p syntax.Pragma) {
	if d, _ := p.(*directives); d != nil {
		for _, x := range d.list {
			fmt.Fprintf(b, "pragma %s %s\n", abs(x.pos), x.text)
		}
	}
}

func node(b *strings.Builder, n syntax.Node) {
	kind := reflect.TypeOf(n).Elem().Name()
	fmt.Fprintf(b, "%s %s %s %s", kind, abs(n.Pos()), abs(syntax.StartPos(n)), abs(syntax.EndPos(n)))
	if r := rel(n.Pos()); !strings.HasSuffix(r, ":"+abs(n.Pos())) {
		fmt.Fprintf(b, " %d:%d", n.Pos().RelLine(), n.Pos().RelCol())
	}
	switch n := n.(type) {
	case *syntax.Name:
		fmt.Fprintf(b, " %s", n.Value)
	case *syntax.BasicLit:
		fmt.Fprintf(b, " %d %t %q", n.Kind, n.Bad, n.Value)
	case *syntax.CompositeLit:
		fmt.Fprintf(b, " %d %s", n.NKeys, abs(n.Rbrace))
	case *syntax.SliceExpr:
		fmt.Fprintf(b, " %t", n.Full)
	case *syntax.Operation:
		fmt.Fprintf(b, " %d", n.Op)
	case *syntax.CallExpr:
		fmt.Fprintf(b, " %t", n.HasDots)
	case *syntax.ChanType:
		fmt.Fprintf(b, " %d", n.Dir)
	case *syntax.AssignStmt:
		fmt.Fprintf(b, " %d", n.Op)
	case *syntax.RangeClause:
		fmt.Fprintf(b, " %t", n.Def)
	case *syntax.BlockStmt:
		fmt.Fprintf(b, " %s", abs(n.Rbrace))
	case *syntax.BranchStmt:
		fmt.Fprintf(b, " %s", n.Tok)
		if n.Target != nil {
			fmt.Fprintf(b, " %s", abs(n.Target.Pos()))
		}
	case *syntax.CallStmt:
		fmt.Fprintf(b, " %s", n.Tok)
	case *syntax.CaseClause:
		fmt.Fprintf(b, " %s", abs(n.Colon))
	case *syntax.CommClause:
		fmt.Fprintf(b, " %s", abs(n.Colon))
	case *syntax.TypeDecl:
		fmt.Fprintf(b, " %t", n.Alias)
	}
	b.WriteByte('\n')
	switch n := n.(type) {
	case *syntax.File:
		pragmas(b, n.Pragma)
	case *syntax.ImportDecl:
		pragmas(b, n.Pragma)
	case *syntax.ConstDecl:
		pragmas(b, n.Pragma)
	case *syntax.TypeDecl:
		pragmas(b, n.Pragma)
	case *syntax.VarDecl:
		pragmas(b, n.Pragma)
	case *syntax.FuncDecl:
		pragmas(b, n.Pragma)
	case syntax.Expr:
		switch n.(type) {
		case *syntax.FuncLit, *syntax.CompositeLit, *syntax.BadExpr:
		default:
			if chain(n, 0) {
				break
			}
			if len(syntax.String(n)) < 100 {
				fmt.Fprintf(b, "= %s\n", syntax.String(n))
			}
		}
	}
}

// chain reports whether x is a long chain of binary operations, whose printing
// would take quadratic time.
func chain(x syntax.Expr, depth int) bool {
	o, _ := x.(*syntax.Operation)
	return o != nil && o.Y != nil && (depth == 3 || chain(o.X, depth+1))
}
