package main

import "fmt"

type S struct {
	Name string
	N    int
	P    *int
	V    any
	F    func() int
}

var g = 7

func seven() int { return 7 }

var m = map[string][]S{
	"a": {{"x", 1, nil, 3, seven}, {"y", 2, &g, "str", nil}, {"z", g, nil, nil, nil}, {"x", 1, nil, 3, seven}, {"y", 2, &g, "str", nil}, {"z", g, nil, nil, func() int { return 3 }}, {Name: "q"}, {V: 3.5}, {P: &g}, {P: new(int)}, {V: []int{1}}},
	"b": {{"x", 1, nil, 3, seven}},
}

func mk(i int) []string {
	return []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", fmt.Sprint(i), "s", "t"}
}

func arr(i int) [40]int {
	return [...]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, i, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, i, 41}
}

func nested() [][]int {
	return [][]int{{1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}, {9}, {10}, {11}, {12}, {13}, {14}, {15}, {16}}
}

func main() {
	for _, k := range []string{"a", "b"} {
		for _, s := range m[k] {
			f := 0
			if s.F != nil {
				f = s.F()
			}
			p := -1
			if s.P != nil {
				p = *s.P
			}
			fmt.Println(s.Name, s.N, p, s.V, f)
		}
	}
	a, b := mk(1), mk(2)
	a[0] = "changed"
	fmt.Println(a, b)
	x := arr(5)
	x[0] = 9
	fmt.Println(x, arr(6))
	n := nested()
	n[0][0] = 77
	n[1] = nil
	fmt.Println(n, nested())
}
