// Initialisation across files: variables by what they depend on, through functions, methods and closures; init functions by files.
package main

import "fmt"

var (
	a1     = note("a1", b1+1)
	a2     = note("a2", viaFunction())
	a3, a4 = pair("a3 a4", c1)
	_      = note("blank a", 0)
	a5     = func() int { return note("a5", b3) }()
	a6     = T{}.method()
	a7     = (*T).pointer
	a8     = note("a8", len(table))
)

var trace []string

func note(s string, n int) int {
	trace = append(trace, fmt.Sprint(s, "=", n))
	return n
}

func pair(s string, n int) (int, string) { return note(s, n), s }

func init() { note("init a first", a1) }

func main() {
	for _, s := range trace {
		fmt.Println(s)
	}
	fmt.Println(a1, a2, a3, a4, a5, a6, a7(nil), a8, b1, b2, b3, b4, c1, c2, c3, *c4, recursive(3))
}

func init() { note("init a second", a3) }
