// Map literals of many entries: data comes from tables, the rest from code, in the order of the official compiler.
package main

import "fmt"

func key(i int) string { return fmt.Sprint("k", i) }

type pt struct{ x, y int }

var big = map[string]int{
	"g1": 1, "h1": -1,
	"g2": 2, "h2": -2,
	"g3": 3, "h3": -3,
	"g4": 4, "h4": -4,
	"g5": 5, "h5": -5,
	"g6": 6, "h6": -6,
	"g7": 7, "h7": -7,
	"g8": 8, "h8": -8,
	"g9": 9, "h9": -9,
	"g10": 10, "h10": -10,
	"g11": 11, "h11": -11,
	"g12": 12, "h12": -12,
	"g13": 13, "h13": -13,
	"g14": 14, "h14": -14,
	"g15": 15, "h15": -15,
}

// Slices are made anew each time.
func slices() map[pt][]string {
	return map[pt][]string{
		{1, 1}: {"a1", "b"}, {1, -1}: {"c"},
		{2, 2}: {"a2", "b"}, {2, -2}: {"c"},
		{3, 3}: {"a3", "b"}, {3, -3}: {"c"},
		{4, 4}: {"a4", "b"}, {4, -4}: {"c"},
		{5, 5}: {"a5", "b"}, {5, -5}: {"c"},
		{6, 6}: {"a6", "b"}, {6, -6}: {"c"},
		{7, 7}: {"a7", "b"}, {7, -7}: {"c"},
		{8, 8}: {"a8", "b"}, {8, -8}: {"c"},
		{9, 9}: {"a9", "b"}, {9, -9}: {"c"},
		{10, 10}: {"a10", "b"}, {10, -10}: {"c"},
		{11, 11}: {"a11", "b"}, {11, -11}: {"c"},
		{12, 12}: {"a12", "b"}, {12, -12}: {"c"},
		{13, 13}: {"a13", "b"}, {13, -13}: {"c"},
		{14, 14}: {"a14", "b"}, {14, -14}: {"c"},
		{15, 15}: {"a15", "b"}, {15, -15}: {"c"},
	}
}

func inOrder() map[any]any {
	return map[any]any{
		key(7): 1,
		"s1": 1.5, 1: pt{1, 0},
		"s2": 2.5, 2: pt{2, 0},
		"s3": 3.5, 3: pt{3, 0},
		"s4": 4.5, 4: pt{4, 0},
		"s5": 5.5, 5: pt{5, 0},
		"s6": 6.5, 6: pt{6, 0},
		"s7": 7.5, 7: pt{7, 0},
		"s8": 8.5, 8: pt{8, 0},
		"s9": 9.5, 9: pt{9, 0},
		"s10": 10.5, 10: pt{10, 0},
		"s11": 11.5, 11: pt{11, 0},
		"s12": 12.5, 12: pt{12, 0},
		"s13": 13.5, 13: pt{13, 0},
		"s14": 14.5, 14: pt{14, 0},
		"s15": 15.5, 15: pt{15, 0},
		"k8": "static",
		key(8): "dynamic", key(9): "dynamic",
		"k9": "static",
	}
}

func dataFirst() map[string]pt {
	return map[string]pt{
		key(9): {9, 9},
		"s1": {1, 1}, "t1": {y: 1},
		"s2": {2, 1}, "t2": {y: 2},
		"s3": {3, 1}, "t3": {y: 3},
		"s4": {4, 1}, "t4": {y: 4},
		"s5": {5, 1}, "t5": {y: 5},
		"s6": {6, 1}, "t6": {y: 6},
		"s7": {7, 1}, "t7": {y: 7},
		"s8": {8, 1}, "t8": {y: 8},
		"s9": {9, 1}, "t9": {y: 9},
		"s10": {10, 1}, "t10": {y: 10},
		"s11": {11, 1}, "t11": {y: 11},
		"s12": {12, 1}, "t12": {y: 12},
		"s13": {13, 1}, "t13": {y: 13},
		"s14": {14, 1}, "t14": {y: 14},
		"s15": {15, 1}, "t15": {y: 15},
		"k9": {},
	}
}

func instance[T any](v T) map[int]T {
	return map[int]T{
		1: v, -1: v,
		2: v, -2: v,
		3: v, -3: v,
		4: v, -4: v,
		5: v, -5: v,
		6: v, -6: v,
		7: v, -7: v,
		8: v, -8: v,
		9: v, -9: v,
		10: v, -10: v,
		11: v, -11: v,
		12: v, -12: v,
		13: v, -13: v,
		14: v, -14: v,
		15: v, -15: v,
	}
}

var funcs = map[string]func() int{
	"f1": func() int { return 1 }, "g1": func() int { return -1 },
	"f2": func() int { return 2 }, "g2": func() int { return -2 },
	"f3": func() int { return 3 }, "g3": func() int { return -3 },
	"f4": func() int { return 4 }, "g4": func() int { return -4 },
	"f5": func() int { return 5 }, "g5": func() int { return -5 },
	"f6": func() int { return 6 }, "g6": func() int { return -6 },
	"f7": func() int { return 7 }, "g7": func() int { return -7 },
	"f8": func() int { return 8 }, "g8": func() int { return -8 },
	"f9": func() int { return 9 }, "g9": func() int { return -9 },
	"f10": func() int { return 10 }, "g10": func() int { return -10 },
	"f11": func() int { return 11 }, "g11": func() int { return -11 },
	"f12": func() int { return 12 }, "g12": func() int { return -12 },
	"f13": func() int { return 13 }, "g13": func() int { return -13 },
	"f14": func() int { return 14 }, "g14": func() int { return -14 },
	"f15": func() int { return 15 }, "g15": func() int { return -15 },
}

func main() {
	fmt.Println(len(big), big["g13"], big["h2"], big)
	a, b := slices(), slices()
	a[pt{3, 3}][0] = "changed"
	fmt.Println(a[pt{3, 3}], b[pt{3, 3}], len(a))
	m := inOrder()
	m["s1"] = "x"
	fmt.Println(len(m), m["s15"], m[14], m["k8"], m["k9"], m["k7"], inOrder()["s1"])
	fmt.Println(len(dataFirst()), dataFirst()["k9"], dataFirst()["t5"])
	fmt.Println(instance("q")[-15], funcs["f12"](), funcs["g3"]())
	clear(big)
	fmt.Println(len(big))
}
