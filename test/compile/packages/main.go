package main

import (
	"errors"
	"generics"
	"loops"
	"maps"
	"slices"
	"strconv"
)

type id int

func (i id) String() string { return "#" + strconv.Itoa(int(i)) }

func main() {
	useGenerics()
	useLoops()
}

func useGenerics() {
	println(generics.Sum(1, 2, 3), generics.Sum(1.5, 2.5), generics.Sum[id](4, 5))
	println(generics.Map([]int{1, 2}, func(i int) string { return strconv.Itoa(i * 2) })[1])
	var t generics.Tree[string, int]
	t.Put("b", 2).Put("a", 1).Put("c", 3).Put("a", 9)
	println(generics.Join(", ", pairs(t.Strings()), "b"))
	var u generics.Tree[float64, []string]
	println(u.Put(2, nil).Put(1, []string{"x"}).Strings()[1])
	println(generics.Join("-", []id{1, 2, 3}, 2))
	println(generics.Kind(3), generics.Kind(id(4)), generics.Kind(errors.New("e")), generics.Kind("s"), generics.Kind[any](nil), generics.Kind([]int{}))
	println(generics.Count(map[string]int{}, "x", "y", "y"))
	_, err := generics.Count[string, map[string]int](nil, "x")
	println(err.Error(), generics.Calls())
	println(generics.Local(1) == nil, generics.Local("x") == generics.Local("x"))
	for x := range generics.Pipe([]string{"p", "q"}) {
		println(x)
	}
	println(*generics.Ptr(5), *generics.Ptr("z"))
	s := generics.Set[id]{}
	s.Add(1, 2, 1)
	println(len(s), generics.Method([]id{7, 8})[1], generics.Bound(id(3))())
	var text interface{ String() string } = generics.Pair[string, id]{"k", 6}
	println(text.String())
}

type pair string

func (p pair) String() string { return string(p) }

func pairs(list []string) []pair { return generics.Map(list, func(s string) pair { return pair(s) }) }

func useLoops() {
	var l loops.List[string]
	l.Add("a", "b", "c", "d")
	ks, vs := loops.Collect(l.Each)
	println(len(ks), vs[2])
	i, ok := loops.Find(slices.Values(vs), "c")
	println(i, ok)
	i, ok = loops.Find(slices.Values(vs), "z")
	println(i, ok)
	i, ok = loops.FindNamed(slices.Values(vs), "d")
	println(i, ok)
	i, ok = loops.FindNamed(slices.Values(vs), "x")
	println(i, ok)
	ints := []int{0, 1, 2, 3, 4, 5}
	for limit := range 6 {
		println(loops.Pairs(slices.Values(ints), slices.Values(vs), func(a int, b string) int {
			if a < limit {
				return 4 + len(b)
			}
			return a
		}))
		total, err := loops.Mixed(ints, slices.Values(ints), func(a int) int {
			if a < limit {
				return 0
			}
			return a
		})
		println(total, err != nil)
	}
	loops.Deferred(slices.Values(vs), func(s string) { print(s, " ") })
	println()
	last, n := loops.Assign(l.Each)
	println(last, n)
	for s := range loops.Map(maps.Keys(map[int]bool{7: true}), strconv.Itoa) {
		println(s)
	}
	_, vs = loops.Collect(l.Copy().Each)
	println(len(vs))
	defer func() { println(recover().(error).Error()) }()
	loops.Bad(1)
}
