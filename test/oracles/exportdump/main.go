// Prints what go/types reads from the export data of an archive: each exported object with its type, and the methods of types.
// Usage: exportdump importcfg importpath archive
package main

import (
	"bufio"
	"fmt"
	"go/constant"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"strings"
)

func main() {
	files := map[string]string{}
	config, err := os.Open(os.Args[1])
	if err != nil {
		panic(err)
	}
	lines := bufio.NewScanner(config)
	for lines.Scan() {
		if path, file, ok := strings.Cut(strings.TrimPrefix(lines.Text(), "packagefile "), "="); ok {
			files[path] = file
		}
	}
	files[os.Args[2]] = os.Args[3]
	lookup := func(path string) (io.ReadCloser, error) { return os.Open(files[path]) }
	pkg, err := importer.ForCompiler(token.NewFileSet(), "gc", lookup).Import(os.Args[2])
	if err != nil {
		panic(err)
	}
	scope := pkg.Scope()
	for _, name := range scope.Names() {
		obj := scope.Lookup(name)
		if !obj.Exported() {
			continue
		}
		fmt.Println(obj)
		switch obj := obj.(type) {
		case *types.Const:
			fmt.Println("\t", constant.ToFloat(obj.Val()).ExactString(), obj.Val().ExactString())
		case *types.TypeName:
			t := obj.Type()
			fmt.Println("\t", t.Underlying(), obj.IsAlias())
			if named, ok := t.(*types.Named); ok {
				for i := range named.NumMethods() {
					fmt.Println("\t", named.Method(i))
				}
				for i := range named.TypeParams().Len() {
					fmt.Println("\t", named.TypeParams().At(i).Constraint())
				}
			}
		}
	}
}
