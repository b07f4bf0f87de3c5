/** The module that command lines are compared in: a library with tests, a program, an internal package, and a directory that go.mod ignores. */
export const module: Readonly<Record<string, string>> = {
  'cmd/x/main.go': `package main

import "example.com/m/p"

func main() { p.Old() }
`,
  'go.mod': `module example.com/m

go 1.24

require (
	golang.org/x/text v0.44.0
	github.com/google/uuid v1.6.0 // indirect
)

replace example.com/old => ./p

exclude example.com/bad v1.0.0

retract [v1.0.0, v1.2.0] // mistake

tool example.com/m/cmd/x

ignore ./v
`,
  'internal/q/q.go': `package q

import _ "unsafe"

//go:generate echo hi $GOFILE $GOPACKAGE $GOLINE

func   F( ) { }
`,
  'p/p.go': `// Package p does things.
//
// # Heading
//
// More text, and a [link] to [T.M].
//
// [link]: https://example.com
package p

import "fmt"

// MaxX is a constant.
const (
	MaxX = 1 << iota // one
	MaxY
)

// ErrFoo is an error.
var ErrFoo = fmt.Errorf("foo")

// T is a type.
type T struct {
	A int // a field
	b string
	// Embedded comment.
	fmt.Stringer
}

// NewT makes a T.
func NewT() *T { return nil }

// M is a method.
func (t *T) M(x int, y ...string) (n int, err error) { return 0, nil }

type unexported interface{ f() }

// G is generic.
type G[K comparable, V any] map[K]V

// Get gets.
func (g G[K, V]) Get(k K) V { return g[k] }

// Deprecated: use NewT.
func Old() {}
`,
  'p/p_test.go': `package p

import "testing"

func TestA(t *testing.T) {}
func BenchmarkB(b *testing.B) { for b.Loop() {} }
func ExampleNewT() { println() 
	// Output: x
}
func FuzzF(f *testing.F) { f.Fuzz(func(t *testing.T, s string) {}) }
`,
  'v/w/w.go': `package w
`,
};
