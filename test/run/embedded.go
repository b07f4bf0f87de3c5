package main

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed testdata/embed/a.txt
var text string

//go:embed testdata/embed/below/b.bin
var bytes []byte

//go:embed testdata/embed/below/numbers.txt
var numbers string

//go:embed testdata/embed/a.txt testdata/embed
//go:embed testdata/embed/below/*.txt
var files embed.FS

type mine string

//go:embed testdata/embed/a.txt
var named mine

func main() {
	bytes[0] = 'x'
	fmt.Printf("%q %q %d %q\n", text, bytes, len(numbers), named)
	fs.WalkDir(files, ".", func(p string, d fs.DirEntry, err error) error {
		fmt.Println(p, d, err)
		if !d.IsDir() {
			x, err := files.ReadFile(p)
			fmt.Println(len(x), err)
		}
		return nil
	})
}
