package loops

import (
	"iter"
	"strconv"
)

func Collect[K, V any](seq iter.Seq2[K, V]) (ks []K, vs []V) {
	for k, v := range seq {
		ks = append(ks, k)
		vs = append(vs, v)
	}
	return
}

func Find[T comparable](seq iter.Seq[T], x T) (int, bool) {
	i := 0
	for y := range seq {
		if x == y {
			return i, true
		}
		i++
	}
	return -1, false
}

func FindNamed[T comparable](seq iter.Seq[T], x T) (i int, ok bool) {
	defer func() { i *= 10 }()
	for y := range seq {
		if x == y {
			return i, true
		}
		i++
	}
	return -1, false
}

func Pairs[A, B any](a iter.Seq[A], b iter.Seq[B], f func(A, B) int) (n int) {
outer:
	for x := range a {
		for y := range b {
			switch r := f(x, y); {
			case r == 0:
				continue
			case r == 1:
				continue outer
			case r == 2:
				break outer
			case r == 3:
				return -n
			default:
				n += r
			}
		}
		n += 1000
	}
	return
}

func Mixed[T any](list []T, seq iter.Seq[T], f func(T) int) (total int, err error) {
all:
	for i, x := range list {
		for y := range seq {
			switch f(y) {
			case 1:
				continue all
			case 2:
				break all
			case 3:
				goto end
			}
			total += f(x) + i
		}
		total += 100
	}
	return total, nil
end:
	return -1, strconv.ErrRange
}

func Deferred[T any](seq iter.Seq[T], f func(T)) {
	for x := range seq {
		defer f(x)
		func() { defer f(x) }()
	}
}

func Assign[T any](seq iter.Seq2[int, T]) (last T, n int) {
	for n, last = range seq {
		if n == 2 {
			break
		}
	}
	for range seq {
		n++
	}
	return
}

func Map[T, U any](seq iter.Seq[T], f func(T) U) iter.Seq[U] {
	return func(yield func(U) bool) {
		for x := range seq {
			if !yield(f(x)) {
				return
			}
		}
	}
}

type List[T any] struct{ items []T }

func (l *List[T]) Add(x ...T) { l.items = append(l.items, x...) }

func (l *List[T]) Each(yield func(int, T) bool) {
	for i, x := range l.items {
		if !yield(i, x) {
			return
		}
	}
}

func (l *List[T]) Copy() *List[T] {
	c := &List[T]{}
	for _, x := range l.Each {
		c.Add(x)
	}
	return c
}

func Bad[T any](x T) {
	var keep func(T) bool
	seq := func(yield func(T) bool) { keep = yield; yield(x) }
	for range seq {
	}
	keep(x)
}
