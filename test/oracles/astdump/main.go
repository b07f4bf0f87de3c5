// Astdump writes for each file named on standard input the SHA-256 of the
// sorted list of its expressions with their positions and ends, as go/parser
// tells them; with -full the lists themselves.
package main

import (
	"bufio"
	"crypto/sha256"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
)

func main() {
	full := flag.Bool("full", false, "write lists instead of hashes")
	flag.Parse()
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		d := dump(in.Text())
		if *full {
			fmt.Print(d)
		} else {
			fmt.Printf("%x\n", sha256.Sum256([]byte(d)))
		}
	}
}

func dump(name string) string {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
	if err != nil {
		return "error"
	}
	base := fset.File(f.FileStart).Base()
	var lines []string
	ast.Inspect(f, func(n ast.Node) bool {
		var pos token.Pos
		kind := ""
		switch n := n.(type) {
		case *ast.Ident:
			kind, pos = "Name", n.Pos()
		case *ast.BasicLit:
			kind, pos = "BasicLit", n.Pos()
		case *ast.CompositeLit:
			kind, pos = "CompositeLit", n.Lbrace
		case *ast.KeyValueExpr:
			kind, pos = "KeyValueExpr", n.Colon
		case *ast.FuncLit:
			kind, pos = "FuncLit", n.Pos()
		case *ast.SelectorExpr:
			kind, pos = "SelectorExpr", n.Sel.Pos()
		case *ast.IndexExpr:
			kind, pos = "IndexExpr", n.Lbrack
		case *ast.IndexListExpr:
			kind, pos = "IndexExpr", n.Lbrack
		case *ast.SliceExpr:
			kind, pos = "SliceExpr", n.Lbrack
		case *ast.TypeAssertExpr:
			kind, pos = "AssertExpr", n.Lparen
		case *ast.BinaryExpr:
			kind, pos = "Operation", n.OpPos
		case *ast.UnaryExpr:
			kind, pos = "Operation", n.OpPos
		case *ast.StarExpr:
			kind, pos = "Operation", n.Star
		case *ast.CallExpr:
			kind, pos = "CallExpr", n.Lparen
		case *ast.ArrayType:
			kind, pos = "ArrayType", n.Lbrack
		case *ast.Ellipsis:
			if n.Elt == nil {
				return true
			}
			kind, pos = "DotsType", n.Ellipsis
		case *ast.StructType:
			kind, pos = "StructType", n.Struct
		case *ast.InterfaceType:
			kind, pos = "InterfaceType", n.Interface
		case *ast.FuncType:
			kind, pos = "FuncType", n.Pos()
		case *ast.MapType:
			kind, pos = "MapType", n.Map
		case *ast.ChanType:
			kind, pos = "ChanType", token.Pos(base)
		default:
			return true
		}
		lines = append(lines, fmt.Sprintf("%s %d %d\n", kind, int(pos)-base, int(n.End())-base))
		return true
	})
	slices.Sort(lines)
	return strings.Join(slices.Compact(lines), "")
}
