// Typesdump prints what cmd/compile/internal/types2 records for packages of the standard library: for every expression its mode,
// type and value, for every name its object, selections, instances and the initialisation order. It is built into the command
// tree by an overlay (see ../types-std.ts). Usage: typesdump OUTDIR GOARCH < output of `go list -deps -json=ImportPath,Dir,GoFiles,ImportMap`.
// With a further argument, a file of file names, it prints the errors in each of them (see ../types-errors.ts).
package main

import (
	"bufio"
	"cmd/compile/internal/syntax"
	"cmd/compile/internal/types2"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"go/constant"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"
)

type listed struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	ImportMap  map[string]string
}

type importer struct {
	packages map[string]*types2.Package
	imports  map[string]string
}

func (i importer) Import(path string) (*types2.Package, error) {
	if path == "unsafe" {
		return types2.Unsafe, nil
	}
	if p := i.imports[path]; p != "" {
		path = p
	}
	if p := i.packages[path]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("not loaded: %s", path)
}

func main() {
	out := os.Args[1]
	goarch := os.Args[2]
	packages := map[string]*types2.Package{}
	ctxt := types2.NewContext()
	var spent time.Duration
	dec := json.NewDecoder(os.Stdin)
	for {
		var p listed
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			panic(err)
		}
		if p.ImportPath == "unsafe" {
			continue
		}
		start := time.Now()
		var files []*syntax.File
		for _, name := range p.GoFiles {
			f, err := os.Open(filepath.Join(p.Dir, name))
			if err != nil {
				panic(err)
			}
			base := name
			if len(os.Args) > 3 {
				base = f.Name()
			}
			file, err := syntax.Parse(syntax.NewFileBase(base), f, nil, nil, 0)
			if err != nil {
				panic(err)
			}
			f.Close()
			files = append(files, file)
		}
		conf := types2.Config{
			Context:            ctxt,
			GoVersion:          "go1.26",
			IgnoreBranchErrors: true,
			Importer:           importer{packages, p.ImportMap},
			Sizes:              types2.SizesFor("gc", goarch),
			EnableAlias:        true,
			Error:              func(err error) { fmt.Fprintln(os.Stderr, err) },
		}
		info := &types2.Info{
			Types:      map[syntax.Expr]types2.TypeAndValue{},
			Defs:       map[*syntax.Name]types2.Object{},
			Uses:       map[*syntax.Name]types2.Object{},
			Selections: map[*syntax.SelectorExpr]*types2.Selection{},
			Instances:  map[*syntax.Name]types2.Instance{},
		}
		pkg, _ := conf.Check(p.ImportPath, files, info)
		spent += time.Since(start)
		packages[p.ImportPath] = pkg
		if out != "-" {
			dump(filepath.Join(out, strings.ReplaceAll(p.ImportPath, "/", "_")+".txt"), files, info)
		}
	}
	if len(os.Args) > 3 {
		names, err := os.ReadFile(os.Args[3])
		if err != nil {
			panic(err)
		}
		w := bufio.NewWriter(os.Stdout)
		for _, name := range strings.Fields(string(names)) {
			errors(w, name, importer{packages, nil}, ctxt, goarch)
		}
		w.Flush()
		return
	}
	fmt.Printf("%d\n", spent.Milliseconds())
}

// errors prints what the compiler would say of a file that is a package.
func errors(w io.Writer, name string, imp importer, ctxt *types2.Context, goarch string) {
	fmt.Fprintf(w, "file %s\n", name)
	defer func() {
		if e := recover(); e != nil {
			fmt.Fprintf(w, "panic %q\n", fmt.Sprint(e))
		}
	}()
	f, err := os.Open(name)
	if err != nil {
		panic(err)
	}
	defer f.Close()
	failed := false
	report := func(err error) {
		failed = true
		switch err := err.(type) {
		case syntax.Error:
			fmt.Fprintf(w, "%d:%d %q\n", err.Pos.Line(), err.Pos.Col(), err.Msg)
		case types2.Error:
			fmt.Fprintf(w, "%d:%d %q\n", err.Pos.Line(), err.Pos.Col(), err.Msg)
		default:
			fmt.Fprintf(w, "- %q\n", err.Error())
		}
	}
	file, _ := syntax.Parse(syntax.NewFileBase(name), f, report, nil, syntax.CheckBranches)
	if failed || file == nil {
		return
	}
	conf := types2.Config{
		Context:            ctxt,
		GoVersion:          "go1.26",
		IgnoreBranchErrors: true,
		Importer:           imp,
		Sizes:              types2.SizesFor("gc", goarch),
		EnableAlias:        true,
		Error:              report,
	}
	info := &types2.Info{
		StoreTypesInSyntax: true,
		Defs:               map[*syntax.Name]types2.Object{},
		Uses:               map[*syntax.Name]types2.Object{},
		Selections:         map[*syntax.SelectorExpr]*types2.Selection{},
		Instances:          map[*syntax.Name]types2.Instance{},
	}
	conf.Check(file.PkgName.Value, []*syntax.File{file}, info)
}

