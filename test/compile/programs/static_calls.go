// Package-level variables whose initialisers call functions that only return an expression.
package main

import "fmt"

type form struct {
	kind  uint8
	flag  bool
	text  string
	extra any
}

type entry struct {
	n     int
	forms [2]form
	next  *entry
	f     func() int
}

const yes = 1

func both(k uint8, flag bool, s string) [2]form {
	return [2]form{{k, flag, s, k}, {k, !flag, s + "!", s}}
}

func same(k uint8, flag bool, s string) [2]form { return [2]form{{k, flag, s, k}, {k, flag, s, s}} }

func of(k uint8, s string) form { return form{k, true, s, nil} }

func nested(s string) [2]form { return [2]form{of(yes, s), of(2, "b")} }

func pointers(p *entry) [2]*entry { return [2]*entry{p, p} }

func list(n int, next *entry) *entry { return &entry{n: n, next: next} }

func counter(n int) func() int { return func() int { n++; return n } }

func swap(a, b int) [2]int { return pair(b, a) }
func pair(a, b int) [2]int { return [2]int{a, b} }

func loud(n int) [1]int { fmt.Println("loud", n); return [1]int{n} }

func forever(n int) int { return forever2(n) }
func forever2(n int) int {
	if n > 3 {
		return n
	}
	return forever(n + 1)
}

var (
	table = []entry{
		{1, same(yes, true, "a"), nil, nil},
		{2, nested("c"), &entry{n: 7}, nil},
		{3, both(3, false, "d"), nil, nil},
	}
	two    = pointers(&entry{n: 5})
	chain  = list(1, list(2, nil))
	other  = list(1, nil)
	one    = list(1, nil)
	c1, c2 = counter(1), counter(10)
	c3     = counter(100)
	c4     = counter(100)
	turned = swap(1, 2)
	noisy  = loud(4)
	deep   = forever(0)
)

func main() {
	for _, e := range table {
		fmt.Println(e.n, e.forms, e.next != nil)
	}
	two[0].n++
	fmt.Println(two[0] == two[1], two[1].n, chain.n, chain.next.n, other != one)
	fmt.Println(c1(), c1(), c2(), c3(), c3(), c4())
	fmt.Println(turned, noisy, deep)
}
