package main

import (
	"fmt"
	"iter"
	"maps"
	"slices"
)

// Range over functions: every way out of the body, through several levels, with defers, and iterators that do not behave.

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer fmt.Print("[end ", n, "]")
		for i := 0; i < n; i++ {
			if !yield(i) {
				fmt.Print("[stopped at ", i, "]")
				return
			}
		}
	}
}

func pairs(n int) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for i := range count(n) {
			if !yield(i, string(rune('a'+i))) {
				return
			}
		}
	}
}

func none(n int) func(func() bool) {
	return func(yield func() bool) {
		for range n {
			if !yield() {
				return
			}
		}
	}
}

func bad(yield func(int) bool) {
	yield(1)
	yield(2)
}

var kept func(int) bool

func keeps(yield func(int) bool) { kept = yield; yield(1) }

func swallow(yield func(int) bool) {
	defer func() { fmt.Println("swallowed", recover()) }()
	yield(1)
}

func try(name string, f func()) {
	defer func() {
		if e := recover(); e != nil {
			fmt.Println(name, "panics:", e)
		}
	}()
	f()
	fmt.Println(name, "ended")
}

func find(n int) (r int, ok bool) {
	for i := range count(10) {
		for j, s := range pairs(5) {
			if i*j == n {
				return i*100 + j, s != ""
			}
		}
	}
	return
}

func three() (a int, b string, c [20]int) {
	defer func() { a++; b += "d" }()
	for i := range count(3) {
		for j := range count(3) {
			for range none(2) {
				c[i*3+j]++
				if i == 1 && j == 2 {
					return i, fmt.Sprint(j), c
				}
			}
		}
	}
	return
}

func labels() {
	var trace []string
	add := func(f string, v ...any) { trace = append(trace, fmt.Sprintf(f, v...)) }
outer:
	for i := range count(5) {
	middle:
		for j := 0; j < 5; j++ {
			for k := range count(5) {
				switch {
				case k == 1 && j == 0:
					continue middle
				case k == 1 && j == 1:
					add("%d%d%d", i, j, k)
					continue
				case k == 3 && i == 0:
					continue outer
				case i == 1 && j == 2:
					break middle
				case i == 3:
					break outer
				case k == 4:
					goto next
				}
				select {
				default:
					if k == 2 {
						break
					}
					add("s%d%d%d", i, j, k)
				}
			}
			add("j%d", j)
		next:
		}
		add("i%d", i)
	}
	fmt.Println(trace)
}

func gotos() (s string) {
	n := 0
again:
	for i := range count(3) {
		s += fmt.Sprint(i)
		if i == 1 {
			n++
			if n < 3 {
				goto again
			}
			goto done
		}
	}
	s += "x"
done:
	return s + fmt.Sprint(n)
}

func defers() {
	defer fmt.Println("outer deferred")
	for i := range count(3) {
		defer fmt.Println("deferred in body", i)
		for j := range count(2) {
			defer func() { fmt.Println("deferred in inner body", i, j, recover()) }()
		}
	}
	fmt.Println("body done")
	panic("in defers")
}

func recovers() (s string) {
	defer func() {
		s = fmt.Sprint("recovered ", recover())
	}()
	for i := range count(3) {
		defer func() {
			if i == 1 {
				fmt.Println("see", recover())
				panic("again")
			}
		}()
		if i == 2 {
			panic("body")
		}
	}
	return "no"
}

func captured() {
	var fs []func() int
	for i, s := range pairs(3) {
		i += 10
		fs = append(fs, func() int { i++; return i + len(s) })
	}
	sum := 0
	for _, f := range fs {
		sum += f() + f()
	}
	var x, y int
	for x, y = range pairs2 {
		if x > 1 {
			break
		}
	}
	fmt.Println(sum, x, y)
	var arr [3]int
	i := 0
	for i, arr[i] = range pairs2 {
	}
	fmt.Println(i, arr)
}

func pairs2(yield func(int, int) bool) {
	_ = yield(0, 5) && yield(1, 6) && yield(2, 7)
}

type tree[K any] struct {
	left, right *tree[K]
	key         K
}

func (t *tree[K]) all() iter.Seq[K] {
	return func(yield func(K) bool) { t.push(yield) }
}

func (t *tree[K]) push(yield func(K) bool) bool {
	return t == nil || t.left.push(yield) && yield(t.key) && t.right.push(yield)
}

func nested[T any](seqs ...iter.Seq[T]) iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i, s := range seqs {
			for v := range s {
				if !yield(i, v) {
					return
				}
			}
		}
	}
}

func main() {
	fmt.Println(find(12))
	fmt.Println(find(97))
	fmt.Println(three())
	labels()
	fmt.Println(gotos())
	try("defers", defers)
	fmt.Println(recovers())
	captured()
	try("bad break", func() {
		for range bad {
			break
		}
	})
	try("bad return", func() {
		func() int {
			for x := range bad {
				return x
			}
			return 0
		}()
	})
	try("kept", func() {
		for range keeps {
		}
		kept(1)
	})
	try("swallow", func() {
		for range swallow {
			panic("mine")
		}
	})
	try("nil", func() {
		var f func(func(int) bool)
		for range f {
		}
	})
	try("panic in iterator", func() {
		for i := range func(yield func(int) bool) { yield(1); panic("iterator") } {
			fmt.Println(i)
		}
	})
	t := &tree[string]{&tree[string]{nil, nil, "a"}, &tree[string]{&tree[string]{nil, nil, "c"}, nil, "d"}, "b"}
	for s := range t.all() {
		if s == "d" {
			break
		}
		fmt.Print(s, " ")
	}
	next, stop := iter.Pull(t.all())
	fmt.Println(next())
	fmt.Println(next())
	stop()
	fmt.Println(next())
	for i, v := range nested(count(2), slices.Values([]int{7, 8}), maps.Keys(map[int]int{9: 9})) {
		if v == 9 {
			continue
		}
		fmt.Print(i, v, " ")
	}
	next2, stop2 := iter.Pull2(pairs(3))
	fmt.Println(next2())
	stop2()
	func() {
		for range none(3) {
			for i := range 3 {
				for range none(2) {
					if i == 1 {
						return
					}
				}
				fmt.Println("not twice", i)
			}
		}
	}()
	for f := range func(yield func(func() int) bool) { yield(func() int { return 42 }) } {
		fmt.Println(f())
	}
	fmt.Println(slices.Collect(maps.Values(map[int]string{1: "one"})), slices.Sorted(maps.Keys(map[int]int{3: 1, 1: 1, 2: 1})))
}