func object(obj types2.Object) string {
	if obj == nil {
		return "nil"
	}
	kind := strings.TrimPrefix(fmt.Sprintf("%T", obj), "*types2.")
	pkg := ""
	if obj.Pkg() != nil {
		pkg = obj.Pkg().Path()
	}
	return fmt.Sprintf("%s %s.%s %s", kind, pkg, obj.Name(), at(obj.Pos()))
}

func at(pos syntax.Pos) string {
	if !pos.IsKnown() {
		return "-"
	}
	return fmt.Sprintf("%s:%d:%d", pos.Base().Pos().RelFilename(), pos.Line(), pos.Col())
}

func flags(tv types2.TypeAndValue) string {
	s := ""
	for _, f := range []struct {
		set  bool
		name string
	}{
		{tv.IsVoid(), "v"}, {tv.IsType(), "t"}, {tv.IsBuiltin(), "b"}, {tv.IsNil(), "n"}, {tv.Value != nil, "c"},
		{tv.IsValue(), "x"}, {tv.Addressable(), "a"}, {tv.Assignable(), "s"}, {tv.HasOk(), "k"},
	} {
		if f.set {
			s += f.name
		}
	}
	return s
}

func typ(t types2.Type) string {
	return types2.TypeString(t, nil)
}

func value(v constant.Value) string {
	s := v.ExactString()
	if len(s) > 200 {
		return fmt.Sprintf("%x", sha256.Sum256([]byte(s)))
	}
	return s
}

func dump(path string, files []*syntax.File, info *types2.Info) {
	var lines []string
	add := func(n syntax.Node, format string, args ...any) {
		kind := strings.TrimPrefix(fmt.Sprintf("%T", n), "*syntax.")
		lines = append(lines, fmt.Sprintf("%s %s %s", at(n.Pos()), kind, fmt.Sprintf(format, args...)))
	}
	for e, tv := range info.Types {
		if tv.Value != nil {
			add(e, "%s %s = %s", flags(tv), typ(tv.Type), value(tv.Value))
		} else {
			add(e, "%s %s", flags(tv), typ(tv.Type))
		}
	}
	for id, obj := range info.Defs {
		if info.Uses[id] == nil {
			add(id, "is %s", object(obj))
		}
	}
	for id, obj := range info.Uses {
		add(id, "is %s", object(obj))
	}
	for e, s := range info.Selections {
		add(e, "selects %d %s %v %v", s.Kind(), typ(s.Recv()), s.Index(), s.Indirect())
	}
	for id, inst := range info.Instances {
		var targs []string
		for i := range inst.TypeArgs.Len() {
			targs = append(targs, typ(inst.TypeArgs.At(i)))
		}
		add(id, "instance [%s] %s", strings.Join(targs, ","), typ(inst.Type))
	}
	sort.Strings(lines)
	f, err := os.Create(path)
	if err != nil {
		panic(err)
	}
	w := bufio.NewWriter(f)
	for _, l := range lines {
		fmt.Fprintln(w, l)
	}
	for _, init := range info.InitOrder {
		var names []string
		for _, v := range init.Lhs {
			names = append(names, v.Name())
		}
		fmt.Fprintf(w, "init %s %s\n", strings.Join(names, ","), at(init.Rhs.Pos()))
	}
	w.Flush()
	f.Close()
}
