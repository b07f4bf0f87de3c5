package main

import "fmt"

// Literals that are data but for some elements: what of them calls evaluate early is no data any more.

type entry struct {
	v any
	s string
	n [3]int
}

var count int

func next() int { count++; return count }

func text() fmt.Stringer { return num(next()) }

type num int

func (n num) String() string { return fmt.Sprint("num ", int(n)) }

var global = [...]entry{
	{1, "a", [3]int{}}, {[1]int{2}, "b", [3]int{1, 2, 3}}, {num(3), "c", [3]int{}}, {text(), "d", [3]int{}}, {[]int{5}, "e", [3]int{}},
	{struct{ a, b int }{6, 7}, "f", [3]int{}}, {text(), "g", [3]int{next()}}, {count, "h", [3]int{9}}, {&entry{}, "i", [3]int{}}, {map[string]int{"x": 1}, "j", [3]int{}},
	{[2]string{"k", "l"}, "k", [3]int{}}, {any(num(8)), "l", [3]int{}}, {fmt.Stringer(num(9)), "m", [3]int{}}, {nil, "n", [3]int{}}, {"str"[1:], "o", [3]int{}},
}

func local(a int) []entry {
	return []entry{
		{[1]int{a}, "a", [3]int{}}, {[1]int{2}, "b", [3]int{}}, {true, "c", [3]int{}}, {uint8(3), "d", [3]int{}}, {next(), "e", [3]int{}}, {[1]int{4}, "f", [3]int{1, 1, 1}},
		{count, "g", [3]int{next(), 2}}, {[]byte("h"), "h", [3]int{}}, {1i, "i", [3]int{}}, {struct{}{}, "j", [3]int{}}, {func() int { return 1 }() + next(), "k", [3]int{}},
		{[4]any{1, [1]int{2}, "x", nil}, "l", [3]int{}}, {num(count), "m", [3]int{count}},
	}
}

func table(a int) map[any]any {
	return map[any]any{
		[1]int{1}: 1, [1]int{2}: [1]int{2}, [1]int{3}: next(), [1]int{4}: text(), [1]int{5}: a, "a": true, "b": uint8(1), "c": 'c', "d": 1.5, "e": struct{ a int }{1}, "f": count,
		1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7, 8: 8, 9: 9, 10: 10, 11: 11, 12: 12, 13: 13, 14: 14, 15: 15, 16: 16, 17: next(), 18: count,
	}
}

func show(list []entry) {
	for _, e := range list {
		if p, ok := e.v.(*entry); ok {
			e.v = *p
		}
		fmt.Print(e.v, " ", e.s, " ", e.n, "; ")
	}
	fmt.Println()
}

func main() {
	show(global[:])
	show(local(7))
	show(local(8))
	fmt.Println(len(table(1)))
	t := table(2)
	fmt.Println(len(t), t[[1]int{2}], t[[1]int{3}], t[[1]int{4}], t[[1]int{5}], t["b"], t["e"], t["f"], t[16], t[17], t[18])
	fmt.Println(len([]entry{5: {1, "a", [3]int{next()}}, 30: {[1]int{1}, "b", [3]int{}}}), []any{1, 2, [1]int{3}, next(), [1]int{count}, 299: text()}[297:], count)
}
