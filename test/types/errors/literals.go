package p

import "time"

type T struct {
	a int
	B string
	*time.Time
}

type (
	Arr  [3]int
	Map  map[string]T
	Ptrs []*T
	E    struct{ T }
)

const big = 1 << 100

var _ = T{1}
var _ = T{1, "a", nil, 2}
var _ = T{a: 1, "b"}
var _ = T{1, B: "b"}
var _ = T{a: "x"}
var _ = T{b: 1}
var _ = T{A: 1}
var _ = T{a: 1, a: 2}
var _ = T{1: 2}
var _ = T{Location: nil}
var _ = E{a: 1}
var _ = time.Time{1, 2, nil}
var _ = time.Time{wall: 1}
var _ = time.Time{Wall: 1}
var _ = time.Duration{}
var _ = Arr{1, 2, 3, 4}
var _ = Arr{5: 1}
var _ = Arr{-1: 1}
var _ = Arr{1: 1, 1: 2}
var _ = Arr{"a": 1}
var _ = Arr{2: 1, 2}
var _ = Arr{1.5: 1}
var _ = [...]int{5: 1, 2}[7]
var _ = [...]int{"a", 1.5}
var _ = []int{big: 1}
var _ = []int{1: 1, 1: 2}
var _ = []string{1, 2.5, 'a'}
var _ = []T{{1, "", nil}, {a: "x"}, 1}
var _ = Ptrs{{a: 1}, &T{}, T{}}
var _ = Map{"a": {1}, "a": {}}
var _ = Map{1: {}}
var _ = Map{"a"}
var _ = map[interface{}]int{1: 1, 1: 2, "a": 1, int8(1): 3}
var _ = map[float64]int{1: 1, 1.0: 2}
var _ = map[bool]int{true: 1, true: 2}
var _ = map[[]int]int{}
var _ = int{}
var _ = *T{}
var _ = &[]int{1}[0]
var _ = undefined{1, x: 2}
var _ = struct{ a, b int }{1}
var _ = [big]int{}
var _ = [-1]int{}
var _ = [1.5]int{}
var _ = ["a"]int{}
var n = 3
var _ = [n]int{}
var _ = [...]int
var _ [...]int
var _ = [][...]int{}
var _ = []func(){nil, func() int { return 1 }}
