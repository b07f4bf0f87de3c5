package generics

import (
	"cmp"
	"errors"
	"strconv"
)

type Number interface{ ~int | ~float64 }

func Sum[T Number](list ...T) (t T) {
	for _, x := range list {
		t += x
	}
	return
}

func Map[T, U any](list []T, f func(T) U) []U {
	out := make([]U, 0, len(list))
	for i := range list {
		out = append(out, f(list[i]))
	}
	return out
}

type Pair[K cmp.Ordered, V any] struct {
	Key K
	Val V
}

func (p Pair[K, V]) String() string { return Kind(p.Key) + "=>" + Kind(p.Val) }

type Tree[K cmp.Ordered, V any] struct {
	root *node[K, V]
	n    int
}

type node[K cmp.Ordered, V any] struct {
	Pair[K, V]
	left, right *node[K, V]
}

func (t *Tree[K, V]) Put(k K, v V) *Tree[K, V] {
	p := &t.root
	for *p != nil {
		switch c := cmp.Compare(k, (*p).Key); {
		case c < 0:
			p = &(*p).left
		case c > 0:
			p = &(*p).right
		default:
			(*p).Val = v
			return t
		}
	}
	*p = &node[K, V]{Pair: Pair[K, V]{k, v}}
	t.n++
	return t
}

func (t *Tree[K, V]) Walk(f func(K, V) bool) {
	var walk func(n *node[K, V]) bool
	walk = func(n *node[K, V]) bool {
		return n == nil || walk(n.left) && f(n.Key, n.Val) && walk(n.right)
	}
	walk(t.root)
}

func (t *Tree[K, V]) Strings() []string {
	var out []string
	t.Walk(func(k K, v V) bool {
		out = append(out, Pair[K, V]{Key: k, Val: v}.String())
		return true
	})
	return out
}

type Stringer interface{ String() string }

type Stringish interface {
	comparable
	Stringer
}

func Join[T Stringish](sep string, list []T, skip T) string {
	var b []byte
	for i, x := range list {
		if x == skip {
			continue
		}
		if i > 0 {
			b = append(b, sep...)
		}
		b = append(b, x.String()...)
	}
	return string(b)
}

func Kind[T any](x T) string {
	switch y := any(x).(type) {
	case nil:
		return "nil"
	case int:
		return "integer " + strconv.Itoa(y)
	case string, []byte:
		return "text"
	case []T:
		return "list"
	case Stringer:
		return "stringer " + y.String()
	case error:
		return y.Error()
	}
	if s, ok := any(x).(interface{ Len() int }); ok {
		return "len " + strconv.Itoa(s.Len())
	}
	return "other"
}

func Count[K comparable, M ~map[K]int](m M, keys ...K) (total int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("count: " + r.(error).Error())
		}
	}()
outer:
	for _, k := range keys {
		for i := 0; i < 3; i++ {
			if i == 2 {
				continue outer
			}
			m[k] += i + helper(i)
		}
	}
	delete(m, keys[0])
	for _, n := range m {
		total += n
	}
	clear(m)
	return total, nil
}

func helper(n int) int { calls++; return n << 1 }

var calls int

func Calls() int { return calls }

func Local[T any](x T) any {
	type box struct {
		v T
		n int
	}
	const scale = 3
	b := box{v: x, n: scale}
	m := map[string]box{"a": b}
	if c, ok := m["a"]; ok {
		return &c
	}
	return [...]box{1: b}
}

func Pipe[T any](list []T) <-chan T {
	c := make(chan T)
	done := make(chan struct{}, 1)
	go func() {
		defer close(c)
		for _, x := range list {
			select {
			case c <- x:
			case <-done:
				return
			}
		}
	}()
	return c
}

func Ptr[T any](x T) *T { return &x }

type Set[T comparable] map[T]struct{}

func (s Set[T]) Add(list ...T) {
	for _, x := range list {
		s[x] = struct{}{}
	}
}

func Method[T Stringer](list []T) []string { return Map(list, T.String) }

func Bound[T Stringer](x T) func() string { return x.String }
